"""States, events and refusals in the reader's words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

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
    "not-your-post": lazy("This act belongs to another post."),
    "not-the-applicant": lazy("Only the applicant can do this."),
    "does-not-decide": lazy("This task does not decide the case."),
    "not-a-step": lazy("This task does not belong to the case."),
}
CARDS: dict[str, tuple[Any, Any]] = {
    "green": ("ok", lazy("On time")),
    "warning": ("warn", lazy("Due soon")),
    "yellow": ("warn", lazy("Yellow card: promise passed")),
    "red": ("late", lazy("Red card: statutory limit passed")),
    "unknown": ("soft", lazy("Not known: this year's calendar is not loaded")),
}
UNITS: dict[str, Any] = {"working_day": lazy("working days"), "calendar_day": lazy("days")}


def state_chip(state: str) -> ui.Chip:
    kind, text = STATES[state]
    return ui.Chip(kind, text)


def card_chip(reading: Reading | None) -> ui.Chip | str:
    if reading is None:
        return "—"
    kind, text = CARDS[reading.card]
    return ui.Chip(kind, text)


def clock_bar(reading: Reading) -> ui.Bar:
    kind = {"green": "ok", "warning": "warn", "yellow": "warn", "red": "late", "unknown": "soft"}[
        reading.card
    ]
    return ui.Bar(reading.used, reading.limit, kind, used_words(reading))  # type: ignore[arg-type]


def used_words(reading: Reading) -> str:
    return _("%(used)s of %(limit)s %(unit)s") % {
        "used": reading.used,
        "limit": reading.limit,
        "unit": UNITS[reading.unit],
    }


def due_words(reading: Reading) -> str:
    """When a limit ends, said plainly."""
    if reading.state == "paused":
        return _("paused, expected until %(day)s") % {"day": ui.legal_date(reading.expected_until)}
    if reading.state == "stopped":
        return _("stopped after %(used)s") % {"used": used_words(reading)}
    if reading.left < 0:
        return _("passed %(days)s %(unit)s ago") % {
            "days": -reading.left,
            "unit": UNITS[reading.unit],
        }
    if reading.due is None:
        return _("the calendar of that year is not announced yet")
    return _("by %(day)s, %(left)s %(unit)s left") % {
        "day": ui.legal_date(reading.due),
        "left": reading.left,
        "unit": UNITS[reading.unit],
    }


def day(value: Any) -> str:
    """A date, an instant or an ISO text as a legal date."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    return ui.legal_date(value)
