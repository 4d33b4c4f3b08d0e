"""Two levels of tables: who knows both tables cannot tell a withheld count closely.

The intervals are found by a small simplex over the equations of all that is published, and not by
the flows that the code uses.
"""

from collections.abc import Sequence
from itertools import product

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lingnan.kernel.registry.statistics import disclosure, levels

Name = tuple[str, int, int]
Equation = tuple[dict[Name, int], int]
LEAST = 10
COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 14), st.integers(0, 60))


def drawn(width: int, height: int) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(
        st.lists(COUNTS, min_size=width, max_size=width), min_size=height, max_size=height
    )


@st.composite
def provinces(draw: st.DrawFn) -> list[list[list[int]]]:
    """Townships of up to three counties by up to three categories."""
    width = draw(st.integers(1, 3))
    return [draw(drawn(width, draw(st.integers(1, 4)))) for _n in range(draw(st.integers(1, 3)))]


class Published:
    """All that a reader may know: the counties, and the townships of each, by themselves too."""

    def __init__(self, counties: list[list[list[int]]]) -> None:
        self.counties, self.width = counties, len(counties[0][0])
        self.above = [[sum(column) for column in zip(*one, strict=True)] for one in counties]
        self.hidden = disclosure.withheld(self.above, LEAST)
        alone = disclosure.withheld([[sum(row)] for row in self.above], LEAST)
        self.totals = [
            levels.totals_below([sum(row) for row in one], (n, 0) in alone, LEAST)
            for n, one in enumerate(counties)
        ]
        self.below = [
            levels.published_below(self.above, self.hidden, n, one, self.totals[n], LEAST)
            for n, one in enumerate(counties)
        ]
        self.upper = [
            [None if (i, j) in self.hidden else count for j, count in enumerate(row)]
            for i, row in enumerate(disclosure.with_totals(self.above))
        ]

    def equations(self) -> tuple[list[Name], list[Equation]]:
        """What is withheld, and what must hold of it: coefficients and the sum of the rest."""
        unknown: list[Name] = []
        values: dict[Name, int | None] = {}
        for n, one in enumerate(self.below):
            for (i, row), j in product(enumerate(one), range(self.width + 1)):
                values[(f"t{n}", i, j)] = row[j]
        for (i, row), j in product(enumerate(self.upper), range(self.width + 1)):
            values[("c", i, j)] = row[j]
        unknown = [name for name, value in values.items() if value is None]
        lines = sorted({name[:2] for name in values})
        sums = [[(kind, i, j) for j in range(self.width + 1)] for kind, i in lines]
        for j in range(self.width + 1):
            sums.append([*(("c", i, j) for i in range(len(self.above) + 1))])
            for n, one in enumerate(self.below):
                sums.append([*((f"t{n}", i, j) for i in range(len(one))), ("c", n, j)])
        found = []
        for names in sums:
            signs = dict.fromkeys(names[:-1], 1) | {names[-1]: -1}
            rest = -sum(signs[name] * (values[name] or 0) for name in names)
            left = {name: sign for name, sign in signs.items() if values[name] is None}
            assert left or not rest, "what is published adds up"
            if left:
                found.append((left, rest))
        return unknown, found


class Possible:
    """All that agrees with equations, none below nought; the equations are those of a network, so
    that whole numbers stay whole."""

    def __init__(self, names: Sequence[Name], equations: list[Equation]) -> None:
        self.names, self.rows = names, list[list[int]]()
        width, height = len(names), len(equations)
        for n, (signs, rest) in enumerate(equations):
            turn = -1 if rest < 0 else 1
            line = [turn * signs.get(name, 0) for name in names]
            self.rows.append([*line, *(int(n == m) for m in range(height)), abs(rest)])
        self.basis = [width + n for n in range(height)]
        start = _most(self.rows, self.basis, [0] * width + [-1] * height, width + height)
        assert start == 0, "the true counts are one answer"
        for n in range(height):
            column = next((j for j in range(width) if self.rows[n][j]), None)
            if self.basis[n] >= width and column is not None:
                _pivot(self.rows, self.basis, n, column)

    def most(self, name: Name, sign: int) -> int | None:
        """The greatest `sign` × what is withheld; None where it is endless."""
        goal = [sign * int(one == name) for one in self.names] + [0] * len(self.rows)
        return _most([[*row] for row in self.rows], [*self.basis], goal, len(self.names))


def _most(rows: list[list[int]], basis: list[int], goal: list[int], allowed: int) -> int | None:
    """The simplex by Bland's rule: slow, and never in a ring."""
    while True:
        paid = [(goal[b], row) for b, row in zip(basis, rows, strict=True) if goal[b]]
        gains = (j for j in range(allowed) if goal[j] > sum(g * row[j] for g, row in paid))
        column = next(gains, None)
        if column is None:
            return sum(g * row[-1] for g, row in paid)
        ratios = [(row[-1], basis[n], n) for n, row in enumerate(rows) if row[column] > 0]
        if not ratios:
            return None
        _pivot(rows, basis, min(ratios)[2], column)


def _pivot(rows: list[list[int]], basis: list[int], at: int, column: int) -> None:
    assert abs(rows[at][column]) == 1
    rows[at] = [value * rows[at][column] for value in rows[at]]
    for n, row in enumerate(rows):
        if n != at and row[column]:
            rows[n] = [a - row[column] * b for a, b in zip(row, rows[at], strict=True)]
    basis[at] = column


# Without shrinking, which takes minutes: a failure tells both tables.
@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(provinces())
def test_both_levels_together_leave_each_withheld_count_its_interval(
    counties: list[list[list[int]]],
) -> None:
    known = Published(counties)
    names, equations = known.equations()
    possible = Possible(names, equations)
    truth = disclosure.with_totals(known.above)
    for name in names:
        kind, i, j = name
        lines = truth if kind == "c" else disclosure.with_totals(counties[int(kind[1:])])
        above = lines[i][j] if kind == "c" else known.upper[int(kind[1:])][j]
        if not lines[i][j] or (kind != "c" and lines[i][j] == above):
            continue  # no secret: a nought, or all of what the county's line says
        high, low = possible.most(name, 1), possible.most(name, -1)
        assert low is not None, name
        assert high is None or high + low >= LEAST, (known.upper, known.below, name)
