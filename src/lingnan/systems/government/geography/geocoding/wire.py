"""What programs are told of a text: shapes of the HTTP interface."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from lingnan.systems.government.geography.geocoding.geocoder import LONGEST, Answer, Candidate

MOST = 100  # texts of one request
_PROBLEM = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
REFUSALS: dict[str, Any] = {
    "responses": {
        422: {"description": "The body is not of its kind.", "content": _PROBLEM},
        404: {"description": "No divisions are recorded for that day.", "content": _PROBLEM},
    }
}


class ReasonOut(Schema):
    """One reason; `doubt` speaks against the candidate. `code` is stable, the sentences are not."""

    code: str
    zh: str
    en: str
    doubt: bool


class UnitOut(Schema):
    code: str
    name_zh: str
    name_en: str
    level: str


class PlacedOut(Schema):
    """A standard address; the point is in WGS 84 degrees, null where none is known."""

    code: str
    text: str
    longitude: float | None
    latitude: float | None


class CandidateOut(Schema):
    """One place that the text may mean: divisions from the province down."""

    code: str
    divisions: list[UnitOut]
    address: PlacedOut | None
    road: str
    rest: str
    confidence: float
    reasons: list[ReasonOut]


class GeocodedOut(Schema):
    """The candidates for one text, best first; those of equal confidence are all here.

    `ambiguous`: the first two are as likely. `outside`: the other province that the text names.
    """

    text: str
    on: date
    ambiguous: bool
    outside: str
    candidates: list[CandidateOut]


class TextsIn(Schema):
    """Up to 100 texts of up to 120 characters, read by the names of one day (today if none)."""

    model_config = ConfigDict(extra="forbid")
    texts: list[str] = Field(min_length=1, max_length=MOST)
    on: date | None = None
    limit: int = Field(5, ge=1, le=10)


class TextsOut(Schema):
    """One answer for each text, in the order in which they were asked."""

    answers: list[GeocodedOut]


def too_long(texts: list[str]) -> bool:
    return any(len(text) > LONGEST for text in texts)


def answer_out(answer: Answer) -> GeocodedOut:
    return GeocodedOut(
        text=answer.text,
        on=answer.day,
        ambiguous=answer.ambiguous,
        outside=answer.outside,
        candidates=[_candidate(one) for one in answer.candidates],
    )


def _candidate(one: Candidate) -> CandidateOut:
    return CandidateOut(
        code=one.code,
        divisions=[
            UnitOut(code=unit.code, name_zh=unit.name, name_en=unit.name_en, level=unit.level)
            for unit in one.units
        ],
        address=_address(one),
        road=one.road,
        rest=one.rest,
        confidence=one.confidence,
        reasons=[
            ReasonOut(code=said.code, zh=said.said.zh, en=said.said.en, doubt=said.doubt)
            for said in one.reasons
        ],
    )


def _address(one: Candidate) -> PlacedOut | None:
    held = one.address
    if held is None:
        return None
    return PlacedOut(
        code=held.code, text=held.text, longitude=held.longitude, latitude=held.latitude
    )
