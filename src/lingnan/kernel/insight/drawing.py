"""Figures as people read them: in words, as a line over days, on the map of cities."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from lingnan.kernel.insight.declaration import Figure, Indicator
from lingnan.kernel.maps import api as maps
from lingnan.kernel.ui import api as ui

ENDINGS = ("市", " City")


def words(one: Indicator, figure: Figure | None) -> str:
    """A figure in its unit: "62.5%", "18"; a dash for none."""
    if figure is None or figure.value is None:
        return "—"
    if one.unit == "percent":
        return f"{figure.value:.1f}%"
    return f"{figure.value:,.0f}"


def counted(figure: Figure | None) -> str:
    """What a figure is made of: "125 of 200"."""
    if figure is None or figure.denominator is None:
        return ""
    said = {"n": f"{figure.numerator:,}", "of": f"{figure.denominator:,}"}
    return _("%(n)s of %(of)s") % said


def line(one: Indicator, days: Sequence[tuple[date, Figure]]) -> ui.LineChart:
    """The figure over the days; the title states the last one."""
    points = [
        ui.Point(day, figure.value, words(one, figure))
        for day, figure in days
        if figure.value is not None
    ]
    last = points[-1] if points else None
    title = _("No figure yet") if last is None else _finding(one, points)
    target = one.target
    aim = None
    if target is not None:
        plain = f"{target.value:g}%" if one.unit == "percent" else f"{target.value:,g}"
        aim = (
            target.value,
            _("target %(year)s: %(value)s") % {"year": target.year, "value": plain},
        )
    return ui.LineChart(title, points, str(one.title), aim, one.unit == "percent")


def _finding(one: Indicator, points: Sequence[ui.Point]) -> str:
    first, last = points[0], points[-1]
    said = {"value": last.words, "day": ui.legal_date(last.day), "first": first.words}
    if len(points) == 1:
        return _("%(value)s on %(day)s") % said
    said["since"] = ui.legal_date(first.day)
    return _("%(value)s on %(day)s, after %(first)s on %(since)s") % said


def short(name: str) -> str:
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def city_map(one: Indicator, figures: Mapping[str, Figure]) -> ui.RegionMap | None:
    """The cities shaded by the figure, highest first; None where no city has one."""
    shown = maps.shapes("city")
    if not any(_value(figures.get(shape.code)) is not None for shape in shown):
        return None
    regions = [_region(one, shape, figures.get(shape.code)) for shape in shown]
    regions.sort(
        key=lambda region: (-(region.value if region.value is not None else -1), region.code)
    )
    return ui.RegionMap(
        _map_title(one, regions),
        regions,
        maps.view_box(shown),
        legend=str(one.title),
        note=_("Lines are simplified for display and have no legal effect."),
        name_title=_("City"),
        table=city_table(one, figures),
    )


def _value(figure: Figure | None) -> float | None:
    return figure.value if figure is not None else None


def _region(one: Indicator, shape: maps.Shape, figure: Figure | None) -> ui.Region:
    value = _value(figure)
    return ui.Region(
        shape.code,
        str(shape.title),
        shape.path,
        None if value is None else round(value, 1),
        words(one, figure) if value is not None else "",
        label=short(str(shape.title)),
        x=shape.x,
        y=shape.y,
        room=shape.room,
    )


def _map_title(one: Indicator, regions: Sequence[ui.Region]) -> str:
    having = [region for region in regions if region.value is not None]
    said = {"n": len(having), "all": len(regions), "city": having[0].name, "value": having[0].text}
    if len(having) == 1:
        return _("Only %(city)s has a figure: %(value)s") % said
    return _("%(n)s of %(all)s cities have a figure; highest: %(city)s, %(value)s") % said


def city_table(one: Indicator, figures: Mapping[str, Figure]) -> ui.Table:
    """The cities with numerator and denominator, in the order of the map."""
    columns = [ui.Column("name", _("City")), ui.Column("value", _("Figure"), True)]
    if one.denominator is not None:
        columns.append(ui.Column("parts", _("Counted"), True))
    shown = maps.shapes("city")

    def place(shape: maps.Shape) -> tuple[float, str]:
        value = _value(figures.get(shape.code))
        return (-value if value is not None else 1.0, shape.code)

    rows: list[dict[str, ui.CellLike]] = []
    for shape in sorted(shown, key=place):
        figure = figures.get(shape.code)
        row: dict[str, ui.CellLike] = {"name": str(shape.title), "value": words(one, figure)}
        rows.append(row | {"parts": counted(figure)})
    return ui.Table(columns, rows, str(one.title), caption_hidden=True)
