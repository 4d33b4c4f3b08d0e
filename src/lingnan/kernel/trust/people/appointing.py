"""Giving a post and ending it. Nobody appoints themselves; what is kept apart takes two people."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.access import at_level, official
from lingnan.kernel.trust.actors import Actor, superiors
from lingnan.kernel.trust.delegation import separation
from lingnan.kernel.trust.models import Account, Appointment, Body, Holding
from lingnan.kernel.trust.people import spans

HEAD, OPERATOR = "head", "operator"
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


def roles(body: Body) -> dict[str, Title]:
    """The posts that bodies of the same function and tier have, and that of a head."""
    alike = Body.objects.filter(function=body.function, tier=body.tier, ended=False)
    held = Holding.objects.filter(body__in=alike.values("code"), ended=False)
    rows = held.values_list("role", "title_zh", "title_en").distinct().order_by("role")
    return {HEAD: Title("负责人", "Head")} | {role: Title(zh, en) for role, zh, en in rows}


def may_appoint(who: Actor, body: str, role: str) -> bool:
    """The head of a body gives its posts, except that of a head, which an operator gives."""
    if role == HEAD:
        return who.role == OPERATOR and who.function == "data"
    return who.role == HEAD and who.body == body


def takes_two(role: str) -> bool:
    return role in separation.SENSITIVE


def confirming(body: str) -> list[str]:
    """The bodies whose heads confirm what concerns a body: those above it, nearest first, then the
    people's government of the province; for that the province's data body."""
    rows = Body.objects.filter(tier="province", ended=False).exclude(code=body)
    top = list(rows.filter(function="government").values_list("code", flat=True))
    found = [*superiors(body)[1:], *top]
    return found or list(rows.filter(function="data").values_list("code", flat=True))


def nearest_confirming(body: str) -> str:
    """The first of them that has a head; empty where none has."""
    bodies = confirming(body)
    rows = Holding.objects.filter(role=HEAD, body__in=bodies, ended=False)
    headed = set(rows.values_list("body", flat=True))
    return next((code for code in bodies if code in headed), "")


def appoint(who: Actor, wanted: Wanted) -> Appointment:
    """The post from its day on, or a proposal where a second person has to agree. Raises
    NotPossible."""
    if not may_appoint(who, wanted.body, wanted.role):
        raise NotPossible("not_yours")
    if wanted.account in (who.account, who.lent_by):
        raise NotPossible("oneself")
    _days(wanted)
    body = Body.objects.get(code=wanted.body)
    title = roles(body).get(wanted.role)
    if title is None:
        raise NotPossible("role")
    with transaction.atomic():
        _locked(wanted.account)
        _fits(wanted)
        two = takes_two(wanted.role)
        made = _entered(who, wanted, title, "proposed" if two else "planned")
        return made if two else _begun(made, who.signature)


def _entered(who: Actor, wanted: Wanted, title: Title, state: str) -> Appointment:
    number = f"RZ{legal_time.today():%Y%m%d}{secrets.token_hex(3).upper()}"
    _told("proposed" if state == "proposed" else "decided", number, wanted, who.signature)
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
    apart = {made.account, made.proposed_by, made.proposed_for} - {0}
    return (
        made.state == "proposed"
        and who.role == HEAD
        and who.body in confirming(made.body)
        and not apart & {who.account, who.lent_by}
    )


def decide(who: Actor, made: Appointment, agreed: bool, words: str) -> Appointment:
    """The second person agrees or refuses. Raises NotPossible."""
    if not may_decide(made, who):
        raise NotPossible("done" if made.state != "proposed" else "not_yours")
    with transaction.atomic():
        _locked(made.account)
        now = _today(wanted_of(made)) if agreed else wanted_of(made)
        if agreed:
            _fits(now, made.key)
        _told("confirmed" if agreed else "refused", made.number, now, who.signature)
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
    if made.state not in Appointment.OPEN:
        raise NotPossible("done")
    _told("withdrawn", made.number, wanted_of(made), who.signature)
    with action(by=who.signature, reason="appointment withdrawn") as act:
        return act.change(made, state="withdrawn")


def end(who: Actor, post: Holding, last: date | None, reason: str) -> Holding:
    """The post ends after a day, or now. Raises NotPossible."""
    today = legal_time.today()
    if post.ended or not may_appoint(who, post.body, post.role):
        raise NotPossible("not_yours")
    if post.account in (who.account, who.lent_by):
        raise NotPossible("oneself")
    fixed = spans.last_days([post.key]).get(post.key)
    latest = fixed or today + MOST_AHEAD
    if last is not None and not today <= last <= latest:
        raise NotPossible("days")
    others = Holding.objects.filter(role=post.role, ended=False).exclude(key=post.key)
    if post.role == OPERATOR and not others.exists():
        raise NotPossible("last")
    wanted = Wanted(post.account, post.body, post.role, post.valid_from, last or today, reason)
    _told("ended", "", wanted, who.signature)
    with action(by=who.signature, reason=reason) as act:
        return act.end(post, on=last + timedelta(days=1) if last is not None else None)


def begin_due() -> int:
    """Posts whose day has come; returns how many began."""
    due = Appointment.objects.filter(state="planned", first__lte=legal_time.today())
    count = 0
    for made in due.order_by("key"):
        with transaction.atomic():
            _locked(made.account, active=False)
            count += _begun(made, SYSTEM).state == "held"
    return count


def _begun(made: Appointment, by: str) -> Appointment:
    """The holding, where its day has come and nothing has come between meanwhile."""
    today = legal_time.today()
    if made.first > today:
        return made
    why = _hindered(made, today)
    if why:
        with action(by=by, reason=f"could not begin: {why}") as act:
            return act.change(made, state="lapsed", decision=why)
    _told("begun", made.number, wanted_of(made), by)
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


def open_at(bodies: list[str]) -> QuerySet[Appointment]:
    """What has not begun at these bodies, oldest first."""
    rows = Appointment.objects.filter(body__in=bodies, state__in=Appointment.OPEN)
    return rows.order_by("first", "key")


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


def _locked(account: int, active: bool = True) -> None:
    """Of two posts that are kept apart only one is given at once: the row is held."""
    row = Account.objects.select_for_update().filter(key=account, kind="official").first()
    if row is None or (active and not row.is_active):
        raise NotPossible("account")


def _told(what: str, number: str, wanted: Wanted, by: str) -> None:
    told = {
        "number": number,
        "body": wanted.body,
        "role": wanted.role,
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat() if wanted.last else "",
        "reason": wanted.reason,
        "by": by,
    }
    subjects = [("trust", wanted.account)]
    node_evidence.write([node_evidence.entry(f"trust.post_{what}", told, subjects)])
