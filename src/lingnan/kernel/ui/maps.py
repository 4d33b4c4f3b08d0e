"""Maps as SVG: the title states the finding, and a table beside it has the same figures.

A page gives shapes in drawing units (the room of maps has them); nothing here knows about places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy

from lingnan.kernel.ui.components import SIGNS, Column, Kind, Link, Table, Text, safe_url

STEPS = 5
# The size in pixels at which a map is drawn on a desktop; the letters on it are set for that.
NOMINAL = (620, 560)
LETTER = 14
# How far a name may reach over the border of its region, as a share of the room inside.
REACH = 1.7
# Shades on which letters are white.
DARK = {"step-4", "step-5"}
NAME = gettext_lazy("Name")
VALUE = gettext_lazy("Value")


@dataclass(frozen=True)
class Region:
    """One area. `value` decides its shade, `text` is how people read it, `kind` a state instead.

    `x`, `y` and `room` say where its name fits; `label` is a shorter name for the map. A figure
    that is `withheld` is hatched, with its `text` for it.
    """

    code: str
    name: Text
    path: str
    value: float | None = None
    text: Text = ""
    kind: Kind | Literal[""] = ""
    url: str = ""
    label: Text = ""
    x: int = 0
    y: int = 0
    room: int = 0
    here: bool = False
    withheld: bool = False

    @property
    def words(self) -> str:
        plain = str(self.text) or ("" if self.value is None else number(self.value))
        sign = SIGNS[self.kind] if self.kind else ""
        return f"{sign} {plain}".strip()

    @property
    def said(self) -> str:
        """What a screen reader says and the mouse shows."""
        return f"{self.name} {self.words}".strip()

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Spot:
    """One place on a map, in the map's drawing units."""

    x: int
    y: int
    title: Text
    url: str = ""

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Shade:
    """One line of the legend."""

    mark: str
    words: str


@dataclass(frozen=True)
class DrawnRegion:
    region: Region
    mark: str


@dataclass(frozen=True)
class Label:
    """A name, and below it a figure, where there is room for them."""

    x: int
    y: int
    name: str
    figure: str
    figure_y: int
    dark: bool


@dataclass(frozen=True)
class RegionMap:
    """Regions shaded in up to five steps of equal count, or marked by state.

    The legend says the range of each step; names and figures stand on the map where they fit, so
    that the shade is never alone. `table` replaces the plain one of names and figures; its rows
    stand in the order in which the page gives them.
    """

    title: Text
    regions: Sequence[Region]
    view_box: str
    legend: Text = ""
    note: Text = ""
    name_title: Text = NAME
    value_title: Text = VALUE
    spots: Sequence[Spot] = ()
    table: Table | None = None
    states: Sequence[tuple[Kind, Text]] = ()
    template: ClassVar[str] = "ui/map.html"

    @property
    def steps(self) -> list[tuple[float, float]]:
        return steps([one.value for one in self.regions if one.value is not None and not one.kind])

    @property
    def drawn(self) -> list[DrawnRegion]:
        """The one we stand in last, so that its line is not covered by its neighbours'."""
        ranges = self.steps
        found = [DrawnRegion(one, _mark(one, ranges)) for one in self.regions if one.path]
        return sorted(found, key=lambda one: one.region.here)

    @property
    def shades(self) -> list[Shade]:
        ranges = self.steps
        lines = [Shade(f"step-{_step(low, ranges)}", span(low, high)) for low, high in ranges]
        lines += [Shade(kind, f"{SIGNS[kind]} {words}") for kind, words in self.states]
        return lines

    @property
    def has_gaps(self) -> bool:
        """Whether some region has no figure while others have."""
        return bool(self.steps) and any(
            one.value is None and not one.kind and not one.withheld for one in self.regions
        )

    @property
    def hides(self) -> bool:
        """Whether the figure of some region is withheld: it is hatched."""
        return any(one.withheld for one in self.regions)

    @property
    def letter(self) -> int:
        """The height of a letter in drawing units."""
        width, height = self._size
        return round(LETTER * max(width / NOMINAL[0], height / NOMINAL[1]))

    @property
    def hatch(self) -> float:
        """How many drawing units a pixel of the hatching takes."""
        return round(self.letter / LETTER, 2)

    @property
    def dot(self) -> int:
        return round(self.letter * 0.45)

    @property
    def spot_words_at(self) -> list[tuple[Spot, int, int]]:
        """Each spot with the place of its words, above it."""
        return [(one, one.x, one.y - round(self.letter * 0.9)) for one in self.spots]

    @property
    def labels(self) -> list[Label]:
        """Largest rooms first; a name that would cross another is left to the table."""
        letter, ranges = self.letter, self.steps
        taken = [self._spot_box(*where) for where in self.spot_words_at]
        found = []
        for one in sorted(self.regions, key=lambda region: -region.room):
            name, figure = str(one.label or one.name), one.words
            half = letter * width_of(name) / 2
            if not one.path or half > one.room * REACH or letter * 0.6 > one.room:
                continue
            below = bool(figure) and one.room > letter * 1.2 and width_of(figure) <= 8
            half = max(half, letter * width_of(figure) * 0.43) if below else half
            box = (
                one.x - half,
                one.y - letter,
                one.x + half,
                one.y + letter * (1.1 if below else 0.5),
            )
            if any(_cross(box, other) for other in taken):
                continue
            taken.append(box)
            base = one.y if below else round(one.y + letter * 0.35)
            found.append(
                Label(
                    one.x,
                    base,
                    name,
                    figure if below else "",
                    round(one.y + letter * 1.05),
                    _mark(one, ranges) in DARK,
                )
            )
        return found

    def _spot_box(self, spot: Spot, x: int, y: int) -> tuple[float, float, float, float]:
        half = self.letter * max(width_of(str(spot.title)), 1.0) / 2
        return (x - half, y - self.letter, x + half, spot.y + self.dot)

    @property
    def figures(self) -> Table:
        """The same figures as a table."""
        if self.table is not None:
            return self.table
        columns = [Column("name", self.name_title)]
        if any(one.words for one in self.regions):
            columns.append(Column("value", self.value_title, True))
        rows = [
            {"name": Link(one.url, one.name) if one.url else one.name, "value": one.words}
            for one in self.regions
        ]
        return Table(columns, rows, self.title, caption_hidden=True)

    @property
    def narrow(self) -> bool:
        """Whether the table fits a phone as it is."""
        return len(self.figures.columns) <= 3

    @property
    def _size(self) -> tuple[float, float]:
        parts = str(self.view_box).replace(",", " ").split()
        try:
            return float(parts[2]), float(parts[3])
        except (IndexError, ValueError):
            return float(NOMINAL[0]), float(NOMINAL[1])


def steps(values: Sequence[float]) -> list[tuple[float, float]]:
    """Up to five ranges of about as many values each; equal values are never parted."""
    ordered, distinct = sorted(values), sorted(set(values))
    if len(distinct) <= STEPS:
        return [(value, value) for value in distinct]
    cuts = {ordered[len(ordered) * part // STEPS] for part in range(1, STEPS)} | {distinct[0]}
    starts = sorted(cuts)
    ends = [max(v for v in distinct if v < start) for start in starts[1:]] + [distinct[-1]]
    return list(zip(starts, ends, strict=True))


def number(value: float) -> str:
    """A figure with thousands apart and at most two decimals."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def span(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} – {number(high)}"


def width_of(text: str) -> float:
    """How wide a text is, in letters of full height."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in text)


def _mark(region: Region, ranges: Sequence[tuple[float, float]]) -> str:
    if region.withheld:
        return "withheld"
    if region.kind:
        return region.kind
    return "none" if region.value is None else f"step-{_step(region.value, ranges)}"


def _step(value: float, ranges: Sequence[tuple[float, float]]) -> int:
    """1 to 5: few ranges are spread over the shades, so that two differ clearly."""
    place = next((i for i, (low, high) in enumerate(ranges) if low <= value <= high), 0)
    return 1 + round(place * (STEPS - 1) / (len(ranges) - 1)) if len(ranges) > 1 else 2


def _cross(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    return not apart
