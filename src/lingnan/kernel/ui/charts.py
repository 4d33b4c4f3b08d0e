"""Charts as SVG: the title states the finding, the numbers stand in a table that can be copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy

from lingnan.kernel.ui.components import SIGNS, Column, Kind, Table, Text

NAME = gettext_lazy("Name")
VALUE = gettext_lazy("Value")


@dataclass(frozen=True)
class ChartRow:
    """One bar. `text` is the value as read by people; without it the number itself."""

    label: Text
    value: float
    text: Text = ""
    kind: Kind | Literal[""] = ""

    @property
    def words(self) -> str:
        return str(self.text) or f"{self.value:,g}"

    @property
    def marked(self) -> str:
        sign = SIGNS[self.kind] if self.kind in {"warn", "late"} else ""
        return f"{sign} {self.words}".strip()


@dataclass(frozen=True)
class DrawnRow:
    """A bar and how much of the width it takes."""

    row: ChartRow
    width: str


@dataclass(frozen=True)
class BarChart:
    """Lying bars from zero, longest value full width; no scale, since every bar says its value."""

    title: Text
    rows: Sequence[ChartRow]
    label_title: Text = NAME
    value_title: Text = VALUE
    note: Text = ""
    template: ClassVar[str] = "ui/barchart.html"

    @property
    def drawn(self) -> list[DrawnRow]:
        top = max((row.value for row in self.rows), default=0)
        widths = [100 * max(0.0, row.value) / top if top > 0 else 0.0 for row in self.rows]
        return [
            DrawnRow(row, f"{width:.1f}%") for row, width in zip(self.rows, widths, strict=True)
        ]

    @property
    def table(self) -> Table:
        columns = [Column("label", self.label_title), Column("value", self.value_title, True)]
        rows = [{"label": row.label, "value": row.words} for row in self.rows]
        return Table(columns, rows, self.title, caption_hidden=True, figures=True)

    @property
    def copied(self) -> str:
        """The numbers as tab-separated lines, for the clipboard."""
        lines = [(self.label_title, self.value_title)]
        lines += [(row.label, f"{row.value:g}") for row in self.rows]
        return "\n".join(f"{label}\t{value}" for label, value in lines)
