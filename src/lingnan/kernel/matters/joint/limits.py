"""The time limits of a joint application as its page shows them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import Reading, clocks
from lingnan.kernel.matters import procedure, timeviews, wording
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint import clock
from lingnan.kernel.matters.joint.definition import LifeEvent
from lingnan.kernel.matters.models import Application, Case, JointApplication, facts_of
from lingnan.kernel.ui import api as ui


def clock_panel(joint: JointApplication, event: LifeEvent) -> ui.Panel:
    reading = clocks.of_references([str(joint.number)])[str(joint.number)][clock.CODE]
    mark = timeviews.demonstration_mark(event.limit)
    words = timeviews.limit_words(reading.promised, reading.statutory, reading.unit, mark)
    item = ui.Item(_("All together"), timeviews.clock_cell(reading), f"{words} · {reading.basis}")
    why = [ui.Item(_("Why it is paused"), *_pause(reading))] if reading.state == "paused" else []
    return ui.Panel(_("Time limit of the whole"), [item, *why])


def _pause(reading: Reading) -> tuple[str, str]:
    """What the clock of the whole waits for, and the article."""
    if reading.expected_until is None:
        words = _("A body waits for your correction. This time does not count.")
        return words, clock.CORRECTION
    return _("A special procedure is under way. This time does not count."), clock.SPECIAL


def late(cases: Sequence[Case]) -> list[str]:
    """The matters whose body has let a statutory limit pass, in the reader's language."""
    open_ = {case.number: case for case in cases if case.state not in procedure.FINISHED}
    readings = clocks.of_references(open_)
    running = {number: wording.running(readings.get(number, {})) for number in open_}
    return [
        str(matter_of(open_[number].definition).title)
        for number, reading in running.items()
        if reading is not None and reading.card == "red"
    ]


def alone_panel(
    joint: JointApplication, parts: Mapping[str, tuple[Application, Case]]
) -> ui.Panel | None:
    """The limits of what was filed after the end; where nothing was, None."""
    cases = [case for _a, case in parts.values() if case.state not in procedure.FINISHED]
    if joint.finished_on is None or not cases:
        return None
    readings = clocks.of_references([case.number for case in cases])
    items = []
    for case in cases:
        matter = matter_of(case.definition)
        limit = matter.limit("decision", facts_of(case)) or matter.limits["decision"]
        mark = timeviews.demonstration_mark(limit)
        words = timeviews.limit_words(limit["promised"], limit["statutory"], limit["unit"], mark)
        reading = wording.running(readings.get(case.number, {}))
        cell = timeviews.clock_cell(reading) if reading else ui.Cell("—")
        items.append(ui.Item(str(matter.title), cell, f"{words} · {limit['basis']}"))
    why = _(
        "The limit of the whole ended with it on %(day)s. What is filed after that goes to one "
        "body alone, and its own limit counts."
    )
    note = why % {"day": ui.legal_date(joint.finished_on)}
    return ui.Panel(_("Time limits of what you filed again"), items, note=note)
