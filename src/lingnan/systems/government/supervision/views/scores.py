"""The month of each body: its score as far as it can be computed, and how it was rated."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.matters.api import Rating
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.supervision import scope, scoring, wording
from lingnan.systems.government.supervision.rules.score import Month, parameters, score
from lingnan.systems.government.supervision.scope import Known

SHOWN = 200


@allow(scope.SEES)
@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """A month, by default the one under way."""
    bodies, month = scope.bodies(actor(request).division), _month(request)
    done = scoring.months(month, set(bodies))
    rated = scoring.ratings(month, set(bodies))
    before, after = scoring.first_of(month - timedelta(days=1)), scoring.following(month)
    context = {
        "month": f"{month:%Y-%m}",
        "table": _table(done, bodies),
        "rule": _rule(),
        "ratings": _ratings(rated, bodies),
        "before": f"?month={before:%Y-%m}",
        "after": f"?month={after:%Y-%m}" if after <= legal_time.today() else "",
        "basis": Title.of(parameters()["basis"]),
    }
    return render(request, "supervision/scores.html", context)


def _month(request: HttpRequest) -> date:
    """The first day of the month asked for; of this one where that is none or still to come."""
    this = scoring.first_of(legal_time.today())
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return this
    return asked if date(2000, 1, 1) <= asked <= this else this


def _table(done: Mapping[str, Month], bodies: Mapping[str, Known]) -> ui.Table:
    """The lowest first; every number is what happened here in the month."""
    scored = [(code, month, score(month)) for code, month in done.items()]
    scored.sort(key=lambda row: (row[2].measured, -row[2].deducted, row[0]))
    rows: list[dict[str, Any]] = [
        {
            "name": str(bodies[code].title),
            "cards": f"{month.red} / {month.yellow}",
            "deducted": f"−{found.deducted}" if found.deducted else "0",
            "limits": f"{found.limits} / {found.of}",
            "early": ui.Cell(
                wording.share(month.early, month.completed),
                _("%(n)s of %(of)s") % {"n": month.early, "of": month.completed},
            ),
            "bonus": f"+{found.bonus}" if found.bonus else "0",
        }
        for code, month, found in scored[:SHOWN]
    ]
    return ui.Table(
        [
            ui.Column("name", _("Body")),
            ui.Column("cards", _("Red / yellow"), True),
            ui.Column("deducted", _("Deducted"), True),
            ui.Column("limits", _("Limits kept"), True),
            ui.Column("early", _("Decided early"), True),
            ui.Column("bonus", _("Bonus"), True),
        ],
        rows,
        _("Score of the month"),
        ui.Empty(
            _("Nothing to score in this month"), _("No card was issued and no case was decided.")
        ),
        caption_hidden=True,
    )


def _rule() -> ui.Table:
    """The parts of the rule, and which of them are measured here."""
    rows: list[dict[str, Any]] = [
        {
            "part": str(Title.of(part["title"])),
            "points": part["points"],
            "measured": ui.Chip("ok", _("measured"))
            if part["measured"]
            else ui.Chip("soft", _("not measured here")),
        }
        for part in parameters()["parts"]
    ]
    return ui.Table(
        [
            ui.Column("part", _("Part")),
            ui.Column("points", _("Points"), True),
            ui.Column("measured", _("Here")),
        ],
        rows,
        _("Parts of the score"),
        caption_hidden=True,
    )


def _ratings(rated: Mapping[str, Mapping[int, int]], bodies: Mapping[str, Known]) -> ui.Table:
    """Grades as they were given; those that count by default stand apart."""
    grades = dict(Rating.GRADES)
    columns = [ui.Column("name", _("Body"))]
    columns += [ui.Column(f"g{grade}", words, True) for grade, words in grades.items()]
    columns.append(ui.Column("default", _("By default"), True))
    rows: list[dict[str, Any]] = []
    for code, counts in sorted(rated.items()):
        total = sum(counts.values())
        row: dict[str, Any] = {f"g{grade}": counts[grade] for grade in grades}
        row["default"] = ui.Cell(f"{counts[0]:,}", wording.share(counts[0], total))
        rows.append({"name": str(bodies[code].title)} | row)
    return ui.Table(
        columns,
        rows[:SHOWN],
        _("Ratings of the month"),
        ui.Empty(_("Nobody has rated in this month")),
        caption_hidden=True,
    )
