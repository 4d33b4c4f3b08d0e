"""From shapes and counts to the design system's map."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from lingnan.kernel.maps import api as maps
from lingnan.kernel.ui import api as ui

_ENDINGS_ZH = ("地区", "自治县", "市", "区", "县")
_ENDINGS_EN = (" Autonomous County", " District", " County", " City")


def short(name: str) -> str:
    """A name without its kind, as a map has it: 广州市 → 广州, Liwan District → Liwan."""
    for ending in (*_ENDINGS_ZH, *_ENDINGS_EN):
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name[: -len(ending)]
    return name


def region(shape: maps.Shape, count: int | None, here: bool = False) -> ui.Region:
    name = str(shape.title)
    return ui.Region(
        shape.code,
        name,
        shape.path,
        count,
        url=f"/places/{shape.code}/",
        label=short(name),
        x=shape.x,
        y=shape.y,
        room=shape.room,
        here=here,
    )


def region_map(
    title: str, shown: Sequence[maps.Shape], counts: Mapping[str, int], note: str = ""
) -> ui.RegionMap:
    """Units shaded by their addresses, most first; without any address, plain in code order."""
    has = any(counts.get(shape.code) for shape in shown)
    regions = [region(s, counts.get(s.code, 0) if has else None) for s in shown]
    if has:
        regions.sort(key=lambda one: (-(one.value or 0), one.code))
    return ui.RegionMap(
        title,
        regions,
        maps.view_box(shown),
        legend=_("Number of standard addresses") if has else "",
        note=note or lines_note(),
        name_title=_("Division"),
        value_title=_("Standard addresses"),
    )


def spot_map(title: str, county: str, point: tuple[float, float], words: str) -> ui.RegionMap:
    """A point in its county, among those of its city: the lines are too plain to come closer."""
    city = f"{county[:4]}00"
    shown = maps.shapes("county", within=city)
    regions = [region(shape, None, shape.code == county) for shape in shown]
    return ui.RegionMap(
        title,
        regions,
        maps.view_box(shown),
        note=lines_note(),
        name_title=_("Division"),
        spots=[ui.Spot(*maps.spot(*point), words)],
    )


def lines_note() -> str:
    return _("Lines are simplified for display and have no legal effect.")
