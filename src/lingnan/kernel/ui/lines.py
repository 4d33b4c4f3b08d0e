"""A figure over days as a line, and a figure between where it began and where it shall be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy

from lingnan.kernel.ui.components import Column, Table, Text
from lingnan.kernel.ui.words import legal_date

DAY = gettext_lazy("Day")
VALUE = gettext_lazy("Value")
TOP, HEIGHT = 26, 120
FEW = 60


@dataclass(frozen=True)
class Point:
    """The figure of a day; `words` is how people read it."""

    day: date
    value: float
    words: Text


@dataclass(frozen=True)
class LineChart:
    """A line from the first day to the last; a dashed line where the target lies.

    Nothing is drawn between nought and the lowest value left out: the scale begins at nought and
    ends at the highest of values and target (at a hundred, where `percent`).
    """

    title: Text
    points: Sequence[Point]
    value_title: Text = VALUE
    target: tuple[float, Text] | None = None
    percent: bool = False
    template: ClassVar[str] = "ui/linechart.html"

    @property
    def highest(self) -> float:
        values = [point.value for point in self.points]
        top = max([*values, self.target[0] if self.target else 0.0, 1e-9])
        return max(100.0, top) if self.percent else top

    def _height(self, value: float) -> float:
        return round(100 - 100 * max(0.0, value) / self.highest, 2)

    @property
    def places(self) -> list[tuple[float, float]]:
        """The points in hundredths of the drawing; a single one stands at the right end."""
        if not self.points:
            return []
        first, last = self.points[0].day, self.points[-1].day
        span = (last - first).days
        return [
            (
                round(100 * (point.day - first).days / span, 2) if span else 100.0,
                self._height(point.value),
            )
            for point in self.points
        ]

    @property
    def path(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in self.places)

    @property
    def dot(self) -> float:
        """The height of the last point, in units of the drawing."""
        return round(TOP + HEIGHT * self.places[-1][1] / 100, 1) if self.points else 0.0

    @property
    def aim(self) -> float | None:
        """The height of the target's line, in units of the drawing."""
        if self.target is None:
            return None
        return round(TOP + HEIGHT * self._height(self.target[0]) / 100, 1)

    @property
    def aim_words_at(self) -> float:
        """Above the target's line, unless that is where the drawing ends."""
        return (self.aim or 0.0) - 6

    @property
    def first(self) -> str:
        return legal_date(self.points[0].day) if len(self.points) > 1 else ""

    @property
    def last(self) -> str:
        return legal_date(self.points[-1].day) if self.points else ""

    @property
    def table(self) -> Table:
        """The numbers, newest first."""
        newest = list(reversed(self.points))[:FEW]
        rows = [{"day": legal_date(one.day), "value": one.words} for one in newest]
        columns = [Column("day", DAY), Column("value", self.value_title, True)]
        return Table(columns, rows, self.title, caption_hidden=True, figures=True)


@dataclass(frozen=True)
class Reach:
    """Between nought and a hundred: where it began, where it stands, where it shall be.

    `now` is None where nobody measures; then the drawing says so by its empty track.
    """

    said: Text
    now: float | None = None
    base: float | None = None
    target: float | None = None
    base_words: Text = ""
    target_words: Text = ""
    template: ClassVar[str] = "ui/reach.html"

    @property
    def reached(self) -> bool:
        return self.now is not None and self.target is not None and self.now >= self.target

    @staticmethod
    def _at(value: float | None) -> str:
        return "" if value is None else f"{min(100.0, max(0.0, value)):.1f}%"

    @property
    def now_at(self) -> str:
        return self._at(self.now)

    @property
    def base_at(self) -> str:
        return self._at(self.base)

    @property
    def target_at(self) -> str:
        return self._at(self.target)
