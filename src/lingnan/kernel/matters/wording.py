"""States, events and refusals in the reader's words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from lingnan.kernel.duty.api import Reading
from lingnan.kernel.ui import api as ui

STATES: dict[str, tuple[Any, Any]] = {
    "received": ("info", lazy("Received, being checked")),
    "correction": ("warn", lazy("Waiting for your correction")),
    "in_review": ("info", lazy("In review")),
    "suspended": ("soft", lazy("Paused for a special procedure")),
    "decided": ("info", lazy("Decided")),
    "delivered": ("ok", lazy("Finished")),
    "not_accepted": ("soft", lazy("Not accepted")),
    "withdrawn": ("soft", lazy("Withdrawn")),
}
EVENTS: dict[str, Any] = {
    "received": lazy("Application received"),
    "correction_asked": lazy("Correction asked for"),
    "corrected": lazy("Correction filed"),
    "not_accepted": lazy("Not accepted"),
    "accepted": lazy("Accepted"),
    "deemed_accepted": lazy("Deemed accepted: no notice came in time"),
    "step_done": lazy("Step done"),
    "suspended": lazy("Clock paused"),
    "resumed": lazy("Clock runs again"),
    "extended": lazy("Limit extended"),
    "decided": lazy("Decided"),
    "delivered": lazy("Delivered"),
    "withdrawn": lazy("Withdrawn"),
    "supplemented": lazy("Promised material handed in"),
    "record_read": lazy("Record read: made by another matter of the same application"),
    "record_missed": lazy("The record that it waits for was not made"),
    "rated": lazy("Rated"),
    "change_noted": lazy("The change was looked at"),
    "record_changed": lazy("A record that this rests on has changed"),
    "record_ended": lazy("A record that this rests on has ended"),
    "record_read_anew": lazy("The changed record was read anew"),
}
ENDED: dict[str, Any] = {
    "refused": lazy("Refused"),
    "not_accepted": lazy("Not accepted"),
    "withdrawn": lazy("Withdrawn"),
}
DONE: dict[str, Any] = {
    "accept": lazy("Accepted. The case is in review."),
    "ask-correction": lazy("The notice has been sent to the applicant."),
    "not-accept": lazy("The applicant has been told, with your reasons."),
    "note-change": lazy("What you did is recorded."),
    "read-anew": lazy("The record was read anew; the answers now say what it says."),
    "step": lazy("The outcome is recorded; the case goes to the next post."),
    "decide": lazy("The decision is signed and told to the applicant."),
    "suspend": lazy("The clock is paused, and the applicant has been told."),
    "resume": lazy("The clock runs again."),
    "extend": lazy("The limit is extended, and the applicant has been told."),
}
REFUSALS: dict[str, Any] = {
    "empty-notice": lazy("A notice lists at least one thing to mend."),
    "notice-given-already": lazy(
        "The one notice that the law allows has been given; accept the application or decide."
    ),
    "reasons-missing": lazy("Please give the reasons; a refusal also needs an article."),
    "officers-missing": lazy("Two officers make this check: please name both."),
    "unknown-outcome": lazy("Please choose one of the outcomes."),
    "no-special-procedure": lazy(
        "Only a special procedure named by law stops the clock; an inspection on site does not."
    ),
    "no-extension": lazy("The law gives no extension here, or the reason is missing."),
    "extended-already": lazy("It has been extended already; the law allows that once."),
    "until-passed": lazy("The day on which the procedure is expected to end is still to come."),
    "not-your-post": lazy("This act belongs to another post."),
    "not-the-applicant": lazy("Only the applicant can do this."),
    "does-not-decide": lazy("This task does not decide the case."),
    "deemed-accepted": lazy(
        "The time for a notice has passed: by law the case counts as accepted, and the review "
        "has begun."
    ),
    "limit-passed": lazy("The limit has passed: it can be neither paused nor extended any more."),
    "until-too-far": lazy("This day is too far: no calendar is announced for it yet."),
    "contradicts-findings": lazy(
        "The review found that the requirements are not met; it cannot be granted."
    ),
    "unverified-answers": lazy(
        "Some answers differ from the records or could not be read. To grant, confirm that you "
        "have verified them."
    ),
    "record-awaited": lazy(
        "A record is still to be made by another matter of this joint application; it can be "
        "granted as soon as that is there."
    ),
    "material-promised": lazy("The applicant has promised a material that is not there yet."),
    "another-body": lazy("Another body registered this; it alone can change it."),
    "findings-missing": lazy("Please say in a sentence what you did."),
    "record-unread": lazy("The holder of the record does not answer now; please try again later."),
    "not-a-step": lazy("This task does not belong to the case."),
}
CARDS: dict[str, tuple[Any, Any]] = {
    "green": ("ok", lazy("On time")),
    "warning": ("warn", lazy("Due soon")),
    "yellow": ("warn", lazy("Yellow card")),
    "red": ("late", lazy("Red card")),
    "unknown": ("soft", lazy("Not known")),
}
CARD_NOTES: dict[str, Any] = {
    "yellow": lazy("promised limit passed"),
    "red": lazy("statutory limit passed"),
    "unknown": lazy("the calendar of that year is not announced yet"),
}
URGENCY = ("red", "yellow", "warning", "green", "unknown")


def refusal(refused: Exception) -> str:
    """Why an act was not done, in the reader's words."""
    code = str(refused)
    return str(REFUSALS.get(code, _("The clock of this case does not allow that now.")))


def counted(number: int, unit: str) -> str:
    """So many days of a limit's unit; a limit without days ends on the day it began."""
    if number == 0:
        return _("the same day")
    if unit == "working_day":
        words = ngettext("%(n)s working day", "%(n)s working days", number)
    else:
        words = ngettext("%(n)s day", "%(n)s days", number)
    return words % {"n": number}


def change(row: Mapping[str, Any]) -> str:
    """What a record said, and what it says; of one that has ended what it said last."""
    if row["after"] is None:
        return _("%(value)s (ended)") % {"value": row["before"]}
    return f"{row['before']} → {row['after']}"


def state_chip(state: str, outcome: str = "") -> ui.Chip:
    """The state of a case; a refusal is not shown as a success."""
    if state in ("decided", "delivered") and outcome == "refused":
        return ui.Chip("late", _("Refused"))
    kind, text = STATES[state]
    return ui.Chip(kind, text)


def card_chip(reading: Reading | None) -> ui.Chip | str:
    if reading is None:
        return "—"
    kind, text = CARDS[reading.card]
    return ui.Chip(kind, text)


def card_cell(reading: Reading | None) -> ui.Cell:
    """The card, and below it what it means."""
    note = CARD_NOTES.get(reading.card, "") if reading else ""
    return ui.Cell(card_chip(reading), note)


def running(readings: dict[str, Reading]) -> Reading | None:
    """The clock that counts now: the newest one that is not stopped, else the decision's."""
    live = [r for r in readings.values() if r.state != "stopped"]
    return live[-1] if live else readings.get("decision")


def clock_bar(reading: Reading) -> ui.Bar:
    kinds: dict[str, ui.Kind] = {"warning": "warn", "yellow": "warn", "red": "late"}
    return ui.Bar(reading.used, reading.limit, kinds.get(reading.card, "ok"), used_words(reading))


def used_words(reading: Reading) -> str:
    return _("%(used)s of %(limit)s used") % {
        "used": reading.used,
        "limit": counted(reading.limit, reading.unit),
    }


def left_words(reading: Reading) -> str:
    """How much of a limit is left: "3 working days left", "Due today", "overdue"."""
    unit = "working" if reading.unit == "working_day" else "calendar"
    return ui.days_left(reading.left, unit)


def due_words(reading: Reading) -> str:
    """When a limit ends, said plainly."""
    if reading.state == "paused":
        if reading.expected_until is None:
            return _("paused until the correction is there")
        return _("paused, expected until %(day)s") % {"day": ui.legal_date(reading.expected_until)}
    if reading.state == "stopped":
        if reading.used == 0:
            return _("done on the same day")
        return _("took %(used)s") % {"used": counted(reading.used, reading.unit)}
    if reading.left < 0:
        return left_words(reading)
    if reading.due is None:
        return _("the calendar of that year is not announced yet")
    return _("by %(day)s (%(left)s)") % {
        "day": ui.legal_date(reading.due),
        "left": left_words(reading),
    }


def due_cell(reading: Reading | None) -> ui.Cell:
    """For lists: what is left, large enough to see at a glance, and the day below."""
    if reading is None:
        return ui.Cell("—")
    if reading.state != "running" or reading.left < 0 or reading.due is None:
        return ui.Cell(due_words(reading))
    return ui.Cell(left_words(reading), _("by %(day)s") % {"day": ui.legal_date(reading.due)})


def day(value: Any) -> str:
    """A date, an instant or an ISO text as a legal date."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    return ui.legal_date(value)
