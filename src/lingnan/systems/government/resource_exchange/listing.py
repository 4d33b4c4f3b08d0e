"""The catalogue as people read it: who holds a resource, how it is shared, who may use it."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lingnan.kernel.exchange.api import Agreement, Resource, resources, wishes
from lingnan.kernel.exchange.api import purposes as exchange_purposes
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui
from lingnan.standards import resource_code
from lingnan.systems.government.resource_exchange.models import Entry

KINDS: dict[str, ui.Kind] = {"unconditional": "ok", "conditional": "info", "refused": "late"}


def holder_names(found: Iterable[Resource]) -> dict[str, str]:
    """Who holds each resource, by its code: who published it, else the province's body, else the
    system's name."""
    bodies = {
        body.function: str(body.title)
        for body in Body.objects.filter(tier="province", ended=False).order_by("-code")
    }
    found, names = list(found), {}
    published = Body.objects.filter(code__in={one.body for one in found if one.body})
    own = {body.code: str(body.title) for body in published}
    for resource in found:
        if resource.body:
            names[resource.code] = own.get(resource.body, resource.body)
            continue
        known = sorted({bodies[one] for one in wishes.holders_of(resource) if one in bodies})
        names[resource.code] = ui.listed(known) if known else _system(resource)
    return names


def _system(resource: Resource) -> str:
    try:
        return str(apps.get_app_config(resource.system).verbose_name)
    except LookupError:
        return resource.system


def tiles(found: Iterable[Entry]) -> list[ui.Tile]:
    found = list(found)
    providers = Body.objects.filter(code__in={entry.provider for entry in found})
    names = {body.code: str(body.title) for body in providers}
    return [
        ui.Tile(
            f"/catalogue/{entry.resource}/",
            str(entry.title),
            names.get(entry.provider, entry.provider),
            [
                str(entry.get_sharing_display()),
                _("about %(what)s") % {"what": entry.get_subject_display()},
                ngettext("%(n)s element", "%(n)s elements", len(entry.elements))
                % {"n": len(entry.elements)},
            ],
        )
        for entry in found
    ]


def panel(entry: Entry) -> ui.Panel:
    sharing = ui.Chip(KINDS[entry.sharing], entry.get_sharing_display())
    condition = Title(entry.condition_zh, entry.condition_en)
    known = resources().get(entry.resource)
    return ui.Panel(
        _("What it is"),
        [
            ui.Item(_("Held by"), holder_names([known])[known.code] if known else entry.provider),
            ui.Item(_("One asks about"), entry.get_subject_display()),
            ui.Item(_("Sharing"), ui.Cell(sharing, str(condition))),
            ui.Item(_("Legal basis"), entry.basis),
            ui.Item(_("Category"), category_words(entry.category)),
            ui.Item(_("Catalogue code"), entry.code),
            ui.Item(_("How often it changes"), entry.get_cycle_display()),
            ui.Item(_("Open to the public"), entry.get_opened_display()),
            ui.Item(_("In the catalogue since"), ui.legal_date(entry.published_on)),
            ui.Item(_("Code"), entry.resource),
        ],
    )


def category_words(category: str) -> str:
    """类 and 项 in the reader's language."""
    return " · ".join(str(Title(*names)) for names in resource_code.category(category).names)


def element_table(entry: Entry) -> ui.Table:
    return ui.Table(
        [ui.Column("title", _("Element")), ui.Column("code", _("Code"))],
        [
            {"title": str(Title(one["zh"], one["en"])), "code": one["code"]}
            for one in entry.elements
        ],
        _("Elements"),
        caption_hidden=True,
    )


def purposes() -> dict[str, str]:
    """What a use is for, by code: what systems name, and the titles of the matters in force."""
    named = {code: str(title) for code, title in exchange_purposes().items()}
    return named | {matter.code: str(matter.title) for _definition, matter in published()}


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
