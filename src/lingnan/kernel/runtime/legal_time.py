"""Legal time: one injected clock for every limit, validity and parameter.

A demonstration province stands at a stored business instant that only `advance` moves; a
real node's legal time is the system's. Certificates, sessions and time-stamps use system
time, never this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from lingnan.kernel.runtime import statements

CHINA = ZoneInfo("Asia/Shanghai")
DEMONSTRATION_START = datetime.combine(date(2026, 3, 2), time(9, 0), CHINA)

_held: ContextVar[datetime | None] = ContextVar("legal_time", default=None)


class RealNode(Exception):
    """Legal time of a real node cannot be moved."""


def is_demonstration() -> bool:
    return settings.MODE == "demonstration"


def now() -> datetime:
    """The legal instant, aware, in China's time zone."""
    held = _held.get()
    if held is not None:
        return held
    if not is_demonstration():
        return timezone.now().astimezone(CHINA)
    return (_stored() or DEMONSTRATION_START).astimezone(CHINA)


def _stored() -> datetime | None:
    """The newest business instant. Written out: everything that is dated asks for it."""
    found_rows = statements.unchanged(_newest())
    found: datetime | None = found_rows[0][0] if found_rows else None
    # SQLite has no zones: what it keeps is of UTC.
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


@cache
def _newest() -> str:
    from lingnan.kernel.runtime.models import BusinessInstant

    table = connection.ops.quote_name(BusinessInstant._meta.db_table)
    return f"SELECT instant FROM {table} ORDER BY id DESC LIMIT 1"


def today() -> date:
    return now().date()


@contextmanager
def hold() -> Iterator[datetime]:
    """Read legal time once and keep it for a request or a batch."""
    found = now()
    token = _held.set(found)
    try:
        yield found
    finally:
        _held.reset(token)


def move_to(instant: datetime) -> datetime:
    """Set the business instant of a demonstration; it never goes back.

    Raises RealNode on a real node, ValueError for an earlier instant.
    """
    from lingnan.kernel.runtime.models import BusinessInstant

    if not is_demonstration():
        raise RealNode
    if instant < now():
        raise ValueError("legal time never goes back")
    BusinessInstant.objects.create(instant=instant)
    _held.set(None)
    return now()
