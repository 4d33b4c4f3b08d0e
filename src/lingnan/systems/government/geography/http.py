"""Divisions, addresses and points for programs of anybody: public facts, read only."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.geography import converting, divisions, finding, measuring, nearest
from lingnan.systems.government.geography.features.views import router as features
from lingnan.systems.government.geography.geocoding import geocoder, wire
from lingnan.systems.government.geography.models import Address, Division

# Public by declaration: whoever mounts the router lets these through without an account.
router = Router(tags=["geography"], auth=None)
router.add_router("/ogc", features)
PAGE = 200
FOUND = 20

Level = Literal["province", "city", "county", "township"]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Code = Annotated[str, Query(pattern=r"^(\d{6}|\d{9})?$")]
After = Annotated[str, Query(max_length=20, pattern=r"^\d*(-\d*)?$")]
Words = Annotated[str, Query(min_length=1, max_length=finding.LONGEST)]
Messy = Annotated[str, Query(min_length=1, max_length=geocoder.LONGEST)]
Near = Annotated[int, Query(ge=1, le=nearest.MOST)]
Few = Annotated[int, Query(ge=1, le=geocoder.LIMIT)]


class DivisionOut(Schema):
    """One division; `begins` and `ends` are null where open, `ends` is the first day no longer."""

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str
    begins: date | None
    ends: date | None
    successors: list[str]


class DivisionsOut(Schema):
    """Up to 200 divisions in the order of codes; `after` goes on from here, empty at the end."""

    on: date
    divisions: list[DivisionOut]
    after: str


class PlaceOut(Schema):
    """The units that a point lies in; null outside the province."""

    county: str | None
    city: str | None
    province: str | None


class AddressOut(Schema):
    code: str
    text: str
    division: str
    longitude: float | None
    latitude: float | None


class AddressesOut(Schema):
    """The best 20 matches; a longer question finds less and better."""

    addresses: list[AddressOut]


class NearOut(AddressOut):
    """An address and its distance in metres along the geodesic."""

    kind: str
    metres: float


class NearestOut(Schema):
    """The nearest addresses, nearest first; none beyond 30 km."""

    addresses: list[NearOut]


def division_out(row: Division) -> DivisionOut:
    names = ("code", "name_zh", "name_en", "level", "parent", "begins", "ends")
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    return DivisionOut(**values, successors=row.successors.split())


def address_out(row: Address) -> AddressOut:
    return AddressOut(
        code=row.code,
        text=row.text,
        division=row.division,
        longitude=row.longitude,
        latitude=row.latitude,
    )


@router.get("/divisions", response=DivisionsOut)
def list_divisions(
    request: HttpRequest,
    on: date | None = None,
    level: Level | None = None,
    parent: Code = "",
    after: After = "",
) -> DivisionsOut:
    """The divisions in force on a day (today if none is given); 404 before the first list."""
    day = on or legal_time.today()
    if day < divisions.FIRST_LIST:
        raise HttpError(404, "divisions before 2000-12-31 are not recorded")
    rows = divisions.on(day).filter(code__gt=after)
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(parent=parent) if parent else rows
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].code if len(found) > PAGE else ""
    return DivisionsOut(on=day, divisions=[division_out(r) for r in found[:PAGE]], after=more)


@router.get("/locate", response=PlaceOut)
def locate(
    request: HttpRequest, longitude: Longitude, latitude: Latitude, on: date | None = None
) -> PlaceOut:
    """The county, city and province of a point in WGS 84 degrees; 404 for a day without lines."""
    try:
        county = maps.locate(longitude, latitude, on=on)
    except maps.NoBoundaries:
        raise HttpError(404, "no boundaries are known for that day") from None
    if county is None:
        return PlaceOut(county=None, city=None, province=None)
    city = maps.locate(longitude, latitude, "city", on)
    return PlaceOut(
        county=county, city=city, province=maps.locate(longitude, latitude, "province", on)
    )


@router.get("/addresses", response=AddressesOut)
def addresses(request: HttpRequest, q: Words, division: Code = "") -> AddressesOut:
    """Standard addresses by code, by their beginning, or by parts of road and number."""
    rows = finding.search(q, division, FOUND)
    return AddressesOut(addresses=[address_out(row) for row in rows])


@router.get("/nearest", response=NearestOut)
def nearest_addresses(
    request: HttpRequest,
    longitude: Longitude,
    latitude: Latitude,
    count: Near = 10,
    kind: Literal["", "dwelling", "premises"] = "",
) -> NearestOut:
    """The addresses nearest to a point in WGS 84 degrees, within 30 km."""
    found = nearest.nearest(longitude, latitude, count, kind)
    rows = [
        NearOut(
            **address_out(one.address).dict(), kind=one.address.kind, metres=round(one.metres, 2)
        )
        for one in found
    ]
    return NearestOut(addresses=rows)


router.post("/convert", response=converting.ConvertedOut, openapi_extra=wire.REFUSALS)(
    converting.convert_points
)
router.post("/overlay", response=measuring.OverlayOut, openapi_extra=measuring.REFUSALS)(
    measuring.overlay_area
)
router.get("/origins", response=measuring.OriginsOut)(measuring.origins_of)


@router.get("/geocode", response=wire.GeocodedOut)
def geocode(
    request: HttpRequest, q: Messy, on: date | None = None, limit: Few = 5
) -> wire.GeocodedOut:
    """The places that a messy address may mean, with confidence and reasons.

    Former, shortened and misspelt names are understood; codes are those of the day asked for.
    404 before the first list of divisions.
    """
    return wire.answer_out(geocoder.geocode(q, _recorded(on), limit))


@router.post("/geocode", response=wire.TextsOut, openapi_extra=wire.REFUSALS)
def geocode_many(request: HttpRequest, asked: wire.TextsIn) -> wire.TextsOut:
    """Up to 100 messy addresses in one request, answered in their order."""
    if wire.too_long(asked.texts):
        raise HttpError(422, f"a text has more than {geocoder.LONGEST} characters")
    day = _recorded(asked.on)
    answers = [geocoder.geocode(text, day, asked.limit) for text in asked.texts]
    return wire.TextsOut(answers=[wire.answer_out(answer) for answer in answers])


def _recorded(on: date | None) -> date:
    day = on or legal_time.today()
    if day < divisions.FIRST_LIST:
        raise HttpError(404, "divisions before 2000-12-31 are not recorded")
    return day
