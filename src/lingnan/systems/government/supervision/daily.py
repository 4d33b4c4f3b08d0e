"""The day of supervision: the cards that have become due."""

from lingnan.systems.government.supervision.cards import issue_due


def daily() -> int:
    return issue_due()
