"""Disclosure control of tables of many places by two dimensions, one table for each place.

The first dimension makes groups (men, women), the second categories in each of them (ages). Each
place has its table, and all places together have one: the sums. What is known of groups alone is
settled before. All of it is one circulation: a place's categories flow into its group, its groups
into its total, and every category into that of all places; so that the interval of what is
withheld, for who knows every table, is found exactly. A category's count over all groups is told
only where each of the groups' is, and so tells nothing.
"""

from collections.abc import Sequence
from itertools import product

from lingnan.kernel.registry.statistics.disclosure import LEAST, Cell, Counts, Table, complete

# Counts of a place: group → category.
Place = Counts
# Place (one more for all together), group, category.
Spot = tuple[int, int, int]


class Groups(Table):
    """A row for each place and one for all: the categories of a group, its total; all groups'."""

    def __init__(self, places: Sequence[Place], hidden: set[Cell]) -> None:
        self.groups, self.width = len(places[0]), len(places[0][0]) + 1
        lines = [_line(place) for place in places]
        lines.append([sum(column) for column in zip(*lines, strict=True)])
        known = {(row, self._total(group)) for row, group in hidden}
        super().__init__(lines, known | self._whole({row for row, _group in hidden}))

    def _total(self, group: int) -> int:
        return group * self.width + (self.width - 1 if group < self.groups else 0)

    def _whole(self, rows: set[int]) -> set[Cell]:
        """Every category of these places: what their groups are is not known either."""
        columns = range(self.groups * self.width)
        return {cell for cell in product(rows, columns) if self.may(cell)}

    def may(self, cell: Cell) -> bool:
        """What is known of groups stays as it is."""
        return cell[1] < self.groups * self.width and cell[1] % self.width < self.width - 1

    def total(self, cell: Cell) -> bool:
        return cell[0] == self.rows - 1

    def beside(self, cell: Cell) -> range:
        start = cell[1] // self.width * self.width
        return range(start, start + self.width - 1)

    def ends(self, cell: Cell) -> tuple[int, int]:
        """From a place's group into the category of all; from its total into its group. The totals
        meet in a node of their own; for all places together everything flows the other way."""
        row, column = cell
        group = column // self.width
        base = self.columns + row * (self.groups + 1)
        if self.may(cell):
            start, end = base + group, column
        elif group < self.groups:
            start, end = base + self.groups, base + group
        else:
            start, end = -1, base + self.groups
        return (end, start) if row == self.rows - 1 else (start, end)

    def spot(self, cell: Cell) -> Spot:
        return (cell[0], *divmod(cell[1], self.width))


def _line(place: Place) -> list[int]:
    groups = [[*group, sum(group)] for group in place]
    return [*(count for group in groups for count in group), sum(group[-1] for group in groups)]


def withheld_of_each(places: Sequence[Place], hidden: set[Cell], least: int = LEAST) -> set[Spot]:
    """The categories not to be published of places and, last, of all places together.

    places  counts by group and category; every place has the same ones
    hidden  what is withheld of the table of the places by group, with its totals: place (all of
            them last), group (their total last). Of such a place no category is published.
    """
    if not places or not places[0] or not places[0][0]:
        return set()
    table = Groups(places, hidden)
    inner = [cell for cell in product(range(table.rows), range(table.columns)) if table.may(cell)]
    for cell in inner:
        if 0 < table.value(cell) < least:
            table.withhold(cell)
    complete(table, _secret(table), least)
    if any(sum(table.room(cell, least)) < least for cell in _secret(table)):
        # The places tell nothing then, so that all of them together can be told.
        for cell in inner:
            if cell[0] < table.rows - 1:
                table.withhold(cell)
        complete(table, _secret(table), least)
    return {table.spot(cell) for cell in table.withheld if table.may(cell)}


def _secret(table: Groups) -> list[Cell]:
    return [cell for cell in table.withheld if table.may(cell) and table.value(cell)]
