"""The day of the room: every indicator anew."""

from lingnan.kernel.insight.values import compute_all
from lingnan.kernel.runtime.api import legal_time


def daily() -> int:
    with legal_time.hold():
        return compute_all()
