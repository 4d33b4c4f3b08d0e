"""What of a table may be told: counts below the least, sums that one subject dominates, what was
withheld before, and as many others as it takes to protect them."""

from collections.abc import Callable, Sequence

from lingnan.kernel.exchange.aggregates.reckoning import Cell
from lingnan.kernel.registry.statistics import disclosure
from lingnan.kernel.registry.statistics.disclosure import LEAST

# Parameter, unverified: the (1, k) dominance rule is in use with different k.
DOMINANT = 70
"""Per cent of a sum from which on its largest part dominates it."""
Spot = tuple[int, int]
Told = Callable[[Spot], bool]


class Guarded(disclosure.Table):
    """A table of which some cells were told before: to withhold those would hide nothing."""

    def __init__(self, totals: Sequence[Sequence[int]], withheld: set[Spot], told: Told) -> None:
        super().__init__(totals, withheld)
        self._told = told

    def may(self, cell: Spot) -> bool:
        return not self._told(cell)


def grid(cells: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The cells with a last column and a last row of totals."""
    rows = [[*row, _sum(row)] for row in cells]
    return [*rows, [_sum(column) for column in zip(*rows, strict=True)]] if rows else []


def _sum(cells: Sequence[Cell]) -> Cell:
    return Cell(
        sum(one.count for one in cells), sum(one.total for one in cells),
        max((one.largest for one in cells), default=0),
    )  # fmt: skip


def sensitive(cell: Cell, summed: bool, least: int = LEAST) -> bool:
    """Whether a cell by itself tells too much. A nought is no secret."""
    if 0 < cell.count < least:
        return True
    return summed and cell.total > 0 and cell.largest * 100 >= DOMINANT * cell.total


def withheld(
    cells: Sequence[Sequence[Cell]], summed: bool, before: set[Spot], told: Told, least: int = LEAST
) -> set[Spot] | None:
    """The spots that are not to be told, totals included; None where no withholding protects the
    table, because too much of it was told before.

    `before`: spots that were withheld once; `told`: whether a spot was told once. Of each withheld
    spot what is told allows an interval at least `least` wide; of sums, as wide as the largest part
    of any that is withheld.
    """
    whole = grid(cells)
    values = [[one.total if summed else one.count for one in row] for row in whole]
    if not values:
        return set()
    small = {
        (i, j) for i, row in enumerate(whole) for j, one in enumerate(row)
        if sensitive(one, summed, least)
    } | before  # fmt: skip
    small = {spot for spot in small if not told(spot)}
    width = max([least, *(whole[i][j].largest for i, j in small)]) if summed else least
    table = Guarded(values, set(small), told)
    disclosure.complete(table, small, width)
    open_ = [spot for spot in table.withheld if sum(table.room(spot, width)) < width]
    unsafe = [(i, j) for i, j in open_ if values[i][j] and whole[i][j].count]
    return None if unsafe else table.withheld
