"""The places that a text may mean: a calm list with the reasons, and the map."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography.geocoding.geocoder import Answer, Candidate
from lingnan.systems.government.geography.geocoding.names import Unit
from lingnan.systems.government.geography.views import charting


def notice(answer: Answer) -> ui.Notice | None:
    """What to know before reading the list: no place here, or more than one as likely."""
    if answer.outside:
        title = _("%(place)s is another province") % {"place": answer.outside}
        return ui.Notice("warn", title, _("Only places of this province are known here."))
    if answer.ambiguous:
        title = _("The text does not decide between several places")
        text = _("Add the city or county, or choose below.")
        return ui.Notice("info", title, text)
    return None


def panels(answer: Answer) -> list[ui.Panel]:
    return [_panel(one) for one in answer.candidates]


def _panel(one: Candidate) -> ui.Panel:
    items = [ui.Item(_("Confidence"), _("%(n)s of 100") % {"n": round(one.confidence * 100)})]
    for unit in one.units[1:] or one.units:
        items.append(
            ui.Item(_level(unit), ui.Link(f"/places/{unit.code}/", _name(unit)), unit.code)
        )
    if one.address:
        link = ui.Link(f"/places/address/{one.address.code}/", one.address.text)
        items.append(ui.Item(_("Standard address"), link, one.address.code))
    elif one.road:
        items.append(ui.Item(_("Road or village"), one.road))
    if one.rest:
        items.append(ui.Item(_("Not understood"), one.rest))
    fors = [str(said.said) for said in one.reasons if not said.doubt]
    doubts = [str(said.said) for said in one.reasons if said.doubt]
    if fors:
        items.append(ui.Item(_("What speaks for it"), _sentences(fors)))
    if doubts:
        items.append(ui.Item(_("What is uncertain"), _sentences(doubts)))
    return ui.Panel(one.address.text if one.address else _whole(one), items)


def _sentences(said: Sequence[str]) -> str:
    return _("; ").join(said)


def _level(unit: Unit) -> str:
    return {
        "province": _("Province"),
        "city": _("City level"),
        "county": _("County level"),
        "township": _("Township level"),
    }[unit.level]


def _name(unit: Unit) -> str:
    return str(Title(unit.name, unit.name_en or unit.name))


def _whole(one: Candidate) -> str:
    """The divisions in the order of the language: Chinese from the largest down."""
    units = one.units[1:] or one.units
    return str(Title("".join(unit.name for unit in units) + one.road, _english(one)))


def _english(one: Candidate) -> str:
    units = one.units[1:] or one.units
    names = [unit.name_en or unit.name for unit in reversed(units)]
    return ", ".join([*([one.road] if one.road else []), *names])


def found_map(answer: Answer) -> ui.RegionMap | None:
    """The first candidate's county among its city's, with the points of what lies there."""
    if not answer.candidates:
        return None
    first = answer.candidates[0]
    city = next((unit.code for unit in first.units if unit.level == "city"), "")
    shapes = maps.shapes("county", within=city) if city and not answer.ambiguous else []
    held = {unit.code for one in answer.candidates for unit in one.units}
    if not shapes:
        shapes = maps.shapes("city")
    regions = [charting.region(shape, None, shape.code in held) for shape in shapes]
    title = ngettext("Where the place lies", "Where the %(n)s places lie", len(answer.candidates))
    return ui.RegionMap(
        title % {"n": len(answer.candidates)},
        regions,
        maps.view_box(shapes),
        note=charting.lines_note(),
        name_title=_("Division"),
        spots=_spots(answer, {shape.code for shape in shapes}),
    )


def _spots(answer: Answer, shown: set[str]) -> list[ui.Spot]:
    spots = []
    for one in answer.candidates:
        held = one.address
        inside = any(unit.code in shown for unit in one.units)
        if held and inside and held.longitude is not None and held.latitude is not None:
            x, y = maps.spot(held.longitude, held.latitude)
            spots.append(ui.Spot(x, y, held.number, f"/places/address/{held.code}/"))
    return spots
