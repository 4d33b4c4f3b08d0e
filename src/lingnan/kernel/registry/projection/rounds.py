"""Keeping the copies up to date while the node runs, and saying how old they are."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lingnan.kernel.registry.projection import manifest
from lingnan.kernel.registry.projection.layout import projected_types
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.runtime.api import legal_time

EVERY = 300.0
# A copy older than this is said to be old.
OLD = timedelta(minutes=30)


class Rounds:
    """The copies up to date every five minutes, and every register measured once a legal day.

    The worker alone does this: what counts takes memory that the web has no use for.
    """

    def __init__(self) -> None:
        self._next = 0.0
        self._measured: date | None = None

    def run(self) -> None:
        today = legal_time.today()
        if time.monotonic() < self._next and today == self._measured:
            return
        self._next = time.monotonic() + EVERY
        from lingnan.kernel.registry.projection.building import all_up_to_date
        from lingnan.kernel.registry.quality.measuring import measure_all

        with legal_time.hold():
            all_up_to_date()
            if today != self._measured:
                measure_all()
                self._measured = today


@dataclass(frozen=True)
class Age:
    """A register's copy: how many statements, and since when (None: there is none)."""

    register: str
    rows: int
    made: datetime | None

    @property
    def old(self) -> bool:
        return self.made is None or is_old(self.made)


def is_old(made: datetime) -> bool:
    """Whether a copy brought up to date then has aged, by the machine's clock."""
    return datetime.now(UTC) - made > OLD


def ages() -> list[Age]:
    """Of every register that declares a copy."""
    found = []
    for model in projected_types():
        state = manifest.read(model)
        rows, made = (state.rows, state.made) if state else (0, None)
        found.append(Age(context_of(model), rows, made))
    return found
