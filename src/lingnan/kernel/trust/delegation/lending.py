"""Lending a post, ordering a substitute, and ending it.

Whoever acts under a lent post stays who it is: histories and evidence name both, and nobody
confirms their own proposal by it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.delegation import separation
from lingnan.kernel.trust.delegation.models import Delegation
from lingnan.kernel.trust.models import Account, Holding

# How long at most: a parameter of the platform, unverified.
MOST_DAYS = 90
HEAD = "head"


class NotPossible(Exception):
    """A post that cannot be lent so. `code`: not_yours, onwards, oneself, elsewhere, days, long,
    apart; `why` says more."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


@dataclass(frozen=True)
class Wanted:
    """A post to be lent: the key of its holding, to whose account, from when to when, and why."""

    post: int
    taker: int
    first: date
    last: date
    reason: str


def lend(who: Actor, wanted: Wanted) -> Delegation:
    """Lend one's own post, or as the head of its body order a substitute. Raises NotPossible."""
    post = Holding.objects.filter(key=wanted.post, body=who.body, ended=False).first()
    if post is None or who.acting_for:
        raise NotPossible("onwards" if who.acting_for else "not_yours")
    own = post.account == who.account
    if not own and who.role != HEAD:
        raise NotPossible("not_yours")
    _check(post, wanted)
    payload = {
        "body": who.body,
        "role": post.role,
        "by": who.signature,
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat(),
        "reason": wanted.reason,
    }
    node_evidence.write([node_evidence.entry("trust.post_lent", payload)])
    with action(by=who.signature, reason=wanted.reason) as act:
        return act.create(
            Delegation,
            post=post.key,
            giver=post.account,
            taker=wanted.taker,
            body=post.body,
            kind="delegated" if own else "ordered",
            first=wanted.first,
            last=wanted.last,
            why=wanted.reason,
            ordered_by=who.signature,
        )


def _check(post: Holding, wanted: Wanted) -> None:
    if wanted.taker == post.account:
        raise NotPossible("oneself")
    if wanted.first < legal_time.today() or wanted.last < wanted.first:
        raise NotPossible("days")
    if wanted.last - wanted.first >= timedelta(days=MOST_DAYS):
        raise NotPossible("long", str(MOST_DAYS))
    held = Holding.objects.filter(account=wanted.taker, ended=False)
    active = Account.objects.filter(key=wanted.taker, is_active=True).exists()
    if not active or not held.filter(body=post.body).exists():
        raise NotPossible("elsewhere")
    lent = _between(wanted.first, wanted.last).filter(taker=wanted.taker).values_list("post")
    roles = {post.role, *held.values_list("role", flat=True)}
    roles |= set(Holding.objects.filter(key__in=lent).values_list("role", flat=True))
    for _one, _other, why in separation.conflicts(roles):
        raise NotPossible("apart", str(why))


def end(who: Actor, key: int) -> bool:
    """End a loan: its giver, its taker, or the head of the body may. False where there is none."""
    row = Delegation.objects.filter(key=key, body=who.body, ended=False).first()
    if row is None or not (who.account in (row.giver, row.taker) or who.role == HEAD):
        return False
    payload = {"body": who.body, "by": who.signature}
    node_evidence.write([node_evidence.entry("trust.post_returned", payload)])
    with action(by=who.signature, reason="loan of a post ended") as act:
        act.end(row)
    return True


def _between(first: date, last: date) -> QuerySet[Delegation]:
    return Delegation.objects.filter(ended=False, first__lte=last, last__gte=first)


def of_body(code: str) -> list[Delegation]:
    """The loans of a body that run or are to come."""
    open_ = Q(body=code, ended=False, last__gte=legal_time.today())
    return list(Delegation.objects.filter(open_).order_by("first", "key"))
