"""The day of the room: the copies up to date, every register measured by its rules."""

from lingnan.kernel.registry.projection.building import all_up_to_date
from lingnan.kernel.registry.projection.memory import given_back
from lingnan.kernel.registry.quality.measuring import measure_all
from lingnan.kernel.runtime.api import legal_time


def daily() -> int:
    with legal_time.hold(), given_back():
        all_up_to_date()
        return measure_all()
