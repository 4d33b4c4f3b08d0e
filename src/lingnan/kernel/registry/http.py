"""The API of every record type: read-only, by the same rights as the pages."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.display import mask
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type
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
    """One record: its reference, its data elements by code, and its version."""

    reference: str
    elements: dict[str, Any]
    version: int
    valid_from: str


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


def _out(record: Any, listed: bool) -> RecordOut:
    """As on the pages: a list masks what only an opening shows."""
    declared = type(record).record
    plain: dict[str, Any] = {}
    for code, name in declared.elements.items():
        value = getattr(record, name)
        value = value.isoformat() if hasattr(value, "isoformat") else value
        plain[code] = mask(str(value)) if listed and name in declared.masked else value
    return RecordOut(
        reference=reading.reference(record),
        elements=plain,
        version=record.version,
        valid_from=record.valid_from.isoformat(),
    )


@router.get("/{system}/{name}", response=PageOut)
def list_records(
    request: HttpRequest, system: str, name: str, q: str = "", after: str = ""
) -> PageOut:
    """A page of records that the post may see; each hit is evidence.

    `q` is the beginning of a name or code. Addresses are kept in logs, so that a resident
    number or its beginning is refused (400).
    """
    model, who = _model(request, system, name)
    if like_resident_number(q):
        raise HttpError(400, _("A resident number does not belong in an address. Search by name."))
    rows, more = reading.page(model, who, q, after)
    return PageOut(records=[_out(row, listed=True) for row in rows], after=more)


@router.get("/{system}/{name}/{ref}", response=RecordOut)
def one_record(request: HttpRequest, system: str, name: str, ref: str) -> RecordOut:
    """One record; its opening is evidence."""
    model, who = _model(request, system, name)
    record = reading.opened(model, who, ref)
    if record is None:
        raise Http404
    return _out(record, listed=False)
