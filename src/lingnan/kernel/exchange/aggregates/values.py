"""What an aggregate use is made of, as plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lingnan.kernel.exchange.use import Use

MOST_BY, MOST_WHERE, MOST_OF_ONE = 2, 4, 200
TEXTS = {"resource": 80, "consumer": 40, "purpose": 80, "basis": 200, "case": 80, "actor": 200,
         "total": 80}  # fmt: skip

TOLD = ("total", "rounded", "day", "made_at", "evidence")


class BadQuestion(ValueError):
    """What cannot be counted so; `field` is by, where, total or size."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Question:
    """Who asks what to be counted, for what, on which basis.

    by       one or two dimensions (codes of `registry.statistics.axes`)
    where    dimension → categories: of whom alone
    total    a field to be added up; empty to count
    rounded  whether counts are told as multiples of five in place of withholding small ones
    """

    resource: str
    consumer: str
    purpose: str
    basis: str
    case: str
    actor: str
    by: tuple[str, ...]
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    total: str = ""
    rounded: bool = False

    def plain(self) -> dict[str, Any]:
        where = {code: list(values) for code, values in self.where}
        return asdict(self) | {"by": list(self.by), "where": where}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Question":
        """Raises ValueError, KeyError or TypeError."""
        told = {name: _text(name, said[name], most) for name, most in TEXTS.items()}
        where = tuple(
            (_text("where", code, 80), tuple(_text("where", one, 80) for one in list(values)))
            for code, values in sorted(dict(said["where"]).items())
        )
        by = tuple(_text("by", code, 80) for code in said["by"])
        return cls(**told, by=by, where=where, rounded=said["rounded"] is True)

    def single(self) -> Use:
        """The same as a use of nobody, by which agreement and limits are judged."""
        return Use(self.resource, self.consumer, self.purpose, self.basis, self.case, self.actor,
                   (), ())  # fmt: skip


def _text(name: str, value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or (value and not value.isprintable()):
        raise ValueError(f"{name} is not a text of at most {most} characters")
    return value


@dataclass(frozen=True)
class Table:
    """Cells with a last column and a last row of totals; None where one is withheld.

    rows, columns  categories; `columns` is ("",) where only one dimension was asked for
    day            the legal day that was counted; `made_at` when the copy counted from was made
    evidence       the number of the entry
    agreement      by which it was counted; empty where the holder's node did not say
    """

    by: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    total: str
    rounded: bool
    day: str
    made_at: str
    evidence: int
    agreement: str = ""

    @property
    def withheld(self) -> int:
        return sum(cell is None for row in self.cells for cell in row)

    def plain(self) -> dict[str, Any]:
        cells = [list(row) for row in self.cells]
        return asdict(self) | {"by": list(self.by), "rows": list(self.rows),
                               "columns": list(self.columns), "cells": cells}  # fmt: skip

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Table":
        """Raises ValueError, KeyError or TypeError on what is no table."""
        cells = tuple(tuple(row) for row in said["cells"])
        if any(type(one) not in (int, type(None)) for row in cells for one in row):
            raise ValueError("a cell is a whole number, or withheld")
        lists = {name: tuple(str(one) for one in said[name]) for name in ("by", "rows", "columns")}
        told: dict[str, Any] = {one: said[one] for one in TOLD} | lists
        date.fromisoformat(told["day"])
        made = cls(**told, cells=cells, agreement=_text("agreement", said.get("agreement", ""), 40))
        shape = (len(made.rows) + 1, len(made.columns) + 1)
        if made.cells and any((len(made.cells), len(row)) != shape for row in made.cells):
            raise ValueError("rows, columns and cells do not agree")
        return made
