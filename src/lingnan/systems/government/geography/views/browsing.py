"""Browsing from the province to a county's townships."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import divisions, finding, roads
from lingnan.systems.government.geography.geocoding import geocoder
from lingnan.systems.government.geography.models import Division
from lingnan.systems.government.geography.views import candidates, charting
from lingnan.systems.government.geography.views.addresses import found_table
from lingnan.systems.government.geography.views.history import timeline

LEVEL = "county"


@allow(PUBLIC)
@require_safe
def province(request: HttpRequest) -> HttpResponse:
    """Search an address, or choose a city on the map."""
    words = request.GET.get("q", "").strip()[: geocoder.LONGEST]
    within = request.GET.get("division", "")
    context: dict[str, Any] = {"q": words}
    if words:
        context |= _found(words, _code(within))
    else:
        context["map"] = _province_map()
    return render(request, "geography/province.html", context)


def _found(words: str, within: str) -> dict[str, Any]:
    """The addresses that the words name; where they are messier, the places that they may mean.

    A search within a division lists its doors only.
    """
    rows = finding.search(words, within)
    answer = geocoder.geocode(words) if not within else None
    if answer is None or not (answer.candidates or answer.outside):
        return {"found": found_table(rows)}
    context: dict[str, Any] = {
        "notice": candidates.notice(answer),
        "candidates": candidates.panels(answer),
        "map": candidates.found_map(answer),
    }
    return context | ({"found": found_table(rows)} if rows else {})


def _code(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) == 6 else ""


def _province_map() -> ui.RegionMap:
    by_county = roads.counts("division")
    counts: dict[str, int] = {}
    for county, count in by_county.items():
        city = f"{county[:4]}00"
        counts[city] = counts.get(city, 0) + count
    shapes = maps.shapes("city")
    return charting.region_map(_finding(shapes, counts), shapes, counts)


def _finding(shapes: list[maps.Shape], counts: dict[str, int]) -> str:
    """What the map shows, in a sentence."""
    most = max(shapes, key=lambda shape: counts.get(shape.code, 0), default=None)
    if most is None or not counts.get(most.code):
        return ngettext("%(n)s division", "%(n)s divisions", len(shapes)) % {"n": len(shapes)}
    said = {"place": str(most.title), "n": f"{counts[most.code]:,}"}
    return _("%(place)s has the most standard addresses: %(n)s") % said


@allow(PUBLIC)
@require_safe
def division(request: HttpRequest, code: str) -> HttpResponse:
    """One division: where it lies, what is below it, what it was before."""
    found = divisions.find(code, legal_time.today())
    if found is None:
        raise Http404
    if found.level == "province":
        return redirect("places")
    context = {
        "here": found,
        # A tab's title cannot say that it is Chinese, as a heading can.
        "named": str(found.title) if _has_name(found) else found.code,
        "trail": ui.Trail(_above(found), str(found.title)),
        "facts": _facts(found),
        "map": _map(found),
        "townships": _townships(found),
        "steps": timeline(found.code),
    }
    return render(request, "geography/division.html", context)


def _has_name(found: Division) -> bool:
    return bool(found.name_en) or (get_language() or "").startswith("zh")


def _above(found: Division) -> list[ui.Link]:
    day = legal_time.today()
    links: list[ui.Link] = []
    parent = found.parent
    while parent and parent != divisions.PROVINCE and len(links) < 3:
        above = divisions.find(parent, day)
        if above is None:
            break
        links.insert(0, ui.Link(f"/places/{parent}/", str(above.title)))
        parent = above.parent
    return [ui.Link("/places/", _("Places")), *links]


def _facts(found: Division) -> ui.Panel:
    items = [
        ui.Item(_("Division code"), found.code),
        ui.Item(pgettext("place", "Level"), found.get_level_display()),
        ui.Item(pgettext("place", "Since"), found.begins or _("before the first list of 2000")),
    ]
    if found.ends:
        items.append(ui.Item(pgettext("place", "Until"), found.ends, _("the first day no longer")))
    else:
        items.append(ui.Item(_("Standard addresses"), _addresses(found)))
    return ui.Panel(_("About this division"), items)


def _addresses(found: Division) -> int:
    if found.level == "township":
        return roads.counts("township", township=found.code).get(found.code, 0)
    prefix = divisions.significant(found.code)
    return sum(roads.counts("division", division__startswith=prefix).values())


def _map(found: Division) -> ui.RegionMap | None:
    """The counties of a city; a county among its neighbours; nothing for what is no more."""
    if found.ends or found.level == "township":
        return None
    city = found.code if found.level == "city" else found.parent
    shapes = maps.shapes(LEVEL, within=city)
    counts = roads.counts("division", division__in=[shape.code for shape in shapes])
    if found.level == "city" and len(shapes) > 1:
        return charting.region_map(_finding(shapes, counts), shapes, counts)
    regions = [
        charting.region(shape, counts.get(shape.code, 0), shape.code == found.code)
        for shape in shapes
    ]
    title = _("Where %(place)s lies") % {"place": str(found.title)}
    return ui.RegionMap(
        title,
        regions,
        maps.view_box(shapes),
        legend=_("Number of standard addresses"),
        note=charting.lines_note(),
        name_title=_("Division"),
        value_title=_("Standard addresses"),
    )


def _townships(found: Division) -> ui.Table | None:
    rows = divisions.on(legal_time.today()).filter(level="township", parent=found.code)
    if found.ends or found.level == "township" or not (listed := list(rows)):
        return None
    counts = roads.counts("township", township__in=[row.code for row in listed])
    return ui.Table(
        [
            ui.Column("name", _("Name")),
            ui.Column("code", _("Division code")),
            ui.Column("addresses", _("Standard addresses"), True),
        ],
        [
            {
                "name": ui.Link(f"/places/{row.code}/", str(row.title)),
                "code": row.code,
                "addresses": counts.get(row.code, 0),
            }
            for row in listed
        ],
        _("Townships and streets"),
        caption_hidden=True,
        figures=True,
    )
