"""Clocks that differ: how much is borne, and how it is said when it is more.

A machine whose clock was set wrong issues what nobody believes, and doubts what is right. So what
tells a later time than now, by more than is borne, is never passed over in silence.
"""

from datetime import UTC, datetime, timedelta

from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable

TOLERANCE = timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""


class ClocksDiffer(KeyStoreUnavailable):
    """Something tells a time that has not come by this machine's clock: one of the two is wrong."""

    def __init__(self, what: str, at: datetime, now: datetime) -> None:
        self.at, self.now = at, now
        super().__init__(
            f"{what} tells {at:%Y-%m-%d %H:%M:%S} UTC, the clock of this machine "
            f"{now:%Y-%m-%d %H:%M:%S} UTC: one of the two clocks is wrong"
        )


def ahead(at: datetime, now: datetime | None = None) -> bool:
    """Whether a moment (with its time zone) has not come yet, by more than two clocks may
    differ."""
    return at > (now or datetime.now(UTC)) + TOLERANCE


def demand(what: str, at: datetime) -> None:
    """Raises `ClocksDiffer` where a moment has not come yet."""
    now = datetime.now(UTC)
    if ahead(at, now):
        raise ClocksDiffer(what, at, now)


def told(at: datetime) -> dict[str, str]:
    """For the words of a check: the moment, this machine's clock, the minutes that are borne."""
    minutes = int(TOLERANCE.total_seconds() // 60)
    now = datetime.now(UTC).isoformat()
    return {"at": at.isoformat(), "now": now, "minutes": str(minutes)}
