"""Who gives to whom, as ribbons between two columns; and a course so small that it fits a cell.

The drawing of flows is for the eye alone: the page puts a table of the same figures below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar, Literal

from lingnan.kernel.ui.components import Kind, Text

HEAD, ROW, SHIFT, STEM = 14, 46, 23, 24
"""Heights in pixels: of the columns' titles, of a side or a group's name; by how much the right
column stands lower, so that names do not meet; how far (of a hundred) a ribbon runs level."""
NAMED = 28
"""How far a group's name stands above that of its first side."""
BELOW = 13
"""How far the middle of a side's ribbons stands below its name."""
THIN, THICK = 1.5, 14.0
BAR = 4


@dataclass(frozen=True)
class Spark:
    """How many in each part of a period; `marked` parts stand out. `said` is what is heard."""

    said: Text
    values: Sequence[int]
    marked: Sequence[bool] = ()
    template: ClassVar[str] = "ui/spark.html"

    @property
    def bars(self) -> list[tuple[int, str, str, str]]:
        """(x, y, height, class) in a drawing 24 high; what is not nought can be seen."""
        top = max(self.values, default=0)
        found = []
        for place, value in enumerate(self.values):
            height = max(1.5, 24 * value / top) if value else 0.0
            late = place < len(self.marked) and self.marked[place]
            found.append(
                (place * BAR, f"{24 - height:.1f}", f"{height:.1f}", "late" if late else "")
            )
        return found

    @property
    def width(self) -> int:
        return BAR * len(self.values)


@dataclass(frozen=True)
class FlowEnd:
    """A side; those of one `group` stand together under its name."""

    label: Text
    figure: Text = ""
    group: Text = ""


@dataclass(frozen=True)
class FlowLine:
    """From the left side of this place in its list to the right one; `said` is what the mouse
    shows."""

    left: int
    right: int
    value: float
    said: Text = ""
    kind: Kind | Literal[""] = ""


@dataclass(frozen=True)
class FlowChart:
    """Ribbons as wide as the root of their value: a small one beside a large can be seen."""

    title: Text
    left_title: Text
    right_title: Text
    left: Sequence[FlowEnd]
    right: Sequence[FlowEnd]
    lines: Sequence[FlowLine]
    note: Text = ""
    template: ClassVar[str] = "ui/flowchart.html"

    @property
    def height(self) -> int:
        return max(_height(self.left), _height(self.right) + SHIFT)

    @property
    def view_box(self) -> str:
        return f"0 0 100 {self.height}"

    @property
    def left_places(self) -> list[tuple[FlowEnd, int]]:
        return [(one, y) for one, y, _heading in _placed(self.left, 0)]

    @property
    def right_places(self) -> list[tuple[FlowEnd, int]]:
        return [(one, y) for one, y, _heading in _placed(self.right, SHIFT)]

    @property
    def left_groups(self) -> list[tuple[Text, int]]:
        return [(one.group, y - NAMED) for one, y, heading in _placed(self.left, 0) if heading]

    @property
    def right_groups(self) -> list[tuple[Text, int]]:
        placed = _placed(self.right, SHIFT)
        return [(one.group, y - NAMED) for one, y, heading in placed if heading]

    @property
    def ribbons(self) -> list[tuple[str, str, str, Text]]:
        """(path, width, class, words), the widest first: the small ones lie above."""
        top = max((line.value for line in self.lines), default=0.0)
        lefts = [y + BELOW for _one, y in self.left_places]
        rights = [y + BELOW for _one, y in self.right_places]
        found: list[tuple[str, str, str, Text]] = []
        for line in sorted(self.lines, key=lambda one: -one.value):
            a, b = lefts[line.left], rights[line.right]
            path = f"M0 {a}H{STEM}C50 {a} 50 {b} {100 - STEM} {b}H100"
            share = sqrt(line.value / top) if top > 0 else 0.0
            found.append((path, f"{THIN + (THICK - THIN) * share:.1f}", line.kind, line.said))
        return found


def _placed(ends: Sequence[FlowEnd], shift: int) -> Iterator[tuple[FlowEnd, int, bool]]:
    """Each with the base line of its name, and whether its group's name stands above it."""
    y, group = HEAD + shift, None
    for one in ends:
        heading = bool(one.group) and one.group != group
        group = one.group
        y += ROW + (ROW if heading else 0)
        yield one, y - 14, heading


def _height(ends: Sequence[FlowEnd]) -> int:
    return max((y for _one, y, _heading in _placed(ends, 0)), default=HEAD) + 26
