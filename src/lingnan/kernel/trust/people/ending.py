"""Ending a post: by who may give it, of nobody's self, and never the last operator's."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.models import Account, Holding
from lingnan.kernel.trust.people import spans
from lingnan.kernel.trust.people.appointing import (
    MOST_AHEAD,
    OPERATOR,
    NotPossible,
    Wanted,
    is_own,
    locked,
    may_appoint,
    told,
)


def end(who: Actor, post: Holding, last: date | None, reason: str) -> Holding:
    """The post ends after a day, or now. Raises NotPossible."""
    with transaction.atomic():
        operators = operators_held()
        locked(post.account, active=False)
        post = Holding.objects.get(key=post.key)
        _may_end(who, post, last)
        if post.role == OPERATOR and is_last(operators, post.account, post.key):
            raise NotPossible("last")
        day = last or legal_time.today()
        wanted = Wanted(post.account, post.body, post.role, post.valid_from, day, reason)
        told("ended", "", wanted, who.signature)
        with action(by=who.signature, reason=reason) as act:
            return act.end(post, on=last + timedelta(days=1) if last is not None else None)


def _may_end(who: Actor, post: Holding, last: date | None) -> None:
    if not may_appoint(who, post.body, post.role):
        raise NotPossible("not_yours")
    if post.ended:
        raise NotPossible("done")
    if is_own(who, post.account):
        raise NotPossible("oneself")
    today = legal_time.today()
    latest = spans.last_days([post.key]).get(post.key) or today + MOST_AHEAD
    if last is not None and not today <= last <= latest:
        raise NotPossible("days")


def operators_held() -> list[Holding]:
    """The posts of operators, held: of two that are ended or locked at once one waits."""
    rows = Holding.objects.select_for_update().filter(role=OPERATOR, ended=False)
    return list(rows.order_by("key"))


def is_last(operators: Sequence[Holding], account: int, post: int = 0) -> bool:
    """Whether nobody would be operator for good without an account, or without one post of it: who
    is locked out, or whose last day is fixed, is none who stays."""
    if not any(one.account == account for one in operators):
        return False
    ends = spans.last_days([one.key for one in operators])
    rows = Account.objects.filter(key__in=[one.account for one in operators], is_active=True)
    active = set(rows.values_list("key", flat=True))
    return not any(
        one.key not in ends and one.account in active
        and (one.key != post if post else one.account != account)
        for one in operators
    )  # fmt: skip
