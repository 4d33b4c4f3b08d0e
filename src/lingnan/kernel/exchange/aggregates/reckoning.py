"""Counting and adding up in a register's columnar copy, of those whom conditions let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingnan.kernel.registry.projection import engine, held
from lingnan.kernel.registry.records import Record
from lingnan.kernel.registry.statistics.axes import Axis
from lingnan.kernel.runtime.api import Moment

Where = Mapping[str, Sequence[str]]
"""Dimension → categories: all of them have to fit."""


@dataclass(frozen=True)
class Cell:
    """How many, their sum, and the largest single one of it; of counts the sums are 0."""

    count: int = 0
    total: int = 0
    largest: int = 0


class Reckoning:
    """What held on a day in a copy, reckoned by its dimensions."""

    def __init__(
        self, model: type[Record], copy: held.Copy, axes: Mapping[str, Axis], moment: Moment
    ) -> None:
        self._model, self._copy, self._axes, self._moment = model, copy, axes, moment

    def cells(
        self, by: Sequence[str], where: Where, total: str = "", without: Where | None = None
    ) -> dict[tuple[str, ...], Cell]:
        """Cells by their categories; `without` leaves out who fits all of these."""
        used = list(dict.fromkeys([*by, *where, *(without or {})]))
        fields = set[str]().union(*(self._axes[code].fields for code in used))
        rows = self._copy.held(self._moment, sorted(fields | ({total} if total else set())))
        groups = [f"{self._axes[code].grouped(self._moment.valid)} AS g{n}"
                  for n, code in enumerate(used)]  # fmt: skip
        texts = [f"{self._axes[code].sql(f'g{n}')} AS c{n}" for n, code in enumerate(used)]
        field = engine.named(total) if total else "0"
        inner = (
            f"SELECT {', '.join([*groups, '0 AS nothing'])}, count(*) AS n,"
            f" sum({field}) AS s, max({field}) AS m FROM ({rows}) GROUP BY ALL"
        )
        listed = ", ".join([*texts, "n", "s", "m"])
        place = {code: f"c{n}" for n, code in enumerate(used)}
        conditions = [_fits(place, where)] + (
            [f"NOT ({_fits(place, without)})"] if without is not None else []
        )
        wanted = ", ".join([*(place[code] for code in by), "sum(n)", "sum(s)", "max(m)"])
        sql = (
            f"SELECT {wanted} FROM (SELECT {listed} FROM ({inner}))"
            f" WHERE {' AND '.join(conditions)} GROUP BY ALL"
        )
        with engine.connect() as duck:
            found = duck.execute(sql).fetchall()
        return {
            tuple(map(str, row[:-3])): Cell(*(int(one or 0) for one in row[-3:]))
            for row in found
            if row[-3]
        }


def _fits(place: Mapping[str, str], where: Where) -> str:
    """SQL: whether all conditions fit; of none everybody does."""
    said = [
        f"{place[code]} IN ({', '.join(engine.literal(one) for one in values)})"
        for code, values in where.items()
    ]
    return " AND ".join(said) or "true"
