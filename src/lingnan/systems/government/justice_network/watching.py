"""Clocks that are watched: warnings before they are over, and overruns as events of their own."""

from datetime import datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from lingnan.kernel.duty.api import messages
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import SYSTEM, Body
from lingnan.systems.government.justice_network import clocking, ledger
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import (
    Case,
    Measure,
    Suspect,
    Term,
    TermNow,
)
from lingnan.systems.government.justice_network.rules import stages

BATCH = 200
OFFICERS = {
    "police": "investigator",
    "procuratorate": "prosecutor",
    "court": "judge",
    "justice": "correction_officer",
    "prison": "prison_officer",
}
COVERING = frozenset({
    "summons", "detention", "arrest_review", "custody", "prosecution_review", "fast_review",
    "supplementary", "first_instance", "summary_trial", "fast_trial", "trial_supplementary",
    "appeal", "hand_up", "second_instance", "execution", "to_prison",
})  # fmt: skip


def sweep(now: datetime | None = None) -> int:
    """Warn of what is near its end and write down what is over; right to repeat."""
    at, done = now or legal_time.now(), 0
    due = Q(warn_at__lte=at) | Q(due_at__lte=at, overrun=False)
    rows = TermNow.objects.filter(due, running=True).order_by("due_at", "term")
    for row in rows.select_related("term__case", "term__suspect")[:BATCH]:
        done += _over(row.term, at) if row.due_at <= at else _warn(row.term, at)
    return done


def _warn(term: Term, at: datetime) -> int:
    hand, read = Hand(SYSTEM, at), clocking.read(term)
    ledger.witness("clock_warned", term.case, hand, {"rule": term.rule})
    with transaction.atomic():
        clocking.add(term, "warned", hand)
        words = Title(
            f"{term.case.number} {read.rule.zh}：{_moment(read.due)}届满。",
            f"{term.case.number} {read.rule.en}: it ends at {_moment(read.due)}.",
        )
        _tell(term, Title("期限即将届满", "A clock is about to end"), words)
    return 1


def _over(term: Term, at: datetime) -> int:
    """Past its end: red, once and for good. What parties did not use in time just ends."""
    hand, read = Hand(SYSTEM, at), clocking.read(term)
    if read.rule.who == "parties":
        clocking.add(term, "ended", hand)
        return 1
    ledger.witness("clock_overrun", term.case, hand, {"rule": term.rule, "body": term.body})
    try:
        with transaction.atomic():
            clocking.add(term, "overrun", hand)
            words = Title(
                f"{term.case.number} {read.rule.zh}：已于{_moment(read.due)}届满，超期。",
                f"{term.case.number} {read.rule.en}: overrun, it ended at {_moment(read.due)}.",
            )
            _tell(term, Title("超期", "Overrun"), words)
    except IntegrityError:
        return 0  # another process wrote it
    return 1


def _moment(due: datetime) -> str:
    return f"{due:%Y-%m-%d %H:%M}"


def _tell(term: Term, subject: Title, words: Title) -> None:
    accounts = dict.fromkeys(chain(_answering(term), _supervising(term)))
    link = ledger.link(term.case)
    messages.send_all([(one, subject, words, link) for one in accounts])


def _answering(term: Term) -> list[int]:
    """The officer in charge, or all of the post where none is, and the head."""
    function = Body.objects.filter(code=term.body).values_list("function", flat=True).first()
    role = OFFICERS.get(function or "", "")
    officer = ledger.officer_of(term.case, term.body, role)
    found = [officer] if officer else ledger.holders(term.body, (role,))
    return [*found, *ledger.holders(term.body, ("head",))]


def _supervising(term: Term) -> list[int]:
    """Art. 8: whose custody it is, the procuratorate at the detention house is told too."""
    if clocking.rule_of(term).counts not in ("custody", "held") or not ledger.in_custody(term.case):
        return []
    bodies = Body.objects.filter(function="procuratorate", division=term.case.division, ended=False)
    return [a for one in bodies for a in ledger.holders(one.code, ("custody_prosecutor",))]


def custody(division: str) -> QuerySet[Any]:
    """Those in custody in the cases of a division, one row for each measure."""
    rows = Measure.objects.filter(suspect__case__division=division, kind__in=ledger.CUSTODY)
    return rows.filter(end=None).select_related("suspect__case").order_by("started_at")


def covering(measure: Measure) -> Term | None:
    """The clock by which a person is in custody now: the first to end; None where none runs."""
    case: Case = measure.suspect.case
    rows = [
        (found.due, term)
        for term, found in clocking.readings(case, COVERING)
        if found.ended is None and _about(term, measure.suspect)
    ]
    return min(rows, key=lambda one: one[0], default=(None, None))[1]


def _about(term: Term, suspect: Suspect) -> bool:
    return term.suspect_id in (None, suspect.key)


def uncovered(measure: Measure) -> bool:
    """Custody that no clock allows: whom it concerns is to be released (Art. 99)."""
    if measure.suspect.unknown or ledger.stage_of(measure.suspect.case) in (
        *stages.ENDED, "execution",
    ):  # fmt: skip
        return False
    package = ledger.in_transit(measure.suspect.case)
    return package is None and covering(measure) is None
