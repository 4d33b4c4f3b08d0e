"""Giving a post and ending it. Nobody appoints themselves; what is kept apart takes two people."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.access import at_level, official
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.delegation import separation
from lingnan.kernel.trust.models import Account, Appointment, Body, Holding
from lingnan.kernel.trust.people import spans
from lingnan.kernel.trust.people.duties import HEAD
from lingnan.kernel.trust.people.duties import above as confirming
from lingnan.kernel.trust.people.kinds import roles

OPERATOR = "operator"
PEOPLE = at_level(official(HEAD, OPERATOR), 2)
SYSTEM = "appointments"
MOST_AHEAD = timedelta(days=365)


class NotPossible(Exception):
    """`code`: not_yours, oneself, role, days, held, apart, account, done, same, last, long; `why`
    says more."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


@dataclass(frozen=True)
class Wanted:
    """A post: whose account, at which body, from when to when (both included), and why."""

    account: int
    body: str
    role: str
    first: date
    last: date | None
    reason: str

    @property
    def span(self) -> spans.Span:
        return spans.Span(self.role, self.body, self.first, self.last)


def may_appoint(who: Actor, body: str, role: str) -> bool:
    """The head of a body gives its posts, except that of a head, which an operator gives."""
    if role == HEAD:
        return is_operator(who)
    return who.role == HEAD and who.body == body


def takes_two(role: str) -> bool:
    return role in separation.SENSITIVE


def is_operator(who: Actor) -> bool:
    return who.role == OPERATOR and who.function == "data"


def nearest_confirming(body: str) -> str:
    """The first of them that has a head; empty where none has."""
    bodies = confirming(body)
    rows = Holding.objects.filter(role=HEAD, body__in=bodies, ended=False)
    headed = set(rows.values_list("body", flat=True))
    return next((code for code in bodies if code in headed), "")


def appoint(who: Actor, wanted: Wanted) -> Appointment:
    """The post from its day on, or a proposal where a second person has to agree. Raises
    NotPossible."""
    title = demand(who, wanted)
    if is_own(who, wanted.account):
        raise NotPossible("oneself")
    with transaction.atomic():
        locked(wanted.account)
        _fits(wanted)
        two = takes_two(wanted.role)
        made = _entered(who, wanted, title, "proposed" if two else "planned")
        return made if two else _begun(made, who.signature)


def demand(who: Actor, wanted: Wanted) -> Title:
    """What can be asked before whose post it is: the title of the post. Raises NotPossible."""
    if not may_appoint(who, wanted.body, wanted.role):
        raise NotPossible("not_yours")
    _days(wanted)
    body = Body.objects.filter(code=wanted.body, ended=False).first()
    title = roles(body).get(wanted.role) if body is not None else None
    if title is None:
        raise NotPossible("role")
    return title


def is_own(who: Actor, account: int) -> bool:
    """Whether an account is that of whoever acts, of who lent them the post, or another of one of
    these two people: two accounts of one person are no two people."""
    mine = {who.account, who.lent_by} - {0}
    if account in mine:
        return True
    people = Account.objects.filter(key__in=mine).exclude(subject="").values("subject")
    return Account.objects.filter(key=account, subject__in=people).exists()


def _entered(who: Actor, wanted: Wanted, title: Title, state: str) -> Appointment:
    number = f"RZ{legal_time.today():%Y%m%d}{secrets.token_hex(3).upper()}"
    told("proposed" if state == "proposed" else "decided", number, wanted, who.signature)
    with action(by=who.signature, reason=wanted.reason) as act:
        return act.create(
            Appointment,
            number=number,
            account=wanted.account,
            body=wanted.body,
            role=wanted.role,
            title_zh=title.zh,
            title_en=title.en,
            first=wanted.first,
            last=wanted.last,
            why=wanted.reason,
            proposed_by=who.account,
            proposed_for=who.lent_by,
            proposed_name=who.name,
            state=state,
        )


def may_decide(made: Appointment, who: Actor) -> bool:
    """The head of a body above, who neither proposed it nor is to hold the post."""
    if made.state != "proposed" or who.role != HEAD or who.body not in confirming(made.body):
        return False
    apart = {made.account, made.proposed_by, made.proposed_for} - {0}
    return not any(is_own(who, account) for account in apart)


def to_decide(who: Actor) -> list[Appointment]:
    """What waits for somebody as the second person, the oldest first."""
    if who.role != HEAD:
        return []
    rows = Appointment.objects.filter(state="proposed")
    bodies = rows.exclude(body=who.body).values_list("body", flat=True).distinct()
    below = [body for body in bodies if who.body in confirming(body)]
    return [one for one in rows.filter(body__in=below).order_by("key") if may_decide(one, who)]


def decide(who: Actor, made: Appointment, agreed: bool, words: str) -> Appointment:
    """The second person agrees or refuses. Raises NotPossible."""
    with transaction.atomic():
        # Whose account is locked is not appointed, but can be refused.
        made = _held(made, active=agreed)
        if not may_decide(made, who):
            raise NotPossible("done" if made.state != "proposed" else "not_yours")
        now = _today(wanted_of(made)) if agreed else wanted_of(made)
        if agreed:
            _fits(now, made.key)
        told("confirmed" if agreed else "refused", made.number, now, who.signature)
        with action(by=who.signature, reason=words) as act:
            done = act.change(
                made,
                state="planned" if agreed else "refused",
                first=now.first,
                decided_by=who.account,
                decided_name=who.name,
                decision=words,
            )
        return _begun(done, who.signature) if agreed else done


def withdraw(who: Actor, made: Appointment) -> Appointment:
    """Who may give the post takes back what has not begun. Raises NotPossible."""
    if not may_appoint(who, made.body, made.role):
        raise NotPossible("not_yours")
    with transaction.atomic():
        made = _held(made, active=False)
        if made.state not in Appointment.OPEN:
            raise NotPossible("done")
        told("withdrawn", made.number, wanted_of(made), who.signature)
        with action(by=who.signature, reason="appointment withdrawn") as act:
            return act.change(made, state="withdrawn")


def begin_due() -> int:
    """Posts whose day has come; returns how many began."""
    due = Appointment.objects.filter(state="planned", first__lte=legal_time.today())
    return sum(_begin(made) for made in due.order_by("key"))


def _begin(made: Appointment) -> bool:
    with transaction.atomic():
        made = _held(made, active=False)
        # Taken back since the list was made: then there is nothing to begin.
        return made.state == "planned" and _begun(made, SYSTEM).state == "held"


def _begun(made: Appointment, by: str) -> Appointment:
    """The holding, where its day has come and nothing has come between meanwhile."""
    today = legal_time.today()
    if made.first > today:
        return made
    why = _hindered(made, today)
    if why:
        with action(by=by, reason=f"could not begin: {why}") as act:
            return act.change(made, state="lapsed", decision=why)
    told("begun", made.number, wanted_of(made), by)
    with action(by=by, reason=made.why) as act:
        post = act.create(
            Holding,
            account=made.account,
            body=made.body,
            role=made.role,
            title_zh=made.title_zh,
            title_en=made.title_en,
        )
        if made.last is not None:
            act.end(post, on=made.last + timedelta(days=1))
        return act.change(made, state="held", holding=post.key)


def _hindered(made: Appointment, today: date) -> str:
    """over, locked, held or apart; empty where it may begin."""
    span = wanted_of(made).span
    if made.last is not None and made.last < today:
        return "over"
    if not Account.objects.filter(key=made.account, is_active=True).exists():
        return "locked"
    if spans.holds(made.account, span, made.key):
        return "held"
    return "apart" if spans.apart(made.account, span, made.key) else ""


def wanted_of(made: Appointment) -> Wanted:
    return Wanted(made.account, made.body, made.role, made.first, made.last, made.why)


def _today(wanted: Wanted) -> Wanted:
    """What was agreed to late begins on the day of the agreement. Raises NotPossible."""
    today = legal_time.today()
    if wanted.last is not None and wanted.last < today:
        raise NotPossible("days")
    first = max(wanted.first, today)
    return Wanted(wanted.account, wanted.body, wanted.role, first, wanted.last, wanted.reason)


def _days(wanted: Wanted) -> None:
    today = legal_time.today()
    early = wanted.first < today or (wanted.last is not None and wanted.last < wanted.first)
    if early or wanted.first > today + MOST_AHEAD:
        raise NotPossible("days")


def _fits(wanted: Wanted, but: int = 0) -> None:
    if spans.holds(wanted.account, wanted.span, but):
        raise NotPossible("held")
    why = spans.apart(wanted.account, wanted.span, but)
    if why:
        raise NotPossible("apart", why)


def _held(made: Appointment, active: bool) -> Appointment:
    """The appointment as it stands now, nobody else deciding on it. Raises NotPossible."""
    locked(made.account, active)
    return Appointment.objects.get(key=made.key)


def locked(account: int, active: bool = True) -> None:
    """Of two posts that are kept apart only one is given at once: the row is held."""
    row = Account.objects.select_for_update().filter(key=account, kind="official").first()
    if row is None or (active and not row.is_active):
        raise NotPossible("account")


def told(what: str, number: str, wanted: Wanted, by: str) -> None:
    """Write down what was done with a post, for whose account it is."""
    said = {
        "number": number,
        "body": wanted.body,
        "role": wanted.role,
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat() if wanted.last else "",
        "reason": wanted.reason,
        "by": by,
    }
    subjects = [("trust", wanted.account)]
    node_evidence.write([node_evidence.entry(f"trust.post_{what}", said, subjects)])
