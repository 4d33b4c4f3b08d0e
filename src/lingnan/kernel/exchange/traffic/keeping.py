"""Writing the count down, and making it smaller with time: by minute, by hour, by day."""

import atexit
import logging
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections, transaction

from lingnan.kernel.exchange.traffic import buckets
from lingnan.kernel.exchange.traffic.counting import Count, Line, Taken, counter
from lingnan.kernel.exchange.traffic.models import LONGEST, Traffic

logger = logging.getLogger(__name__)
EVERY = 5.0
"""Seconds between two writings of a process: what it loses at most when it is killed."""
MINUTE, HOUR, DAY = 60, 3600, 86_400
BY_MINUTE, BY_HOUR, KEPT = timedelta(hours=3), timedelta(days=8), timedelta(days=90)
"""House values: so long by minute, by hour, and at all."""
LATE = timedelta(seconds=90)
"""After a minute has ended, until then some process may still write of it."""
AT_ONCE = 2_000
_begun = threading.Lock()


def begin() -> None:
    """Have this process write what it counts, until it ends. Called twice, it is begun once."""
    if _begun.acquire(blocking=False):
        threading.Thread(target=_keep_at_it, name="traffic", daemon=True).start()
        atexit.register(flush)


def _keep_at_it() -> None:
    while True:
        time.sleep(EVERY)
        flush()
        close_old_connections()


def flush() -> int:
    """Write what was counted; returns how many lines. What cannot be written now is kept."""
    taken = counter.take()
    if not taken:
        return 0
    try:
        with transaction.atomic():
            Traffic.objects.bulk_create(_rows(taken), batch_size=500)
    except Exception:
        counter.give_back(taken)
        logger.warning("the traffic could not be written down; it is tried again", exc_info=True)
        return 0
    return len(taken)


def _rows(taken: Taken, span: int = 0) -> Iterable[Traffic]:
    for (at, line), count in taken.items():
        yield Traffic(
            at=datetime.fromtimestamp(at, UTC), span=span, **_fitting(line), number=count.number,
            size=count.size, last=datetime.fromtimestamp(count.last, UTC),
            durations=buckets.plain(count.durations),
        )  # fmt: skip


def _fitting(line: Line) -> dict[str, str]:
    """A name that is longer than a column holds (percent-encoded it may be) must not keep all the
    others from being written."""
    return {name: text[: LONGEST[name]] for name, text in line._asdict().items()}


def roll(now: datetime | None = None) -> int:
    """Parts of a minute into minutes, minutes that have aged into hours, those into days, and
    forget what is older than is kept; returns how many rows went."""
    now = now or datetime.now(UTC)
    gone = _together(0, MINUTE, _start_of(now - LATE, MINUTE))
    gone += _together(MINUTE, HOUR, _start_of(now - BY_MINUTE, HOUR))
    gone += _together(HOUR, DAY, _start_of(now - BY_HOUR, DAY))
    forgotten, _each = Traffic.objects.filter(at__lt=_start_of(now - KEPT, DAY)).delete()
    return gone + forgotten


def _start_of(at: datetime, span: int) -> datetime:
    """When the minute, hour or day began in which a moment lies."""
    return at - timedelta(seconds=at.timestamp() % span)


def _together(span: int, into: int, before: datetime) -> int:
    """Rows of one span as rows of a longer one, step by step: each count stands in one row at any
    moment. A part that comes late joins what stands already."""
    gone = 0
    while True:
        first = Traffic.objects.filter(span=span, at__lt=before).order_by("at").first()
        if first is None:
            return gone
        gone += _step(span, into, _start_of(first.at, into))


def _step(span: int, into: int, start: datetime) -> int:
    with transaction.atomic():
        within = Traffic.objects.filter(at__gte=start, at__lt=start + timedelta(seconds=into))
        rows = list(within.filter(span__in=(span, into)).select_for_update())
        found: Taken = {}
        for row in rows:
            found.setdefault((int(start.timestamp()), line_of(row)), Count()).add(count_of(row))
        ids = [row.pk for row in rows]
        for at in range(0, len(ids), AT_ONCE):
            Traffic.objects.filter(pk__in=ids[at : at + AT_ONCE]).delete()
        Traffic.objects.bulk_create(_rows(found, into), batch_size=500)
    return len(rows) - len(found)


def line_of(row: Traffic) -> Line:
    return Line(row.way, row.client, row.service, row.consumer_node, row.provider_node, row.outcome)


def count_of(row: Traffic) -> Count:
    return Count(row.number, row.size, row.last.timestamp(), buckets.read(row.durations))


class Rounds:
    """What the node's worker does, each minute."""

    EACH = 60.0

    def __init__(self) -> None:
        self._next = 0.0

    def run(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self.EACH
            roll()
