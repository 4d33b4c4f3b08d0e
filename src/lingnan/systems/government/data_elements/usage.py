"""Where an element is used, and which versions it had."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.data_elements import declared, wording
from lingnan.systems.government.data_elements.declared import Place
from lingnan.systems.government.data_elements.models import DataElement, Finding

TOLD = ("name_zh", "name_en", "definition_zh", "definition_en", "datatype", "length", "unit",
        "shape", "values", "standards", "status", "replaced_by", "submitter", "home")  # fmt: skip
SHOWN = 50


def of(code: str) -> list[Place]:
    """The places that use an element, as the installed systems declare them."""
    return list(declared.places(code))


def counted() -> Counter[str]:
    """How many places use each element."""
    return Counter(place.element for place in declared.places() if place.element)


def table(places: Iterable[Place], for_officials: bool) -> ui.Table:
    """Where it is used; only officials get a way into the registers."""
    kinds = {code: str(words) for code, words in Finding.PLACES}
    rows: list[dict[str, ui.CellLike]] = []
    for one in places:
        open_ = one.url and (for_officials or one.kind != "register")
        title = ui.Link(one.url, str(one.title)) if open_ else str(one.title)
        rows.append(
            {
                "where": title,
                "kind": kinds[one.kind],
                "called": str(one.called),
                "body": wording.body_of(one.function),
            }
        )
    return ui.Table(
        [
            ui.Column("where", _("Where it is used")),
            ui.Column("kind", _("Kind of place")),
            ui.Column("called", _("Called there")),
            ui.Column("body", _("Body that answers for it")),
        ],
        rows,
        _("Where it is used"),
        ui.Empty(_("Nothing here uses it")),
        caption_hidden=True,
    )


def versions(row: DataElement) -> ui.Table:
    """Every version with what it says otherwise than the one before, newest first."""
    held: list[Any] = list(DataElement.Version.objects.filter(key=row.key).order_by("version"))
    rows: list[dict[str, ui.CellLike]] = []
    before = None
    for one in held:
        rows.append(
            {
                "version": ui.Cell(
                    _("version %(n)s") % {"n": one.edition}, _("entry %(n)s") % {"n": one.version}
                ),
                "since": ui.legal_date(one.valid_from),
                "status": wording.status(one),
                "changed": _changed(before, one),
            }
        )
        before = one
    return ui.Table(
        [
            ui.Column("version", _("Version of the element")),
            ui.Column("since", _("Holds from")),
            ui.Column("status", _("Registration status")),
            ui.Column("changed", _("What changed")),
        ],
        rows[::-1][:SHOWN],
        _("Version history"),
        caption_hidden=True,
    )


def _changed(before: Any, after: Any) -> str:
    if before is None:
        return _("taken into the register")
    columns: dict[str, Any] = {one.name: one for one in DataElement._meta.concrete_fields}
    names = [
        str(columns[name].verbose_name)
        for name in TOLD
        if getattr(before, name) != getattr(after, name)
    ]
    return ui.listed(names) if names else _("nothing that describes it")
