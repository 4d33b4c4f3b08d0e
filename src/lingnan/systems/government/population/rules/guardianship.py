"""Minors and their guardians: until when, and for which things a parent acts.

民法典 (2020-05-28), unverified 未经核实: Art. 17 and 18 (of age at 18), 19 (from 8 on a minor acts
alone in what fits the age, else by the statutory agent), 20 (under 8 the statutory agent acts),
23 (the guardian is the statutory agent), 27 (parents are the guardians), 34 and 35 (what guardians
may and how), 36 and 38 (a court withdraws and restores), 202 (a period ends on the last day of a
month that lacks the day). Read: 未成年人保护法 (2024-04-26) Art. 7 and 108; 个人信息保护法
(2021-08-20) Art. 31.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

OF_AGE, OWN_CONSENT = 18, 14
# What a parent does for a child; consent to the use of data only while the law asks the parent.
ALWAYS = ("apply", "record", "looked", "messages")
CONSENT = "consent"


def birthday(born: date, years: int) -> date:
    """The day on which somebody is that old."""
    year = born.year + years
    return date(year, born.month, min(born.day, monthrange(year, born.month)[1]))


def of_age(born: date, on: date) -> bool:
    return on >= birthday(born, OF_AGE)


def last_day(born: date) -> date:
    """The last day of minority."""
    return birthday(born, OF_AGE) - timedelta(days=1)


def scope(born: date, on: date) -> tuple[str, ...]:
    """The things for which a parent acts on a day; none from the day of coming of age."""
    if of_age(born, on):
        return ()
    return (*ALWAYS, CONSENT) if on < birthday(born, OWN_CONSENT) else ALWAYS


def guardians(named: Iterable[str], orders: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Of the parents named, those who are guardians after a court's orders.

    `orders` are (parent, "off" or "on") in the order in which they were entered.
    """
    last = dict(orders)
    return frozenset(one for one in named if last.get(one) != "off")
