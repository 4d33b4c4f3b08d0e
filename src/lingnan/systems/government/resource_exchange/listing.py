"""The catalogue as people read it: who holds a resource, how it is shared, who may use it."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext

from lingnan.kernel.exchange.api import Agreement, Resource, resources
from lingnan.kernel.exchange.api import purposes as exchange_purposes
from lingnan.kernel.matters.api import published
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui

SUBJECTS = {
    "person": lazy("a person"),
    "organisation": lazy("an organisation"),
    "place": lazy("a place"),
    "thing": lazy("a thing"),
}
SHARING = {
    "unconditional": lazy("shared without condition"),
    "conditional": lazy("shared on condition"),
    "refused": lazy("not shared"),
}
KINDS: dict[str, ui.Kind] = {"unconditional": "ok", "conditional": "info", "refused": "late"}


def matching(words: str, subject: str, sharing: str) -> list[Resource]:
    """The resources that the words, the subject and the class of sharing leave, by title."""
    wanted = words.casefold().split()
    found = [
        resource
        for resource in resources().values()
        if subject in ("", resource.subject)
        and sharing in ("", resource.sharing)
        and all(word in _text(resource) for word in wanted)
    ]
    return sorted(found, key=lambda resource: str(resource.title))


def _text(resource: Resource) -> str:
    titles = [resource.title, resource.condition, *resource.elements.values()]
    both = [text for title in titles for text in (title.zh, title.en)]
    return " ".join([resource.code, resource.basis, *resource.elements, *both]).casefold()


def holders(resource: Resource) -> set[str]:
    """The functions of the bodies that hold what a resource answers from."""
    return {
        model.record.holder
        for model in record_types()
        if model._meta.app_label == resource.system and model.record.holder
    }


def holder_names(found: Iterable[Resource]) -> dict[str, str]:
    """Who holds each resource, by its code: the province's body, else the system's name."""
    bodies = {
        body.function: str(body.title)
        for body in Body.objects.filter(tier="province", ended=False).order_by("-code")
    }
    names = {}
    for resource in found:
        known = sorted({bodies[one] for one in holders(resource) if one in bodies})
        names[resource.code] = ui.listed(known) if known else _system(resource)
    return names


def _system(resource: Resource) -> str:
    try:
        return str(apps.get_app_config(resource.system).verbose_name)
    except LookupError:
        return resource.system


def tiles(found: Iterable[Resource]) -> list[ui.Tile]:
    found = list(found)
    names = holder_names(found)
    return [
        ui.Tile(
            f"/catalogue/{resource.code}/",
            str(resource.title),
            names[resource.code],
            [
                str(SHARING[resource.sharing]),
                _("about %(what)s") % {"what": SUBJECTS[resource.subject]},
                ngettext("%(n)s element", "%(n)s elements", len(resource.elements))
                % {"n": len(resource.elements)},
            ],
        )
        for resource in found
    ]


def panel(resource: Resource) -> ui.Panel:
    sharing = ui.Chip(KINDS[resource.sharing], SHARING[resource.sharing])
    return ui.Panel(
        _("What it is"),
        [
            ui.Item(_("Held by"), holder_names([resource])[resource.code]),
            ui.Item(_("One asks about"), SUBJECTS[resource.subject]),
            ui.Item(_("Sharing"), ui.Cell(sharing, str(resource.condition))),
            ui.Item(_("Legal basis"), resource.basis),
            ui.Item(_("Code"), resource.code),
        ],
    )


def element_table(resource: Resource) -> ui.Table:
    return ui.Table(
        [ui.Column("title", _("Element")), ui.Column("code", _("Code"))],
        [{"title": str(title), "code": code} for code, title in resource.elements.items()],
        _("Elements"),
        caption_hidden=True,
    )


def purposes() -> dict[str, str]:
    """What a use is for, by code: what systems name, and the titles of the matters in force."""
    named = {code: str(title) for code, title in exchange_purposes().items()}
    return named | {matter.code: str(matter.title) for _definition, matter in published()}


def body_names() -> dict[str, str]:
    return {body.code: str(body.title) for body in Body.objects.all()}


def agreement_table(
    agreements: Iterable[Agreement], names: Mapping[str, str], of_one: bool = False
) -> ui.Table:
    """Who may use what for what. `of_one`: all are of one resource, which is not named again."""
    what = purposes()
    columns = [
        ui.Column("number", pgettext("exchange", "Agreement")),
        ui.Column("consumer", _("Who may use it")),
        ui.Column("purpose", _("For what")),
        ui.Column("elements", _("Elements")),
        ui.Column("basis", _("Legal basis")),
    ]
    rows = []
    for one in agreements:
        found = resources().get(one.resource)
        title = str(found.title) if found else one.resource
        known = found.elements if found else {}
        named = ui.Link(f"/catalogue/{one.resource}/", title) if found else title
        rows.append(
            {
                "number": one.number if of_one else ui.Cell(named, one.number),
                "consumer": ui.Cell(
                    names.get(one.consumer, one.consumer), _("and the bodies below")
                ),
                "purpose": what.get(one.purpose, one.purpose),
                "elements": ui.listed(known.get(code, code) for code in one.elements),
                "basis": ui.Cell(one.basis, _term(one)),
            }
        )
    return ui.Table(
        columns, rows, _("Agreements in force"), ui.Empty(_("No agreement yet")),
        caption_hidden=True,
    )  # fmt: skip


def _term(agreement: Agreement) -> str:
    since = _("in force since %(day)s") % {"day": ui.legal_date(agreement.valid_from)}
    if agreement.valid_until is None:
        return since
    return f"{since} · " + _("until %(day)s") % {"day": ui.legal_date(agreement.valid_until)}
