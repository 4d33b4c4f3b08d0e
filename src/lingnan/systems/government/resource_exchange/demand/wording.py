"""Needs as people read them."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingnan.kernel.exchange.api import resources
from lingnan.kernel.matters.api import published
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.demand import duty
from lingnan.systems.government.resource_exchange.demand.automatic import Lacking
from lingnan.systems.government.resource_exchange.demand.models import Need

KINDS: dict[str, ui.Kind] = {
    "posted": "warn", "assigned": "info", "promised": "info", "shared": "ok", "refused": "late",
    "withdrawn": "soft",
}  # fmt: skip
MOST = 10


def chip(need: Need) -> ui.Chip:
    return ui.Chip(KINDS[need.state], str(need.get_state_display()))


def names(codes: Iterable[str]) -> dict[str, str]:
    return {one.code: str(one.title) for one in Body.objects.filter(code__in=set(codes))}


def bodies(number: int) -> str:
    return ngettext("%(n)s body needs it", "%(n)s bodies need it", number) % {"n": number}


def board(needs: list[Need], joined: Mapping[str, int], following: str | None) -> ui.Table:
    """The needs, each with who asks, how many, and where it stands."""
    named = names([code for need in needs for code in (need.body, need.holder)])
    return ui.Table(
        [
            ui.Column("need", _("What is needed")),
            ui.Column("who", _("Who needs it")),
            ui.Column("state", _("State")),
            ui.Column("holder", _("Body that answers")),
        ],
        [_row(need, joined.get(need.number, 0), named) for need in needs],
        _("Needs of data"),
        ui.Empty(_("No need is on the board"), _("What nobody shares can be asked for here.")),
        next_url=following,
        caption_hidden=True,
    )


def _row(need: Need, joined: int, named: Mapping[str, str]) -> dict[str, ui.CellLike]:
    more = bodies(joined + 1) if joined else ""
    return {
        "need": ui.Cell(ui.Link(duty.link(need), f"“{need.title}”"), need.number),
        "who": ui.Cell(named.get(need.body, need.body), more),
        "state": ui.Cell(chip(need), due(need)),
        "holder": named.get(need.holder, "—"),
    }


def due(need: Need) -> str:
    """By when something is to happen, in a few words."""
    if need.state == "promised" and need.promised_on:
        return _("by %(day)s") % {"day": ui.legal_date(need.promised_on)}
    reading = duty.reading(need) if need.state == "assigned" else None
    if reading is None or reading.due is None:
        return ""
    return _("by %(day)s") % {"day": ui.legal_date(reading.due)}


def wanted(needs: Iterable[Need], joined: Mapping[str, int]) -> ui.BarChart | None:
    """Open needs by how many bodies have them; None where there is none."""
    rows = [
        ui.ChartRow(f"“{need.title}”", joined.get(need.number, 0) + 1,
                    bodies(joined.get(need.number, 0) + 1))
        for need in needs
    ]  # fmt: skip
    rows = sorted(rows, key=lambda row: -row.value)[:MOST]
    if not rows:
        return None
    title = _("Most wanted: %(what)s") % {"what": rows[0].label}
    return ui.BarChart(title, rows, _("What is needed"), _("Bodies"))


def lacking(rows: list[Lacking], may_post: bool) -> ui.Table:
    """What nobody shares, found without anybody's asking."""
    kinds = {"form": _("asked of people"), "wish": _("refused to a body")}
    columns = [
        ui.Column("what", _("Data wanted")),
        ui.Column("from", _("Where it shows")),
        ui.Column("why", _("Why nobody shares it")),
    ]
    if may_post:
        columns.append(ui.Column("act", _("Act")))
    return ui.Table(
        columns,
        [
            {
                "what": ui.Cell(str(one.title), kinds[one.kind]),
                "from": ui.listed(str(title) for _code, title in one.matters) or "—",
                "why": _why(one),
                "act": ui.Link(f"/desk/exchange/needs/new/?from={one.origin}", _("Ask for it"),
                               str(one.title)),
            }
            for one in rows
        ],
        _("What nobody shares"),
        ui.Empty(_("Every question is answered by a record")),
        caption_hidden=True,
    )  # fmt: skip


def _why(one: Lacking) -> str:
    said = str(one.why)
    return f"“{said}”" if said and one.kind == "wish" else said or "—"


def matter(code: str) -> str:
    found = {one.code: str(one.title) for _definition, one in published()}
    return found.get(code, "—")


def origin(need: Need) -> str:
    kind = need.origin.partition(":")[0]
    words = {"form": _("a question that forms ask of people"),
             "wish": _("a wish that a holder refused")}  # fmt: skip
    return words.get(kind, _("a data officer"))


def resource(code: str) -> ui.CellLike:
    found = resources().get(code)
    return ui.Link(f"/catalogue/{code}/", str(found.title)) if found else "—"


def resource_options() -> list[ui.Option]:
    return [ui.Option(code, str(one.title)) for code, one in sorted(resources().items())]


def matter_options() -> list[ui.Option]:
    return [ui.Option(one.code, str(one.title)) for _definition, one in published()]


def quoted(text: str) -> str:
    """What an official wrote, marked as such."""
    return f"“{text}”" if text else "—"
