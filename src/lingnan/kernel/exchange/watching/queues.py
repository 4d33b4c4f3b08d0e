"""What waits at this node, how much, since when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.following import asking
from lingnan.kernel.exchange.following.models import Following
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.trust.api import checkpoints

MOST = 1000
"""Counted, and looked at for the oldest, no further than this."""
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Queue:
    """`oldest`: since when the first waits; `waits`: how many seconds. `stuck`: it waits for an
    operator, not for time."""

    code: str
    number: int
    oldest: datetime | None
    waits: float = 0.0
    stuck: bool = False


def queues(now: datetime | None = None) -> list[Queue]:
    """Each that there is, also an empty one. What is recorded at legal time waits by legal time."""
    moment, legal = now or datetime.now(UTC), legal_time.now()
    dead = Telling.objects.filter(state="dead")
    asked = Following.objects.filter(state__in=("wanted", "ending"))
    given = Handover.objects.filter(state__in=("reading", "waiting"))
    refused = Handover.objects.filter(state__in=("dead", "refused"), returned=False)
    return [
        _queue("outbox", legal, Outgoing.objects.filter(taken_at=None), _first("recorded_at")),
        _queue("tellings", legal, Telling.objects.filter(state="waiting"),
               _first("outgoing__recorded_at")),
        _queue("dead", moment, dead, _first("finished_at"), stuck=True),
        _queue("followings", moment, asked, _begun(asking.LONGEST_WAIT)),
        _queue("handovers", moment, given, _first("begun_at")),
        _queue("not_taken", moment, refused, _first("finished_at"), stuck=True),
        _queue("unstamped", moment, checkpoints.unstamped(), _first("at")),
    ]  # fmt: skip


def _queue(
    code: str, now: datetime, rows: Rows, oldest: Callable[[Rows], datetime | None],
    stuck: bool = False,
) -> Queue:  # fmt: skip
    number = len(rows.values_list("pk")[: MOST + 1])
    first = oldest(rows) if number else None
    waits = (now - first).total_seconds() if first is not None else 0.0
    return Queue(code, number, first, max(0.0, waits), stuck)


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
