"""Clocks: starting, pausing, extending and stopping a limit. `readings` says how one stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lingnan.kernel.duty import standings
from lingnan.kernel.duty.calendars import calendar
from lingnan.kernel.duty.models import Clock, ClockEvent
from lingnan.kernel.duty.naming import named, title_of
from lingnan.kernel.duty.readings import (
    DEFAULT_RULE,
    Reading,
    card,
    card_rule,
    of_references,
    read,
    read_many,
)
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import legal_time

__all__ = [
    "DEFAULT_RULE",
    "ClockRefused",
    "Reading",
    "card",
    "card_rule",
    "extend",
    "named",
    "of_references",
    "pause",
    "read",
    "read_many",
    "resume",
    "start",
    "stop",
    "title_of",
]


class ClockRefused(Exception):
    """The law does not allow this to be done to the clock now."""


def start(
    reference: str,
    code: str,
    limit: Mapping[str, Any],
    basis: str,
    on: date | None = None,
    body: str = "",
    about: str = "",
) -> Clock:
    """Start a clock. `limit` is {unit, statutory, promised}; promised ≤ statutory.

    `body` is whom it measures, `about` what kind of thing (a matter's code).
    """
    if limit["promised"] > limit["statutory"]:
        raise ValueError("a promised limit never exceeds the statutory one")
    clock = Clock.objects.create(
        key=keys.new_key(),
        reference=reference,
        code=code,
        unit=limit["unit"],
        statutory=limit["statutory"],
        promised=limit["promised"],
        basis=basis,
        started_on=on or legal_time.today(),
    )
    standings.open_for(clock, body, about)
    return clock


def pause(clock: Clock, by: str, basis: str, reason: str, expected_until: date | None) -> None:
    _require(clock, "running")
    _within(clock)
    if expected_until is not None and expected_until > calendar().last:
        raise ClockRefused("until-too-far")
    _add(clock, "pause", by, basis=basis, reason=reason[:400], expected_until=expected_until)


def resume(clock: Clock, by: str, reason: str = "") -> None:
    """End a pause. Where its announced end has passed, the clock runs again already."""
    last = clock.events.order_by("id").last()
    if last is None or last.kind != "pause":
        raise ClockRefused("not-paused")
    _add(clock, "resume", by, reason=reason[:400])


def extend(clock: Clock, days: int, by: str, basis: str, reason: str) -> None:
    _require(clock, "running")
    _within(clock)
    if clock.events.filter(kind="extend").exists():
        raise ClockRefused("extended-already")
    _add(clock, "extend", by, days=days, basis=basis, reason=reason[:400])


def stop(clock: Clock, by: str) -> None:
    if not clock.events.filter(kind="stop").exists():
        _add(clock, "stop", by)


def _require(clock: Clock, state: str) -> None:
    if read(clock).state != state:
        raise ClockRefused(f"not-{state}")


def _within(clock: Clock) -> None:
    """What has passed can be neither stopped nor extended: approval comes before the end."""
    reading = read(clock)
    if reading.used > reading.limit:
        raise ClockRefused("limit-passed")


def _add(clock: Clock, kind: str, by: str, **values: Any) -> None:
    ClockEvent.objects.create(clock=clock, kind=kind, on=legal_time.today(), by=by, **values)
    standings.update([clock])
