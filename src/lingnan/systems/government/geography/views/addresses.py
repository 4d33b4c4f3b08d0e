"""One standard address, and the list of those found."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import divisions
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.geography.views import charting


def found_table(rows: Sequence[Address]) -> ui.Table:
    nothing = ui.Empty(
        _("No address found"),
        _("Write the road and the number; the names of city and county may stand before them."),
        ui.Link("/places/", _("Browse the province")),
    )
    return ui.Table(
        [ui.Column("text", _("Standard address")), ui.Column("code", _("Address code"))],
        [
            {"text": ui.Link(f"/places/address/{row.code}/", row.text), "code": row.code}
            for row in rows
        ],
        _("Addresses found"),
        nothing,
        caption_hidden=True,
    )


@allow(PUBLIC)
@require_safe
def address(request: HttpRequest, code: str) -> HttpResponse:
    """An address with its point in its county. Floor area is for bodies, over the exchange."""
    found = Address.objects.filter(code=code, ended=False).first()
    if found is None:
        raise Http404
    county = divisions.find(found.division, legal_time.today())
    links = [ui.Link("/places/", _("Places"))]
    if county is not None:
        links.append(ui.Link(f"/places/{county.code}/", str(county.title)))
    context = {
        "address": found,
        "trail": ui.Trail(links, found.code),
        "facts": _facts(found, county),
        "map": _map(found, county),
    }
    return render(request, "geography/address.html", context)


def _facts(found: Address, county: divisions.Division | None) -> ui.Panel:
    point = None
    if found.longitude is not None and found.latitude is not None:
        point = f"{found.longitude:.5f}, {found.latitude:.5f}"
    return ui.Panel(
        _("About this address"),
        [
            ui.Item(_("Address code"), found.code),
            ui.Item(pgettext("place", "Kind"), found.get_kind_display()),
            ui.Item(pgettext("place", "County"), str(county.title) if county else found.division),
            ui.Item(_("Longitude and latitude"), point, _("CGCS2000, in degrees")),
        ],
    )


def _map(found: Address, county: divisions.Division | None) -> ui.RegionMap | None:
    if found.longitude is None or found.latitude is None or county is None:
        return None
    title = _("Where it lies in %(place)s") % {"place": str(county.title)}
    point = (found.longitude, found.latitude)
    return charting.spot_map(title, county.code, point, _("This address"))
