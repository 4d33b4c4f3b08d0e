"""What waits at this node, how much, since when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.following import asking
from lingnan.kernel.exchange.following.models import Following
from lingnan.kernel.exchange.handing import sending
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.trust.api import checkpoints

MOST = 1000
"""Counted, and looked at for the oldest, no further than this."""
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Queue:
    """`oldest`: since when the first waits. `stuck`: it waits for an operator, not for time."""

    code: str
    number: int
    oldest: datetime | None
    stuck: bool = False


def queues() -> list[Queue]:
    """Each that there is, also an empty one."""
    asked = Following.objects.filter(state__in=("wanted", "ending"))
    given, refused = Handover.objects.filter(state="waiting"), ("dead", "refused")
    return [
        _queue("outbox", Outgoing.objects.filter(taken_at=None), _first("recorded_at")),
        _queue("tellings", Telling.objects.filter(state="waiting"),
               _first("outgoing__recorded_at")),
        _queue("dead", Telling.objects.filter(state="dead"), _first("finished_at"), stuck=True),
        _queue("followings", asked, _begun(asking.LONGEST_WAIT)),
        _queue("handovers", given, _begun(sending.LONGEST_WAIT)),
        _queue("not_taken", Handover.objects.filter(state__in=refused), _first("finished_at"),
               stuck=True),
        _queue("unstamped", checkpoints.unstamped(), _first("at")),
    ]  # fmt: skip


def _queue(
    code: str, rows: Rows, oldest: Callable[[Rows], datetime | None], stuck: bool = False
) -> Queue:
    number = len(rows.values_list("pk")[: MOST + 1])
    return Queue(code, number, oldest(rows) if number else None, stuck)


def _first(moment: str) -> Callable[[Rows], datetime | None]:
    def oldest(rows: Rows) -> datetime | None:
        found: datetime | None = rows.aggregate(at=Min(moment))["at"]
        return found

    return oldest


def _begun(longest: timedelta) -> Callable[[Rows], datetime | None]:
    """Of what is tried again and again, only the next attempt is kept, and how many there were."""

    def oldest(rows: Rows) -> datetime | None:
        told = rows.order_by("-attempts", "next_at").values_list("next_at", "attempts")[:MOST]
        return min((at - waited(attempts, longest) for at, attempts in told), default=None)

    return oldest


def waited(attempts: int, longest: timedelta) -> timedelta:
    """How long something has waited that failed so often, until its next attempt."""
    waits = (outward.next_wait(one, longest) for one in range(attempts))
    return sum(waits, timedelta())
