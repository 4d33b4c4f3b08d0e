"""The API of every record type, by the same rights as the pages; writing is in `editing.http`."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError

from lingnan.kernel.registry import choosing, dictionary, histories, moments, reading, rights
from lingnan.kernel.registry.dictionary import DictionaryField
from lingnan.kernel.registry.display import mask
from lingnan.kernel.registry.doubts import raising
from lingnan.kernel.registry.editing import http as writing
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type
from lingnan.kernel.registry.statistics import http as figures
from lingnan.kernel.runtime.api import Moment
from lingnan.kernel.trust.api import Actor, actor
from lingnan.standards import resident_number

router = Router(tags=["records"])


# The first digit of a place of registration is 1 to 8; credit codes of the registrar begin with 9.
NUMBER = re.compile(r"[1-8][0-9]{5,16}[0-9Xx]?")


def like_resident_number(text: str) -> bool:
    """Whether a text is a resident number, or begins as one does."""
    bare = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    if NUMBER.fullmatch(bare):
        return True
    try:
        resident_number.parse(bare)
    except resident_number.InvalidResidentNumber:
        return False
    return True


class RecordOut(Schema):
    """One record: its reference, its data elements by code, and its version.

    `withheld` names the elements that are null because they are not for this post, `doubted`
    those about which there is a doubt that nobody has answered.
    """

    reference: str
    elements: dict[str, Any]
    version: int
    valid_from: str
    withheld: list[str]
    doubted: list[str] = []


class PageOut(Schema):
    """Up to 25 records; `after` goes on from here, empty at the end."""

    records: list[RecordOut]
    after: str


def _model(request: HttpRequest, system: str, name: str) -> tuple[type[Record], Actor]:
    try:
        model = record_type(system, name)
    except UnknownRecordType:
        raise Http404 from None
    who = actor(request)
    if not model.record.readers.permits(who):
        raise PermissionDenied
    return model, who


def _out(model: type[Record], who: Actor, row: Any, listed: bool) -> RecordOut:
    return RecordOut(
        reference=reading.reference_of(model, row.key),
        elements=_elements(model, who, row, listed),
        version=row.version,
        valid_from=row.valid_from.isoformat(),
        withheld=_withheld(model, who),
    )


def _withheld(model: type[Record], who: Actor) -> list[str]:
    return sorted(set(model.record.elements) - set(rights.seen_elements(model, who)))


def _elements(model: type[Record], who: Actor, row: Any, listed: bool) -> dict[str, Any]:
    """As on the pages: a list masks what only an opening shows; what is withheld is null."""
    plain: dict[str, Any] = {}
    for code, name in model.record.elements.items():
        value: Any = getattr(row, name) if rights.sees(model, who, name) else None
        value = value.isoformat() if hasattr(value, "isoformat") else value
        plain[code] = _masked(value) if listed and name in model.record.masked else value
    return plain


@router.get("/dictionary", response=list[DictionaryField])
def data_dictionary(request: HttpRequest, q: str = "") -> list[DictionaryField]:
    """Every register and its fields, or those in which each word of `q` stands."""
    return dictionary.entries(q)


router.get("/{system}/{name}/statistics", response=figures.TableOut)(figures.table_of)


def _masked(value: Any) -> str | None:
    return None if value is None else mask(str(value))


@router.get("/{system}/{name}", response=PageOut)
def list_records(
    request: HttpRequest,
    system: str,
    name: str,
    q: str = "",
    after: str = "",
    on: str = "",
    known: str = "",
    sort: str = "",
) -> PageOut:
    """A page of records that the post may see; each hit is evidence.

    `on` and `known` are days (YYYY-MM-DD): what held on the one, by what was known on the other.
    What a register declares as filters is asked for as `f_<field>` (a day as `f_<field>_from` and
    `_to`), its order as `sort` (`-` before the field for descending). The past and what is found
    by its words are in the order of entry, what is found by a beginning in that field's order.

    `q` is two characters or more of a name or another text, or the beginning of a code.
    Addresses are kept in logs, so that a resident number or its beginning is refused (400).
    """
    model, who = _model(request, system, name)
    if like_resident_number(q):
        raise HttpError(400, _("A resident number does not belong in an address. Search by name."))
    moment = _moment(on, known)
    asked = _choosing(model, request.GET)
    in_order = moment is not None or bool(q)
    told = reading.Reading(q, moment, choosing.Choosing(asked.told) if in_order else asked)
    rows, more = reading.page(model, who, told, after)
    records = [_out(model, who, row, listed=True) for row in rows]
    doubted = raising.doubted(model, [row.key for row in rows])
    for row, out in zip(rows, records, strict=True):
        out.doubted = sorted(doubted.get(row.key, set()) - set(out.withheld))
    return PageOut(records=records, after=more)


def _choosing(model: type[Record], told: Mapping[str, str]) -> choosing.Choosing:
    try:
        return choosing.chosen(model, told)
    except choosing.BadChoice as error:
        raise HttpError(422, error.words) from None


def _moment(on: str, known: str) -> Moment | None:
    try:
        return moments.asked({"on": on, "known": known}).moment
    except moments.BadMoment as error:
        raise HttpError(422, error.words) from None


@router.get("/{system}/{name}/{ref}", response=RecordOut)
def one_record(
    request: HttpRequest, system: str, name: str, ref: str, on: str = "", known: str = ""
) -> RecordOut:
    """One record, today or as it held `on` a day by what was `known`; its opening is evidence."""
    model, who = _model(request, system, name)
    record = reading.opened(model, who, ref, _moment(on, known))
    if record is None:
        raise Http404
    out = _out(model, who, record, listed=False)
    doubted = raising.doubted(model, [record.key])
    out.doubted = sorted(doubted.get(record.key, set()) - set(out.withheld))
    return out


class VersionOut(Schema):
    """One version: what it states from a day until a day (open when null), and how it came."""

    version: int
    valid_from: str
    valid_to: str | None
    recorded_at: str
    ended: bool
    changed_by: str
    reason: str
    elements: dict[str, Any]
    withheld: list[str]


@router.get("/{system}/{name}/{ref}/history", response=list[VersionOut])
def record_history(request: HttpRequest, system: str, name: str, ref: str) -> list[VersionOut]:
    """Every version of a record, oldest first; where two cover a day the later number holds."""
    model, who = _model(request, system, name)
    record = reading.with_past(model, who, ref)
    if record is None:
        raise Http404
    return [
        VersionOut(
            version=row.version,
            valid_from=row.valid_from.isoformat(),
            valid_to=row.valid_to.isoformat() if row.valid_to else None,
            recorded_at=row.recorded_at.isoformat(),
            ended=row.ended,
            changed_by=row.changed_by,
            reason=row.reason,
            elements=_elements(model, who, row, listed=False),
            withheld=_withheld(model, who),
        )
        for row in histories.versions(record)
    ]


# One path answers to all its methods only where one router holds them.
WRITES: dict[str, Any] = {"response": writing.ANSWERS, "auth": writing.writer}
router.post("/{system}/{name}", **WRITES)(writing.create_record)
router.patch("/{system}/{name}/{ref}", **WRITES)(writing.change_record)
router.post("/{system}/{name}/{ref}/end", **WRITES)(writing.end_record)
