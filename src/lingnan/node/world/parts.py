"""A plan cut into parts of bounded size, each of which is drawn by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lingnan.node.world.calibration import Calibration, calibration
from lingnan.node.world.data import FEATURED
from lingnan.node.world.plan import Counted, Plan
from lingnan.node.world.rounding import Counts, apportion, share, spread


@dataclass(frozen=True)
class Part:
    """A unit's residents come in parts of bounded size; `first_*` count what came before it."""

    unit: int
    number: int
    counts: Counted
    first_resident: int
    first_household: int
    first_firm: int


# So many residents make one part: what bounds the memory.
PART = 24_000


def parts(planned: Plan) -> Iterator[Part]:
    """The parts of a plan: those in which the featured are first, then by unit."""
    collective = int(planned_members(calibration()))
    residents = households = firms = 0
    for unit, number, counts in _in_order(planned):
        yield Part(unit, number, counts, residents, households, firms)
        residents += int(counts.residents)
        households += int(counts.sizes.sum()) + -(-int(counts.collective) // collective)
        firms += int(counts.businesses + counts.enterprises)


def planned_members(known: Calibration) -> int:
    return int(known.parameters["collective_members"])


def _in_order(planned: Plan) -> Iterator[tuple[int, int, Counted]]:
    featured = [r for r, unit in enumerate(planned.units) if unit.code in FEATURED]
    for unit in featured:
        yield unit, 0, next(_split(planned, unit))
    for unit in range(len(planned.units)):
        for number, counts in enumerate(_split(planned, unit)):
            if counts.residents and not (number == 0 and unit in featured):
                yield unit, number, counts


def _split(planned: Plan, unit: int) -> Iterator[Counted]:
    whole = planned.counts.row(unit)
    pieces = -(-int(whole.residents) // PART)
    if pieces <= 1:
        yield whole
        return
    yield from _pieces(whole, pieces)


def _pieces(whole: Counted, pieces: int) -> Iterator[Counted]:
    even = np.ones(pieces)
    households = apportion(even, int(whole.sizes.sum()))
    expected = households[:, None] * (whole.sizes / max(whole.sizes.sum(), 1))[None, :]
    sizes = spread(expected, households, whole.sizes)
    collective = apportion(even, int(whole.collective))
    residents = (sizes * np.arange(1, 9)).sum(axis=1) + collective
    of = residents / residents.sum()

    def cells(columns: Counts) -> Counts:
        return spread(of[:, None] * columns[None, :], residents, columns)

    away = share(of * whole.away, residents, int(whole.away))
    rest = int(whole.residents - whole.education.sum())
    found = Counted(
        residents=residents,
        collective=collective,
        sizes=sizes,
        cells=cells(whole.cells),
        urban=share(of * whole.urban, residents, int(whole.urban)),
        away=away,
        near=share(away * whole.near / max(whole.away, 1), away, int(whole.near)),
        minorities=share(of * whole.minorities, residents, int(whole.minorities)),
        education=cells(np.array([*whole.education, rest]))[:, :-1],
        businesses=apportion(even, int(whole.businesses)),
        enterprises=apportion(even, int(whole.enterprises)),
    )
    for place in range(pieces):
        yield found.row(place)
