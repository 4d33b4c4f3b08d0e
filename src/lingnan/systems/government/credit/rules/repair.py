"""May publicity end early? 市场监督管理行政处罚信息公示规定 (2021-07-30) Art. 14."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingnan.systems.government.credit.rules import periods
from lingnan.systems.government.credit.rules.terms import GRAVE, Facts, parameters


@dataclass(frozen=True)
class Condition:
    """One condition: its code (see the pages for words), whether it is met, and the article."""

    code: str
    met: bool
    basis: str


def earliest(facts: Facts) -> date | None:
    """The first day on which a repair may be asked for; None where it never may."""
    if not repairable(facts):
        return None
    months = parameters()["repair"]["shortest_months"]
    return periods.months_after(facts.published, months[facts.severity or "ordinary"])


def repairable(facts: Facts) -> bool:
    """Lists end by their own way; grave penalties and revoked licences never end early (3)."""
    return facts.kind == "penalty" and facts.severity in ("", "light", "ordinary")


def conditions(
    facts: Facts, others: Sequence[Facts], fulfilled: bool, remedied: bool, on: date
) -> tuple[Condition, ...]:
    """All conditions of Art. 14 on a day. `others` are the party's other events.

    `fulfilled` and `remedied` are what the party states and the officer checks in the papers.
    """
    basis = str(parameters()["repair"]["conditions_basis"])
    first = earliest(facts)
    again = any(one.kind == facts.kind and one.decided_on > facts.decided_on for one in others)
    lists = ("abnormal_list", GRAVE[1])
    listed = any(one.kind in lists and (one.end is None or on < one.end) for one in others)
    return (
        Condition("kind", repairable(facts), f"{basis}第三款"),
        Condition("shortest", first is not None and first <= on, parameters()["repair"]["basis"]),
        Condition("fulfilled", fulfilled, f"{basis}第一款第一项"),
        Condition("remedied", remedied, f"{basis}第一款第二项"),
        Condition("no_relapse", not again, f"{basis}第一款第三项"),
        Condition("not_listed", not listed, f"{basis}第一款第四项"),
    )
