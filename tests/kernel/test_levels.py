"""Two levels of tables: who knows both tables cannot tell a withheld count closely.

The intervals are found by a small simplex over the equations of all that is published
(`simplex`), and not by the flows that the code uses.
"""

from itertools import product

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lingnan.kernel.registry.statistics import disclosure, levels
from tests.kernel.simplex import Equation, Possible

Name = tuple[str, int, int]
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
