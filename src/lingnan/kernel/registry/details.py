"""One record: as it holds or held, and its whole history."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lingnan.kernel.registry import acts, display, histories, moments, reading, rights
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import OFFICIAL, allow
from lingnan.kernel.ui import api as ui


@allow(OFFICIAL)
@require_safe
def record_detail(request: HttpRequest, system: str, name: str, ref: str) -> HttpResponse:
    """A record as it holds, or as it held on the day that the address names."""
    model, who = readable(request, system, name)
    asked, error = moments.read(request.GET)
    record = reading.opened(model, who, ref, None if error else asked.moment)
    if record is None and asked.moment is None:
        raise Http404
    here = f"{address(model)}{ref}/"
    hidden = rights.withheld(model, who)
    done = acts.of_record(model, who, record, here) if record and not asked.moment else None
    marks = done.marks if done else {}
    context = {
        "record": display.named(model, record) if record else "",
        "title": model.record.title,
        "back": address(model),
        "past": moments.panel(request.GET, asked, error, here, {}),
        "panels": display.panels(model, record, hidden, marks) if record else [],
        "nothing": _nothing(asked),
        "versions": _latest(model, record, hidden) if record and not asked.moment else [],
        "history": f"{here}history/",
        "basis": model.record.basis,
        "acts": done,
    }
    return render(request, "registry/detail.html", context, status=422 if error else 200)


def _nothing(asked: moments.Asked) -> ui.Empty:
    return ui.Empty(
        _("Not on record then"),
        _("By what was known, nothing held on this day that your post may see."),
    )


def _latest(model: type[Record], record: Record, hidden: frozenset[str]) -> list[ui.Step]:
    """The three newest versions; the others are on the page of the history."""
    return histories.steps(model, record, hidden)[:3]


@allow(OFFICIAL)
@require_safe
def record_history(request: HttpRequest, system: str, name: str, ref: str) -> HttpResponse:
    """One record, its whole history: what held when, and how that came to be known."""
    model, who = readable(request, system, name)
    record = reading.with_past(model, who, ref)
    if record is None:
        raise Http404
    rows = histories.versions(record)
    hidden = rights.withheld(model, who)
    told = _known(request.GET.get("known", ""), rows)
    known = rows[told - 1].recorded_at if told else None
    context = {
        "record": record,
        "title": model.record.title,
        "back": address(model),
        "here": f"{address(model)}{ref}/",
        "ended": record.ended,
        "course": histories.course_of(model, rows, known, hidden),
        "unchanged": len(rows) == 1,
        "moments": _moments(rows, told),
        "known": known,
        "count": ngettext("%(n)s version", "%(n)s versions", len(rows)) % {"n": len(rows)},
        "steps": histories.steps(model, record, hidden),
    }
    return render(request, "registry/history.html", context)


def _known(text: str, rows: list[Any]) -> int:
    """The number of the last version that counts as known; nought for all."""
    return int(text) if text.isdecimal() and 0 < int(text[:6]) < len(rows) else 0


def _moments(rows: list[Any], told: int) -> list[tuple[str, str, bool]]:
    """(address, words, chosen) of each instant at which something came to be known."""
    last: dict[datetime, int] = {}
    for place, row in enumerate(rows, start=1):
        last[row.recorded_at] = place
    found = []
    for at, place in last.items():
        number = "" if place == len(rows) else str(place)
        words = ui.legal_datetime(at.astimezone(legal_time.CHINA))
        found.append((f"?known={number}" if number else "?", words, place == (told or len(rows))))
    return found[::-1]
