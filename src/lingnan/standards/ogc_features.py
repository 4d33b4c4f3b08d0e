"""Parameters and documents of OGC API - Features - Part 1: Core (OGC 17-069r4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from math import isfinite

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"
JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
LIMIT, MOST = 10, 1000
ZONE = timezone(timedelta(hours=8))  # days of the law are days of Beijing time
Box = tuple[float, float, float, float]


class InvalidParameter(ValueError):
    """A parameter is unknown or invalid: 400 (/req/core/query-param-unknown, -invalid)."""


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included; None leaves an end open."""

    first: date | None
    last: date | None

    def meets(self, begins: date | None, ends: date | None) -> bool:
        """Whether something meets it that held from `begins` until before `ends`."""
        begun = self.last is None or begins is None or begins <= self.last
        return begun and (self.first is None or ends is None or ends > self.first)


def only(given: Iterable[str], known: Iterable[str]) -> None:
    """/req/core/query-param-unknown. Raises InvalidParameter."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InvalidParameter(f"unknown parameter: {', '.join(name[:40] for name in unknown)}")


def limit(text: str | None) -> int:
    """/req/core/fc-limit-definition: 1 to 1000, 10 if not given. Raises InvalidParameter."""
    if text is None:
        return LIMIT
    plain = text.isascii() and text.isdecimal() and len(text) <= 9
    if not plain or not 1 <= int(text) <= MOST:
        raise InvalidParameter(f"limit must be a whole number from 1 to {MOST}")
    return int(text)


def bbox(text: str | None) -> tuple[Box, ...]:
    """/req/core/fc-bbox-definition: west, south, east, north of each box in degrees; () for none.

    Six numbers have heights at third and sixth place, which are not looked at. A box whose west is
    greater than its east spans the antimeridian and becomes two. Raises InvalidParameter.
    """
    if text is None:
        return ()
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise InvalidParameter("bbox must be four or six numbers") from None
    if len(numbers) not in (4, 6) or not all(isfinite(number) for number in numbers):
        raise InvalidParameter("bbox must be four or six numbers")
    if len(numbers) == 6:
        if numbers[2] > numbers[5]:
            raise InvalidParameter("bbox: the lower height is above the upper")
        numbers = [*numbers[0:2], *numbers[3:5]]
    west, south, east, north = numbers
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90 or south > north:
        raise InvalidParameter("bbox: west,south,east,north in degrees")
    if west > east:
        return (west, south, 180.0, north), (-180.0, south, east, north)
    return ((west, south, east, north),)


def period(text: str | None) -> Period | None:
    """/req/core/fc-time-definition: an instant or an interval; its ends may be open.

    Dates and RFC 3339 times are taken; a time means its day in Beijing. Raises InvalidParameter.
    """
    if text is None:
        return None
    parts = text.split("/")
    if len(parts) == 1 and parts[0] not in ("", ".."):
        day = _day(parts[0])
        return Period(day, day)
    if len(parts) != 2:
        raise InvalidParameter("datetime must be an instant or an interval of two")
    first, last = (None if part in ("", "..") else _day(part) for part in parts)
    if first is not None and last is not None and first > last:
        raise InvalidParameter("datetime: the interval ends before it begins")
    return Period(first, last)


def _day(text: str) -> date:
    try:
        if len(text) == 10 and text[4] == text[7] == "-":
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None or text[10:11] not in ("T", "t"):
            raise ValueError
        return moment.astimezone(ZONE).date()
    except (ValueError, OverflowError):
        raise InvalidParameter("datetime must be as in RFC 3339, such as 2011-06-30") from None


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    """A link of a document (OGC 17-069r4, 7.2; RFC 8288)."""
    made = {"href": href, "rel": rel, "type": kind}
    return made | ({"title": title} if title else {})


def stamp(moment: datetime) -> str:
    """/req/core/fc-timeStamp: UTC, RFC 3339."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parameters(queryables: Mapping[str, str]) -> list[dict[str, object]]:
    """The query parameters of a collection's items, for OpenAPI."""
    numbers = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    whole = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    words = {"type": "string", "maxLength": 100}
    found: list[dict[str, object]] = [
        _query("bbox", "west,south,east,north in CRS84 degrees", numbers, False),
        _query("datetime", "an instant or an interval, RFC 3339; `..` is open", words, False),
        _query("limit", "features of one page", whole),
        _query("after", "where the page before ended: follow the link `next`", words),
    ]
    return found + [_query(name, about, words) for name, about in queryables.items()]


def _query(
    name: str, about: str, schema: dict[str, object], explode: bool | None = None
) -> dict[str, object]:
    made: dict[str, object] = {"name": name, "in": "query", "required": False}
    made |= {"description": about, "schema": schema}
    return made if explode is None else made | {"style": "form", "explode": explode}
