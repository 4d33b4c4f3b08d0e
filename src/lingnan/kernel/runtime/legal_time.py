"""Legal time: one injected clock for every limit, validity and parameter.

A demonstration province stands at a stored business instant that only `advance` moves; a
real node's legal time is the system's. Certificates, sessions and time-stamps use system
time, never this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

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
    from lingnan.kernel.runtime.models import BusinessInstant

    stored = BusinessInstant.objects.order_by("-id").values_list("instant", flat=True).first()
    return (stored or DEMONSTRATION_START).astimezone(CHINA)


def today() -> date:
    return now().date()


@contextmanager
def hold() -> Iterator[datetime]:
    """Read legal time once and keep it for a request or a batch."""
    token = _held.set(now())
    try:
        yield now()
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
