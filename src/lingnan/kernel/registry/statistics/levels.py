"""Disclosure control across two levels: a county's townships below the table of the counties.

The table of the counties stays as it is published. What is withheld in a county's line is withheld
of all its townships, so that its counts keep the intervals they had: whatever the line may be,
townships can be found for it. The totals of townships are withheld alike in every table of a
county, for they are reckoned without its other dimension. What else it takes is withheld inside
the table. Both tables are one circulation (a county's count flows on from those of its townships),
so that the interval in which a withheld count must lie, for who knows both, is found exactly.

Covered: both tables together, of as many counties as one likes; tables of one county by different
dimensions, as far as totals tell. Not covered: tables of different days, of different readers'
divisions, and what three-way tables of counties tell of a township.
"""

from collections.abc import Sequence
from itertools import product

from lingnan.kernel.registry.statistics.disclosure import (
    LEAST,
    Cell,
    Counts,
    Table,
    complete,
    with_totals,
)


class Levels(Table):
    """A county's townships, then the counties with their totals: rows of one circulation.

    above   counts of the counties with totals; `place` is the county's row among them
    below   counts of its townships with their totals, the county's line not among them
    """

    def __init__(
        self, above: Counts, place: int, below: Counts, hidden: set[Cell], withheld: set[Cell]
    ) -> None:
        self.townships, self.county = len(below), len(below) + place
        higher = {(row + self.townships, column) for row, column in hidden}
        super().__init__([*below, *above], higher | withheld)

    @property
    def lines(self) -> range:
        return range(self.townships)

    def may(self, cell: Cell) -> bool:
        """Totals stay as they are: other tables of the county have the same."""
        return cell[0] < self.townships and cell[1] < self.columns - 1

    def ends(self, cell: Cell) -> tuple[int, int]:
        row, column = cell
        own, higher = self.rows + self.columns + column, self.rows + column
        if row < self.townships:
            start, end = row, own
        elif row == self.county:
            # That the line adds up follows from its townships: its node is left out.
            start, end = own, higher
        else:
            return super().ends(cell)
        return (end, start) if column == self.columns - 1 else (start, end)


def totals_below(totals: Sequence[int], hidden: bool, least: int = LEAST) -> set[int]:
    """The townships of a county whose totals are withheld; all where the county's is `hidden`.

    Those from one to below `least`, and of the others the smallest, until at least two are
    withheld that have at least `least` together: each could be nought or all of it.
    """
    if hidden:
        return set(range(len(totals)))
    found = {row for row, count in enumerate(totals) if 0 < count < least}
    others = sorted((count, row) for row, count in enumerate(totals) if count >= least)
    while found and others and (len(found) < 2 or sum(totals[row] for row in found) < least):
        found.add(others.pop(0)[1])
    return found


def withheld_below(
    above: Counts,
    hidden: set[Cell],
    place: int,
    below: Counts,
    totals: set[int],
    least: int = LEAST,
) -> set[Cell]:
    """What is not to be published of a county's townships by a dimension; totals included.

    above   counties by the dimension, `hidden` what is withheld in that table with its totals
    below   the townships of the county in row `place`, by the same; they add up to its row
    totals  the townships whose totals are withheld

    Raises ValueError where the townships do not add up to the county.
    """
    lines, columns = with_totals(below)[:-1], range(len(above[place]))
    if [sum(column) for column in zip(*below, strict=True)] != list(above[place]):
        raise ValueError("townships add up to their county")
    whole = {column for row, column in hidden if row == place}
    inner = set(product(range(len(lines)), columns))
    small = {(i, j) for i, j in inner if j in whole or 0 < lines[i][j] < least}
    own = small | {(row, len(columns)) for row in totals}
    table = Levels(with_totals(above), place, lines, hidden, set(own))
    complete(table, _secret(table, own), least)
    told = {cell for cell in table.withheld if cell[0] < len(lines)}
    if any(sum(table.room(cell, least)) < least for cell in _secret(table, told)):
        # All that remains is what the totals tell, and those stand in other tables too.
        told |= inner
    return told | {(row, len(columns)) for row in range(len(lines)) if len(columns) in whole}


def _secret(table: Levels, cells: set[Cell]) -> set[Cell]:
    """Those to be protected: no nought that goes with its column, nor what is all its county has
    where the county's line says it."""
    return {
        cell
        for cell in cells
        if table.value(cell)
        and not (
            table.value(cell) == table.value((table.county, cell[1]))
            and (table.county, cell[1]) not in table.withheld
        )
    }


def published_below(
    above: Counts,
    hidden: set[Cell],
    place: int,
    below: Counts,
    totals: set[int],
    least: int = LEAST,
) -> list[list[int | None]]:
    """The townships' rows with their totals, None where withheld; arguments of `withheld_below`."""
    told = withheld_below(above, hidden, place, below, totals, least)
    return [
        [None if (i, j) in told else count for j, count in enumerate(row)]
        for i, row in enumerate(with_totals(below)[:-1])
    ]
