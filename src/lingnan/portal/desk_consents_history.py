"""Every version of a body's agreements, wishes and requests: filtered and sorted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import Agreement, AgreementWish
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, consents
from lingnan.kernel.ui import api as ui
from lingnan.portal.desk_consents import ASKS, trail

MOST, PAGE = 2_000, 50
DEMONSTRATION = "demonstration"
# (record type, its field with the body, the address of one)
KINDS: dict[str, tuple[Any, str, str]] = {
    "agreement": (Agreement, "consumer", "desk-agreement"),
    "wish": (AgreementWish, "consumer", "desk-agreement-wish"),
    "request": (consents.ConsentRequest, "body", "desk-consent-request"),
}
TITLES = {
    "agreement": pgettext_lazy("exchange", "Agreement"),
    "wish": lazy("An agreement asked for"),
    "request": lazy("A consent asked for"),
}
SORTS = {
    "newest": lazy("Newest first"),
    "oldest": lazy("Oldest first"),
    "number": lazy("By number"),
}


@dataclass(frozen=True)
class Line:
    """One version of one thing."""

    kind: str
    number: str
    version: int
    at: datetime
    by: str
    state: str


@allow(ASKS)
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """The newest versions of all that the body asked for and agreed, to filter and sort."""
    who, said = actor(request), _said(request)
    lines = [one for one in _lines(who, said["kind"]) if _fits(one, said)]
    lines.sort(key=lambda one: (one.at, one.number, one.version), reverse=said["sort"] != "oldest")
    if said["sort"] == "number":
        lines.sort(key=lambda one: (one.number, one.version))
    start = int(said["from"]) if said["from"].isascii() and said["from"].isdigit() else 0
    page = ui.Page(
        _("All changes, to filter and sort"),
        first=[_form(said)],
        tables=[ui.Part(_table(lines, start, said))],
        trail=trail(),
    )
    return ui.shown(request, page, 422 if _faults(said) else 200)


def _said(request: HttpRequest) -> dict[str, str]:
    names = ("kind", "number", "since", "until", "sort", "from")
    return {name: request.GET.get(name, "").strip()[:40] for name in names}


def _faults(said: dict[str, str]) -> dict[str, str]:
    return {
        name: _("Write a day as 2026-03-02.")
        for name in ("since", "until")
        if said[name] and _day(said[name]) is None
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lines(who: Actor, kind: str) -> Iterator[Line]:
    for code, (model, field, _address) in KINDS.items():
        if kind not in ("", code):
            continue
        rows = model.Version.objects.filter(**{field: who.body}).order_by("-id")
        if code == "agreement":
            rows = rows.filter(consent=True)
        for row in rows[:MOST]:
            by = f"“{row.changed_by.partition(' (')[0]}”"
            if row.changed_by == DEMONSTRATION:
                by = pgettext("history", "the demonstration")
            yield Line(code, row.number, row.version, row.recorded_at, by, _state(code, row))


def _state(code: str, row: Any) -> str:
    if code == "agreement":
        ended = row.ended
        return pgettext("agreement", "ended") if ended else pgettext("agreement", "in force")
    return str(dict(KINDS[code][0].STATES).get(row.state, row.state))


def _fits(one: Line, said: dict[str, str]) -> bool:
    since, until = _day(said["since"]) or date.min, _day(said["until"]) or date.max
    on = one.at.astimezone(legal_time.CHINA).date()
    return said["number"].upper() in one.number.upper() and since <= on <= until


def _form(said: dict[str, str]) -> ui.Filter:
    faults = _faults(said)
    fields = [
        ui.FieldView("kind", _("Kind"), value=said["kind"], kind="select",
                     options=ui.options(TITLES), blank=_("All"), required=False),
        ui.FieldView("number", _("Number"), value=said["number"], required=False),
        ui.FieldView("since", _("Since"), kind="date", required=False,
                     value="" if "since" in faults else said["since"],
                     error=faults.get("since", "")),
        ui.FieldView("until", _("Until"), kind="date", required=False,
                     value="" if "until" in faults else said["until"],
                     error=faults.get("until", "")),
        ui.FieldView("sort", _("Sorted"), kind="select", required=False,
                     value=said["sort"] or "newest", options=ui.options(SORTS), blank="—"),
    ]  # fmt: skip
    return ui.Filter(fields, _("Show"))


def _table(lines: list[Line], start: int, said: dict[str, str]) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(
                ui.Link(reverse(KINDS[one.kind][2], args=[one.number]), one.number,
                        str(one.version)), str(TITLES[one.kind]),
            ),
            "n": str(one.version),
            "state": one.state,
            "by": one.by,
            "at": ui.legal_datetime(one.at),
        }
        for one in lines[start : start + PAGE]
    ]  # fmt: skip
    columns = [
        ui.Column("what", _("Number")),
        ui.Column("n", _("Version")),
        ui.Column("state", _("State")),
        ui.Column("by", _("By")),
        ui.Column("at", pgettext("history", "Written on")),
    ]
    more = None
    if lines[start + PAGE :]:
        kept = {name: text for name, text in said.items() if text} | {"from": str(start + PAGE)}
        more = "?" + urlencode(kept)
    nothing = ui.Empty(_("Nothing found"))
    title = _("All changes")
    return ui.Table(columns, rows, title, nothing, next_url=more, caption_hidden=True)
