"""The clocks of a case: started, prolonged, ended; their warnings; overruns that nobody edits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.runtime.api import keys
from lingnan.standards.working_days import CalendarNotAnnounced
from lingnan.systems.government.justice_network import ledger
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import (
    Case,
    Measure,
    Suspect,
    Term,
    TermEvent,
    TermNow,
)
from lingnan.systems.government.justice_network.rules import periods, terms
from lingnan.systems.government.justice_network.rules.terms import Granted, Rule


@dataclass(frozen=True)
class Reading:
    """A clock as its events say. `since`: from when on it is suspended, where it is."""

    rule: Rule
    due: datetime
    granted: tuple[Granted, ...]
    running: bool
    overrun: bool
    since: datetime | None
    ended: datetime | None


def is_off(day: date) -> bool:
    """Whether a day is a day off; of years without a calendar, by the week."""
    try:
        return not calendars.calendar().is_working_day(day)
    except (CalendarNotAnnounced, LookupError):
        return periods.off_by_week(day)


def start(
    case: Case, code: str, body: str, at: datetime, hand: Hand,
    suspect: Suspect | None = None, measure: Measure | None = None,
) -> Term:  # fmt: skip
    """Start a clock at a moment, which may lie before the one of entering."""
    term = Term.objects.create(
        key=keys.new_key(), case=case, suspect=suspect, measure=measure, rule=code, body=body,
        started_at=at, entered_at=hand.at,
    )  # fmt: skip
    renew(term)
    return term


def rule_of(term: Term) -> Rule:
    return terms.rule(term.rule, timezone.localtime(term.started_at).date())


def read(term: Term, held: bool | None = None) -> Reading:
    """How a clock stands; `held`: whether somebody of the case is in custody, where it is known."""
    rule, granted, excluded = rule_of(term), [], 0
    since, ended, overrun = None, None, False
    for one in sorted(term.events.all(), key=lambda event: event.pk):
        if one.kind == "granted":
            granted.append(Granted(one.code, one.days, one.until))
        elif one.kind == "suspended":
            since = one.at
        elif one.kind == "resumed" and since is not None:
            excluded, since = excluded + _days(since, one.at), None
        elif one.kind == "travel":
            excluded += one.days
        elif one.kind in ("ended", "reopened"):
            ended = one.at if one.kind == "ended" else None
        overrun = overrun or one.kind == "overrun"
    if held is None:
        held = ledger.in_custody(term.case)
    begun = timezone.localtime(term.started_at)
    due = terms.due(rule, begun, granted, held, excluded, is_off)
    running = ended is None and since is None
    return Reading(rule, due, tuple(granted), running, overrun, since, ended)


def _days(since: datetime, until: datetime) -> int:
    return (timezone.localtime(until).date() - timezone.localtime(since).date()).days


def renew(term: Term) -> TermNow:
    """Work out anew how a clock stands."""
    found = read(term)
    warned = {one.at for one in term.events.all() if one.kind == "warned"}
    ahead = [one for one in terms.warnings(found.rule, found.due) if one > term.entered_at]
    coming = [one for one in ahead if not warned or one > max(warned)]
    told = {
        "due_at": found.due,
        "warn_at": coming[0] if coming and found.running else None,
        "running": found.running,
        "overrun": found.overrun,
        "division": term.case.division,
    }
    return TermNow.objects.update_or_create(term=term, defaults=told)[0]


def renew_all(case: Case) -> None:
    """After a measure began or ended: whether somebody is in custody changes how days count."""
    for term in running(case):
        renew(term)


def readings(case: Case, codes: Iterable[str] | None = None) -> list[tuple[Term, Reading]]:
    """The clocks of a case and how each stands, oldest first."""
    rows = Term.objects.filter(case=case).select_related("case", "suspect")
    if codes is not None:
        rows = rows.filter(rule__in=list(codes))
    held = ledger.in_custody(case)
    terms = rows.prefetch_related("events").order_by("key")
    return [(one, read(one, held)) for one in terms]


def running(case: Case, codes: Iterable[str] | None = None) -> list[Term]:
    """The clocks of a case that are not ended (suspended ones too), fresh for writing."""
    open_ = [term.key for term, found in readings(case, codes) if found.ended is None]
    rows = Term.objects.filter(key__in=open_).select_related("case", "suspect")
    return list(rows.order_by("key"))


def add(term: Term, kind: str, hand: Hand, **values: object) -> TermEvent:
    event = TermEvent.objects.create(term=term, kind=kind, by=hand.by, at=hand.at, **values)
    renew(term)
    return event


def end(case: Case, codes: Iterable[str], hand: Hand, code: str = "", text: str = "") -> None:
    """End the clocks of these rules; `code` says by which package, so that it can be undone."""
    for term in running(case, codes):
        add(term, "ended", hand, code=code[:24], text=text)


def reopen(case: Case, code: str, hand: Hand) -> None:
    """What a refused package had ended runs again, as if it had never been sent."""
    for term in Term.objects.filter(case=case, events__kind="ended", events__code=code[:24]):
        add(term, "reopened", hand, code=code[:24])


def suspend(term: Term, hand: Hand, text: str) -> None:
    """Art. 149 (mental examination), Art. 206 (a trial suspended), Art. 235 (reading the file)."""
    found = read(term)
    if not found.rule.suspends or not found.running or found.due <= hand.at:
        raise NotPossible("clock")
    ledger.witness("clock_suspended", term.case, hand, {"rule": term.rule, "why": text})
    add(term, "suspended", hand, text=text)


def resume(term: Term, hand: Hand) -> None:
    if read(term).since is None:
        raise NotPossible("clock")
    ledger.witness("clock_resumed", term.case, hand, {"rule": term.rule})
    add(term, "resumed", hand)


def leave_out_travel(term: Term, hand: Hand, days: int, text: str) -> None:
    """Art. 105: the legal period does not comprise the time on the road."""
    found = read(term)
    if not found.running or found.due <= hand.at or found.rule.by_hours or not 1 <= days <= 30:
        raise NotPossible("clock")
    told = {"rule": term.rule, "days": days, "why": text}
    ledger.witness("clock_travel", term.case, hand, told)
    add(term, "travel", hand, days=days, text=text)


def finish(term: Term, hand: Hand, text: str) -> None:
    """A duty with a limit was done (the family told, the suspect interrogated …)."""
    if read(term).ended is not None:
        raise NotPossible("clock")
    ledger.witness("duty_done", term.case, hand, {"rule": term.rule, "said": text})
    add(term, "ended", hand, text=text)
