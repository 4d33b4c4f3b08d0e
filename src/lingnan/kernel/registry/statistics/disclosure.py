"""Disclosure control of tables of counts: small cells withheld so that totals do not betray them.

A table is rows of counts. With its totals it is one row and one column longer, the corner being
the total of all. Each line of it is an equation, so that the table is a circulation: cells are
edges between lines, and the interval in which a withheld cell must lie, for who knows all that is
published, is found exactly by two flows.

What this does not do: it protects one table (`levels` protects one with what stands below it). Who
may ask for many overlapping tables can compare them; `rounded` makes that harder, not impossible.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

# Parameters, unverified: practice differs between statistical offices (3, 5, 10 are in use), and
# no national rule on a least count has been read.
LEAST = 10
BASE = 5
# How many rows and columns are looked at first for what is withheld beside a small count.
NEAR = 12

Counts = Sequence[Sequence[int]]
Cell = tuple[int, int]


def with_totals(counts: Counts) -> list[list[int]]:
    """The table, one row and one column longer. Raises ValueError on uneven or negative rows."""
    if len({len(row) for row in counts}) > 1 or any(n < 0 for row in counts for n in row):
        raise ValueError("a table of counts has even rows and nothing below nought")
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]] if rows else []


class Table:
    """A table with its totals, and which of its cells are withheld."""

    def __init__(self, totals: Sequence[Sequence[int]], withheld: set[Cell]) -> None:
        self.values, self.withheld = totals, withheld
        self.rows, self.columns = len(totals), len(totals[0])
        self._links: dict[int, list[tuple[int, Cell, bool]]] = {}
        for cell in withheld:
            self._link(cell)

    def withhold(self, cell: Cell) -> None:
        if cell not in self.withheld:
            self.withheld.add(cell)
            self._link(cell)

    def value(self, cell: Cell) -> int:
        return self.values[cell[0]][cell[1]]

    def total(self, cell: Cell) -> bool:
        """Whether a cell is the total of a line (the corner is the total of totals)."""
        return (cell[0] == self.rows - 1) != (cell[1] == self.columns - 1)

    def may(self, cell: Cell) -> bool:
        """Whether a cell may be withheld for the sake of another one."""
        return True

    @property
    def lines(self) -> range:
        """The rows in which such cells are looked for."""
        return range(self.rows)

    def beside(self, cell: Cell) -> range:
        """The columns in which such cells are looked for."""
        return range(self.columns)

    def ends(self, cell: Cell) -> tuple[int, int]:
        """The nodes that a cell's count flows from and to."""
        row, column = cell[0], self.rows + cell[1]
        return (column, row) if self.total(cell) else (row, column)

    def _link(self, cell: Cell) -> None:
        start, end = self.ends(cell)
        self._links.setdefault(start, []).append((end, cell, True))
        self._links.setdefault(end, []).append((start, cell, False))

    def room(self, cell: Cell, most: int) -> tuple[int, int]:
        """How far a withheld cell could lie below and above its count; neither beyond `most`."""
        start, end = self.ends(cell)
        below = min(self.value(cell), most)
        return self._flow(start, end, cell, below), self._flow(end, start, cell, most)

    def _flow(self, source: int, sink: int, without: Cell, most: int) -> int:
        """The greatest flow through withheld cells, counts falling to nought or rising freely."""
        moved: dict[Cell, int] = {}
        found = 0
        while found < most:
            path = self._path(source, sink, without, moved)
            if path is None:
                break
            falling = [self.value(c) + moved.get(c, 0) for c, rises in path if not rises]
            step = min([most - found, *falling])
            for cell, rises in path:
                moved[cell] = moved.get(cell, 0) + (step if rises else -step)
            found += step
        return found

    def _path(
        self, source: int, sink: int, without: Cell, moved: dict[Cell, int]
    ) -> list[tuple[Cell, bool]] | None:
        came: dict[int, tuple[int, Cell, bool]] = {}
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for further, cell, rises in self._links.get(node, ()):
                if cell == without or further in came or further == source:
                    continue
                if not rises and self.value(cell) + moved.get(cell, 0) <= 0:
                    continue
                came[further] = (node, cell, rises)
                if further == sink:
                    return _back(came, source, sink)
                waiting.append(further)
        return None


def _back(
    came: dict[int, tuple[int, Cell, bool]], source: int, sink: int
) -> list[tuple[Cell, bool]]:
    path: list[tuple[Cell, bool]] = []
    while sink != source:
        sink, cell, rises = came[sink]
        path.append((cell, rises))
    return path


def withheld(counts: Counts, least: int = LEAST) -> set[Cell]:
    """The cells, totals included, that are not to be published.

    Those from one to below `least`, and as many others as it takes that of each withheld cell the
    published rest allows an interval at least `least` wide. A nought is no secret and stays.
    """
    totals = with_totals(counts)
    if not totals:
        return set()
    small = {
        (i, j) for i, row in enumerate(totals) for j, count in enumerate(row) if 0 < count < least
    }
    table = Table(totals, set(small))
    complete(table, small, least)
    return table.withheld


def complete(table: Table, cells: Iterable[Cell], least: int) -> None:
    """Withhold as much more as it takes that each of these withheld cells, and what is added, has
    an interval at least `least` wide; as far as there is something to withhold."""
    waiting = deque(sorted(cells))
    while waiting:
        cell = waiting.popleft()
        if sum(table.room(cell, least)) >= least:
            continue
        added = _companions(table, cell, least)
        for one in added:
            table.withhold(one)
        waiting.extend(added)
        if added:
            waiting.append(cell)


def _companions(table: Table, cell: Cell, least: int) -> list[Cell]:
    """The corners, to be withheld too, of the cheapest rectangle that gives a cell room."""
    near = _best(table, cell, least, *_near(table, cell))
    if near is not None and not near[0][0]:
        return near[1]
    found = _best(table, cell, least, table.lines, table.beside(cell))
    return found[1] if found else []


def _near(table: Table, cell: Cell) -> tuple[list[int], list[int]]:
    """The rows and columns in which a companion costs least: nearly always enough."""
    i, j = cell

    def cost(one: Cell) -> int:
        return -1 if one in table.withheld else _cost(table, one)

    rows = sorted(table.lines, key=lambda row: cost((row, j)))
    columns = sorted(table.beside(cell), key=lambda column: cost((i, column)))
    return rows[:NEAR], columns[:NEAR]


def _best(
    table: Table, cell: Cell, least: int, rows: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[int, int], list[Cell]] | None:
    best: tuple[tuple[int, int], list[Cell]] | None = None
    for corners in _rectangles(cell, rows, columns):
        new = [one for one in corners if one not in table.withheld]
        if not new or not all(map(table.may, new)):
            continue
        lacking = max(0, least - _gain(table, cell, corners))
        cost = sum(_cost(table, one) for one in new)
        if best is None or (lacking, cost) < best[0]:
            best = (lacking, cost), new
    return best


def _rectangles(
    cell: Cell, rows: Sequence[int], columns: Sequence[int]
) -> Iterator[tuple[Cell, Cell, Cell]]:
    i, j = cell
    for row in rows:
        for column in columns:
            if row != i and column != j:
                yield (i, column), (row, j), (row, column)


def _gain(table: Table, cell: Cell, corners: tuple[Cell, Cell, Cell]) -> int:
    """How wide an interval the rectangle alone gives the cell; what rises has no bound."""
    own = table.total(cell)
    near = corners[:2]
    falls = [table.value(one) for one in near if table.total(one) == own]
    falls += [table.value(corners[2])] if table.total(corners[2]) != own else []
    sinks = [table.value(one) for one in near if table.total(one) != own]
    sinks += [table.value(corners[2])] if table.total(corners[2]) == own else []
    endless = 2**62
    return min([endless, *falls]) + min([table.value(cell), *sinks])


def _cost(table: Table, cell: Cell) -> int:
    """What is lost by withholding: the count; a total is dear, the total of all dearest."""
    edges = (cell[0] == table.rows - 1) + (cell[1] == table.columns - 1)
    return table.value(cell) + 1 + edges * 10**9


def published(counts: Counts, least: int = LEAST) -> list[list[int | None]]:
    """The table with its totals; None where a count is withheld."""
    hidden = withheld(counts, least)
    return [
        [None if (i, j) in hidden else count for j, count in enumerate(row)]
        for i, row in enumerate(with_totals(counts))
    ]


def rounded(counts: Counts, base: int = BASE) -> list[list[int]]:
    """The table with its totals, each a multiple of `base` next to its count, and all adding up.

    Controlled rounding: along a ring of cells that are no multiples, what is added to one is taken
    from the next, until one of them is a multiple.
    """
    values = with_totals(counts)
    table = Table(values, set()) if values else None
    while table is not None and (ring := _ring(table, base)):
        ups = [_step(values, cell, sign, base) for cell, sign in ring]
        downs = [_step(values, cell, -sign, base) for cell, sign in ring]
        step = min(ups) if min(ups) <= min(downs) else -min(downs)
        for (i, j), sign in ring:
            values[i][j] += sign * step
    return values


def _step(values: list[list[int]], cell: Cell, sign: int, base: int) -> int:
    rest = values[cell[0]][cell[1]] % base
    return base - rest if sign > 0 else rest


def _ring(table: Table, base: int) -> list[tuple[Cell, int]]:
    """A ring of cells that are no multiples, each with the sign of its change; empty if none is."""
    open_: dict[int, list[tuple[int, Cell, int]]] = {}
    for i, row in enumerate(table.values):
        for j, count in enumerate(row):
            if count % base:
                start, end = table.ends((i, j))
                open_.setdefault(start, []).append((end, (i, j), 1))
                open_.setdefault(end, []).append((start, (i, j), -1))
    if not open_:
        return []
    node, place = min(open_), {min(open_): 0}
    walked: list[tuple[Cell, int]] = []
    while True:
        last = walked[-1][0] if walked else None
        # A line that adds up never has one open cell alone.
        further, cell, sign = next(one for one in open_[node] if one[1] != last)
        walked.append((cell, sign))
        if further in place:
            return walked[place[further] :]
        place[further] = len(walked)
        node = further
