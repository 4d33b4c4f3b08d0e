"""The plan's figures as the plan states them: base, target, year and paragraph."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lingnan.kernel.runtime.api import Title

PLAN = Path(__file__).parent / "plan.toml"


@dataclass(frozen=True)
class Base:
    """The end of 2010: numerator and denominator where the plan lets them be known."""

    share: float | None
    numerator: int | None
    denominator: int | None
    at_least: bool

    @property
    def value(self) -> float | None:
        """The share in hundredths, as stated or as it follows."""
        if self.share is None and self.numerator is not None and self.denominator:
            return 100 * self.numerator / self.denominator
        return self.share


@dataclass(frozen=True)
class Aim:
    """One line of the plan. `indicator` is what is computed here, where anything is."""

    code: str
    group: str
    title: Title
    unit: str
    target: float | None
    year: int | None
    source: Title
    base: Base | None
    note: Title | None
    indicator: str


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(PLAN.read_text(encoding="utf-8"))


def groups() -> list[tuple[str, Title]]:
    return [(row["code"], Title.of(row["title"])) for row in _content()["groups"]]


@cache
def aims() -> list[Aim]:
    """Every figure, in the order of the page."""
    return [_aim(row) for row in _content()["figures"]]


def _aim(row: dict[str, Any]) -> Aim:
    base = row.get("base")
    return Aim(
        code=row["code"],
        group=row["group"],
        title=Title.of(row["title"]),
        unit=row["unit"],
        target=row.get("target"),
        year=row.get("year"),
        source=Title.of(row["source"]),
        base=_base(base) if base else None,
        note=Title.of(row["note"]) if "note" in row else None,
        indicator=row.get("indicator", ""),
    )


def _base(row: dict[str, Any]) -> Base:
    return Base(
        row.get("share"), row.get("numerator"), row.get("denominator"), row.get("at_least", False)
    )


def aim_of(indicator: str) -> Aim | None:
    return next((one for one in aims() if one.indicator == indicator), None)
