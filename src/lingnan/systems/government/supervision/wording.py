"""Cards, limits and posts in the supervisor's words."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from lingnan.kernel.duty.api import Reading, clocks
from lingnan.kernel.matters.api import published
from lingnan.kernel.ui import api as ui

CARDS: dict[str, tuple[ui.Kind, Any]] = {
    "red": ("late", lazy("Red card")),
    "yellow": ("warn", lazy("Yellow card")),
    "warning": ("info", lazy("Due soon")),
    "green": ("ok", lazy("On time")),
    "unknown": ("soft", lazy("Not known")),
}
NOTES: dict[str, Any] = {
    "red": lazy("statutory limit passed"),
    "yellow": lazy("promised limit passed"),
    "warning": lazy("promised limit is near"),
    "green": lazy("within the promise"),
}
SIGNED = re.compile(r"^(?P<name>.*) \((?P<body>[^/()]+)/(?P<role>\w+) [0-9a-f]{8}\)$")


def card_chip(card: str) -> ui.Chip:
    kind, words = CARDS[card]
    return ui.Chip(kind, words)


def clock_name(code: str) -> str:
    """A clock as the body that runs it calls it."""
    return str(clocks.title_of(code) or _("Time limit"))


def days(number: int, unit: str) -> str:
    if unit == "working_day":
        words = ngettext("%(n)s working day", "%(n)s working days", number)
    else:
        words = ngettext("%(n)s day", "%(n)s days", number)
    return words % {"n": number}


def used_bar(reading: Reading) -> ui.Bar:
    kinds: dict[str, ui.Kind] = {"warning": "warn", "yellow": "warn", "red": "late"}
    said = {"used": reading.used, "limit": days(reading.limit, reading.unit)}
    words = _("%(used)s of %(limit)s used") % said
    return ui.Bar(reading.used, reading.limit, kinds.get(reading.card, "ok"), words)


def ends(reading: Reading) -> str:
    """When the statutory limit ends, or how the clock ended."""
    if reading.state == "stopped":
        return _("ended after %(used)s") % {"used": days(reading.used, reading.unit)}
    if reading.state == "paused":
        until = reading.expected_until
        return _("paused until %(day)s") % {"day": ui.legal_date(until)} if until else _("paused")
    if reading.left < 0:
        unit = "working" if reading.unit == "working_day" else "calendar"
        return ui.days_left(reading.left, unit)
    if reading.due is None:
        return _("the calendar of that year is not announced yet")
    return _("by %(day)s") % {"day": ui.legal_date(reading.due)}


def signed(signature: str, name: str, roles: Mapping[str, str]) -> str:
    """Who did it: the post and the name of an official, else the applicant or the law."""
    found = SIGNED.match(signature)
    if found:
        post = roles.get(found["role"], found["role"])
        return _("%(post)s: %(name)s.") % {"post": post, "name": name or found["name"]}
    if signature.startswith("resident"):
        return _("the applicant")
    return _("by itself, as the law has it")


def matter_names() -> dict[str, str]:
    """The titles of the matters in force, by code."""
    return {matter.code: str(matter.title) for _definition, matter in published()}


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"
