"""A resident's cases as a list: on the first page and under “My cases”."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import Reading, clocks
from lingnan.kernel.matters import procedure, wording
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.models import Case, Decision
from lingnan.kernel.ui import api as ui

FEW = 4


def cases_table(cases: Sequence[Case], caption: str, empty: ui.Empty) -> ui.Table:
    """Matter, state and when a decision is due."""
    readings = clocks.of_references([case.number for case in cases])
    outcomes = dict(Decision.objects.filter(case__in=cases).values_list("case_id", "outcome"))
    return ui.Table(
        [
            ui.Column("matter", _("Matter")),
            ui.Column("state", _("State")),
            ui.Column("due", _("When")),
        ],
        [_row(case, readings.get(case.number, {}), outcomes.get(case.key, "")) for case in cases],
        caption,
        empty,
        caption_hidden=True,
    )


def under_way(account: int) -> tuple[ui.Table | None, int]:
    """The newest open cases of a resident, and how many are open; None where there is none."""
    rows = Case.objects.filter(account=account).exclude(state__in=procedure.FINISHED)
    count = rows.count()
    shown = list(rows.select_related("definition").order_by("-key")[:FEW])
    return (cases_table(shown, _("Under way"), ui.Empty("")) if shown else None), count


def _row(case: Case, readings: dict[str, Reading], outcome: str) -> dict[str, ui.CellLike]:
    title = str(matter_of(case.definition).title)
    return {
        "matter": ui.Cell(ui.Link(f"/cases/{case.number}/", title), f"{case.number} {case.about}"),
        "state": wording.state_chip(case.state, outcome),
        "due": _when(case, readings),
    }


def _when(case: Case, readings: dict[str, Reading]) -> ui.CellLike:
    if case.finished_on:
        return ui.legal_date(case.finished_on)
    if case.state == "correction":
        return _("waits for you")
    reading = readings.get("decision") or wording.running(readings)
    return wording.due_cell(reading)
