"""What a reader may work out of published sums: a small exact simplex, slow and independent."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Number = int | Fraction
Rows = list[list[Number]]
# Coefficients of what is unknown, and what they add up to.
Equation = tuple[dict[Any, int], int]


class Possible:
    """All that agrees with equations, none below nought."""

    def __init__(self, names: Sequence[Any], equations: list[Equation]) -> None:
        self.names, self.rows = names, Rows()
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

    def most(self, name: Any, sign: int) -> Number | None:
        """The greatest `sign` × what is withheld; None where it is endless."""
        goal = [sign * int(one == name) for one in self.names] + [0] * len(self.rows)
        return _most([[*row] for row in self.rows], [*self.basis], goal, len(self.names))


def _most(rows: Rows, basis: list[int], goal: list[int], allowed: int) -> Number | None:
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


def _pivot(rows: Rows, basis: list[int], at: int, column: int) -> None:
    whole = rows[at][column]
    # In a network every pivot is one, and whole numbers stay whole.
    rows[at] = [value * whole if abs(whole) == 1 else Fraction(value) / whole for value in rows[at]]
    for n, row in enumerate(rows):
        if n != at and row[column]:
            rows[n] = [a - row[column] * b for a, b in zip(row, rows[at], strict=True)]
    basis[at] = column
