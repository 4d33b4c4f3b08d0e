"""What a consumer was told before of a resource, and what a further table would add to it.

Two tables of the same day can be subtracted. A question is refused where the difference of its
subjects and those of an answered one is a few, in all or in a cell that both tables have. And a
cell is the same cell whoever of its dimensions stands down, across or in a condition: what was
withheld once is withheld again, and what was told once protects nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from lingnan.kernel.exchange.aggregates.reckoning import Cell, Reckoning, Where
from lingnan.kernel.exchange.models import Counting
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.registry.statistics.disclosure import LEAST

MOST = 1000
"""Answered questions of a day that a new one is compared with; more are refused."""
Meant = frozenset[tuple[str, frozenset[str]]]
Spot = tuple[int, int]


@dataclass(frozen=True)
class Past:
    """An answered question: its dimensions and conditions, its table's categories, what was
    withheld."""

    by: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    total: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    hidden: frozenset[Spot]
    rounded: bool

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Past":
        return cls(
            tuple(said["by"]), {code: tuple(one) for code, one in said["where"].items()},
            said["total"], tuple(said["rows"]), tuple(said["columns"]),
            frozenset((i, j) for i, j in said["hidden"]), said["rounded"],
        )  # fmt: skip

    def plain(self) -> dict[str, Any]:
        return {
            "by": list(self.by), "where": {code: list(one) for code, one in self.where.items()},
            "total": self.total, "rows": list(self.rows), "columns": list(self.columns),
            "hidden": sorted([i, j] for i, j in self.hidden), "rounded": self.rounded,
        }  # fmt: skip

    def spots(self) -> Iterator[tuple[Spot, Meant]]:
        """Every spot of the table, totals included, and whom it counts."""
        for i in range(len(self.rows) + 1):
            for j in range(len(self.columns) + 1):
                yield (i, j), meant(self.where, self.by, self._categories(i, j))

    def _categories(self, i: int, j: int) -> list[str | None]:
        row = self.rows[i] if i < len(self.rows) else None
        if len(self.by) == 1:
            return [row]
        return [row, self.columns[j] if j < len(self.columns) else None]


def meant(where: Where, by: Sequence[str], categories: Sequence[str | None]) -> Meant:
    """Whom a cell counts: each dimension that is bounded, with the categories it is bounded to."""
    found = {code: frozenset(values) for code, values in where.items()}
    for code, one in zip(by, categories, strict=True):
        if one is not None:
            found[code] = frozenset({one}) & found.get(code, frozenset({one}))
    return frozenset(found.items())


def answered(resource: str, consumer: str, agreement: str, day: date) -> list[Past]:
    """What was answered of a day to a consumer, or under its agreement to any other body, the
    oldest first. Raises Denied where there is too much to compare with."""
    rows = Counting.objects.filter(resource=resource, day=day)
    own = rows.filter(Q(consumer=consumer) | Q(agreement=agreement)).order_by("id")
    found = list(own.values_list("question", flat=True)[: MOST + 1])
    if len(found) > MOST:
        raise Denied("too many tables of one day (difference)", "difference")
    return [Past.of(one) for one in found]


def bounding(reckoning: Reckoning, where: Where) -> dict[str, tuple[str, ...]]:
    """The conditions that leave somebody out: what bounds nothing does not make another table."""
    return {
        code: tuple(values)
        for code, values in where.items()
        if reckoning.cells([], {}, without={code: values})
    }


def demand(reckoning: Reckoning, by: Sequence[str], where: Where, past: Iterable[Past]) -> None:
    """Raises Denied where a difference with an answered question tells of few."""
    for one in _different(past, where):
        shared = [code for code in by if code in one.by]
        ours = reckoning.cells(shared, where, without=one.where)
        theirs = reckoning.cells(shared, one.where, without=where)
        if few(ours, theirs):
            raise Denied(
                "the table differs from an answered one by too few subjects (difference)",
                "difference",
            )


def _different(past: Iterable[Past], where: Where) -> Iterator[Past]:
    own = meant(where, (), ())
    seen: set[tuple[tuple[str, ...], Meant]] = set()
    for one in past:
        mark = (one.by, meant(one.where, (), ()))
        if mark[1] != own and mark not in seen:
            seen.add(mark)
            yield one


def few(
    ours: Mapping[tuple[str, ...], Cell], theirs: Mapping[tuple[str, ...], Cell],
    least: int = LEAST,
) -> bool:  # fmt: skip
    """Whether who is in one table alone is few, in all or in a cell, so that to subtract tells."""
    pairs = [(ours.get(key, Cell()).count, theirs.get(key, Cell()).count)
             for key in {*ours, *theirs}]  # fmt: skip
    pairs.append((sum(a for a, _b in pairs), sum(b for _a, b in pairs)))
    return any((0 < a < least and not b) or (0 < b < least and not a) for a, b in pairs)
