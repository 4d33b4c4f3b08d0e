"""A table's figure on a map of counties or cities; a room above this one gives the shapes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from lingnan.kernel.registry.records import significant
from lingnan.kernel.registry.statistics.axes import CITY, Axis
from lingnan.kernel.registry.statistics.counted import Counted
from lingnan.kernel.registry.statistics.drawing import said
from lingnan.kernel.ui import api as ui

Level = Literal["city", "county"]
CITY_DIGITS = 4
# Level, the city within which (empty: the province), day → regions without figures, and their box.
Shapes = Callable[[Level, str, date], tuple[Sequence[ui.Region], str]]


def columns(counted: Counted) -> list[ui.Option]:
    """The figures of a table of places that a map may show: code and words, the total first."""
    other = _other(counted)
    if other is None:
        return []
    codes = counted.columns if other is counted.across else [row[0] for row in counted.rows]
    labels = other.labels(codes, counted.day)
    return [ui.Option("", _("Total")), *(ui.Option(f"is-{one}", labels[one]) for one in codes)]


def figures(counted: Counted, figure: str) -> dict[str, int | None]:
    """Code of a place → the figure, None where it is withheld; empty for a table of no places."""
    if not _is_of_places(counted):
        return {}
    rows = list(zip([*counted.rows, ("",)], counted.cells, strict=False))
    if counted.across is None or _place(counted.axes[0]):
        at = _at(counted.columns, figure)
        return {row[0]: cells[at] for row, cells in rows[:-1]}
    line = counted.cells[_at([row[0] for row in counted.rows], figure)]
    return dict(zip(counted.columns, line, strict=False))


def drawn(
    counted: Counted,
    shapes: Shapes,
    division: str,
    figure: str,
    title: str,
    table: ui.Table | None = None,
) -> ui.RegionMap | None:
    """The places shaded by a figure of `columns`; None where there are fewer than two with lines.

    What is withheld is hatched. A place without a record has nought. `table` stands beside it in
    place of a plain one.
    """
    found = figures(counted, figure)
    regions, box = _regions(counted, shapes, division)
    if len(found) < 2 or not any(region.code in found for region in regions):
        return None
    shown = [_region(region, found) for region in regions]
    shown.sort(key=lambda one: (-(one.value if one.value is not None else -1), one.code))
    return ui.RegionMap(
        title,
        shown,
        box,
        legend=_("Records"),
        note=_("Lines are simplified for display and have no legal effect."),
        name_title=_place_of(counted).title,
        value_title=_("Records"),
        table=table,
    )


def _region(region: ui.Region, found: Mapping[str, int | None]) -> ui.Region:
    count = found.get(region.code, 0)
    return replace(region, value=count, text=said(count), withheld=count is None)


def _regions(counted: Counted, shapes: Shapes, division: str) -> tuple[Sequence[ui.Region], str]:
    """Of the reader's city where the register is bounded so, else of the whole province."""
    if not _is_of_places(counted):
        return [], ""
    axis = _place_of(counted)
    bounded = axis.dimension.field == counted.model.record.scope
    level: Level = "city" if axis.code.endswith(CITY) else "county"
    in_city = bounded and level == "county" and len(significant(division)) == CITY_DIGITS
    return shapes(level, division if in_city else "", counted.day)


def _place(axis: Axis) -> bool:
    return axis.dimension.kind == "division"


def _is_of_places(counted: Counted) -> bool:
    """By one dimension of places and at most one other."""
    axes = [*counted.axes, *([counted.across] if counted.across else [])]
    return len(axes) <= 2 and sum(map(_place, axes)) == 1


def _place_of(counted: Counted) -> Axis:
    across = counted.across
    return across if across is not None and _place(across) else counted.axes[0]


def _other(counted: Counted) -> Axis | None:
    if not _is_of_places(counted) or counted.across is None:
        return None
    return counted.across if _place(counted.axes[0]) else counted.axes[0]


def _at(codes: Sequence[str], figure: str) -> int:
    """Where a figure stands in a line; the total is the last."""
    return list(codes).index(figure.removeprefix("is-")) if figure else -1
