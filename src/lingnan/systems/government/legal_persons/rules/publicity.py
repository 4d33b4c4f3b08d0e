"""What follows from what a firm publishes, does not publish, or publishes falsely.

企业信息公示暂行条例 (2014-08-07) Art. 10, 12, 13, 17. What its amendment of 2024 changed was not at
hand: unverified.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from lingnan.systems.government.legal_persons.rules.registration import parameters


class Outcome(StrEnum):
    """How an enquiry ends."""

    FALSE = "false"
    SOUND = "sound"
    ELSEWHERE = "elsewhere"
    ANSWERED = "answered"


def outcomes(kind: str) -> tuple[Outcome, ...]:
    """How a report ("false") or a question can end (Art. 13 (1), (2))."""
    if kind == "false":
        return Outcome.FALSE, Outcome.SOUND, Outcome.ELSEWHERE
    return Outcome.ANSWERED, Outcome.ELSEWHERE


def ground(outcome: str) -> str:
    """For what the firm is to be entered as abnormal; empty for nothing (Art. 17 (1) 2)."""
    return "hidden_facts" if outcome == Outcome.FALSE else ""


def answer_days() -> int:
    """Working days from the receipt of a report or a question (Art. 13)."""
    return int(parameters()["publication"]["answer_working_days"])


def ordered_until(ordered_on: date) -> date:
    """The last day of an order's period (Art. 10 (2) names no number of days: unverified)."""
    return ordered_on + timedelta(days=int(parameters()["publication"]["order_days"]))


def may_order(due_on: date | None, on: date) -> bool:
    """Only who is late is ordered: the 20 working days must have passed (Art. 10)."""
    return due_on is not None and due_on < on


def still_due(before: date | None, now: date | None) -> date | None:
    """By when something had to be published, after a correction of the day it came about on.

    Our reading of Art. 10 and 12 (2): both versions are public together, so what was published
    late as first stated stays late, and what proves late by the correction becomes so.
    """
    known = [day for day in (before, now) if day is not None]
    return min(known, default=None)
