"""Shapes of the room of maps, for rooms below it that draw figures on them."""

from datetime import date

from lingnan.kernel.insight.drawing import short
from lingnan.kernel.maps import api as maps
from lingnan.kernel.ui import api as ui


def regions(level: str, within: str, day: date) -> tuple[list[ui.Region], str]:
    """The cities or counties of a day without figures, and their box; `within` names a city."""
    found = maps.shapes(level, day, within)
    if level == "county" and not within:
        # A city without counties stands in tables of counties under its own code.
        parted = {shape.parent for shape in found}
        found += [one for one in maps.shapes("city", day) if one.code not in parted]
    drawn = [
        ui.Region(
            shape.code,
            str(shape.title),
            shape.path,
            label=short(str(shape.title)),
            x=shape.x,
            y=shape.y,
            room=shape.room,
        )
        for shape in found
    ]
    return drawn, maps.view_box(found)
