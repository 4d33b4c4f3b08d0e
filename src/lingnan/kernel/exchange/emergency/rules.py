"""Emergency access: for how long, who reviews, when the person is told. Pure rules.

个人信息保护法 (2021-08-20), read: Art. 18 para. 2 (who could not be told in an emergency is told
in time once it is over), Art. 35 (unless telling would hinder a lawful duty), Art. 34 (only
as far as the duty needs). No article gives the figures: they are the platform's own, unverified.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WINDOW = timedelta(minutes=60)
REVIEW_DAYS, MOST_DELAY = 5, 30
BASIS = "《个人信息保护法》（2021-08-20）第十八条第二款、第三十五条"
REASONS = ("life", "missing", "disaster", "crime", "other")
LEAST, LONGEST = 5, 400
JUDGEMENTS = ("justified", "unjustified")


@dataclass(frozen=True)
class Head:
    """Somebody who may review: an account that is head of a body."""

    account: int
    body: str


def reviewing(openers: Collection[int], superiors: Sequence[str], heads: Sequence[Head]) -> str:
    """The body whose head reviews: the nearest from the own one up that has a head who is none of
    the openers (who opened it, and under whose post); "" where none has, which the auditors see."""
    able = {one.body for one in heads if one.account not in openers}
    return next((body for body in superiors if body in able), "")


def open_until(opened: datetime) -> datetime:
    return opened + WINDOW


def told_now(until: datetime, now: datetime, delayed: date | None, today: date) -> bool:
    """Whether the person is to be told: once the hour is over, and a delay has passed."""
    return now >= until and (delayed is None or today > delayed)
