"""Indicators for programs of anybody: public figures, read only."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from lingnan.kernel.insight import values
from lingnan.kernel.insight.declaration import Indicator, UnknownIndicator, indicator, indicators

# Public by declaration: whoever mounts the router lets these through without an account.
router = Router(tags=["indicators"], auth=None)


class FigureOut(Schema):
    """`denominator` is null where a number stands alone; a share is left to the reader."""

    numerator: int
    denominator: int | None


class DayOut(FigureOut):
    on: date


class ValuePlaceOut(FigureOut):
    division: str


class IndicatorOut(Schema):
    """A declaration and its newest figure; `on` is null before the first computation."""

    code: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    unit: str
    direction: str
    target: float | None
    target_year: int | None
    on: date | None
    computed_at: datetime | None
    newest: FigureOut | None


class DetailOut(IndicatorOut):
    """With the newest figures by division, and the province's day by day."""

    divisions: list[ValuePlaceOut]
    series: list[DayOut]


def _plain(one: Indicator) -> dict[str, object]:
    last = values.latest(one.code)
    return {
        "code": one.code,
        "title_zh": one.title.zh,
        "title_en": one.title.en,
        "definition_zh": one.definition.zh,
        "definition_en": one.definition.en,
        "unit": one.unit,
        "direction": one.direction,
        "target": one.target.value if one.target else None,
        "target_year": one.target.year if one.target else None,
        "on": last[0] if last else None,
        "computed_at": last[2] if last else None,
        "newest": vars(last[1]) if last else None,
    }


@router.get("", response=list[IndicatorOut])
def list_indicators(request: HttpRequest) -> list[dict[str, object]]:
    """Every indicator of this node."""
    return [_plain(one) for one in indicators().values()]


@router.get("/{code}", response=DetailOut)
def one_indicator(request: HttpRequest, code: str) -> dict[str, object]:
    """One indicator; 404 where no installed system declares it."""
    try:
        one = indicator(code)
    except UnknownIndicator:
        raise HttpError(404, "no such indicator") from None
    places = values.by_division(code).items()
    days = values.series(code)
    return _plain(one) | {
        "divisions": [{"division": division} | vars(figure) for division, figure in sorted(places)],
        "series": [{"on": on} | vars(figure) for on, figure in days],
    }
