"""Writing records over the API: what the forms do, by the same checks and the same rights.

An account is known by the session of its browser, so that each write must show the session's
CSRF token (header `X-CSRFToken`), as a form does.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.utils import check_csrf

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.editing import proposals, writing
from lingnan.kernel.registry.editing.pages import editable
from lingnan.kernel.registry.editing.writing import Entered, Kind, Refused, Typed
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import Actor


class EntryIn(Schema):
    """An entry: `values` by field or element code, days (YYYY-MM-DD), why, the version read.

    `valid_to` makes it a correction of an interval of the past; `base` is the day whose values the
    caller read, when that is not today.
    """

    values: dict[str, Any] = {}
    valid_from: str = ""
    valid_to: str = ""
    reason: str = ""
    version: int = 0
    base: str = ""


class WrittenOut(Schema):
    """What came of it: the record's reference and version, or the proposal that waits."""

    reference: str
    version: int
    proposal: str


class EntryFaultOut(Schema):
    """Why nothing was written; `errors` by field."""

    detail: str
    errors: dict[str, list[str]]


ANSWERS: dict[int, Any] = {
    200: WrittenOut, 201: WrittenOut, 202: WrittenOut, 409: EntryFaultOut, 422: EntryFaultOut,
}  # fmt: skip
Answer = tuple[int, WrittenOut | EntryFaultOut]


def writer(request: HttpRequest) -> Actor:
    """Who may write, told before the body is read. Raises PermissionDenied and Http404."""
    if getattr(request, "actor", None) is None or request.resolver_match is None:
        raise PermissionDenied
    named = request.resolver_match.kwargs
    _model, who = editable(request, named["system"], named["name"])
    if check_csrf(request) is not None:
        raise PermissionDenied
    return who


def create_record(request: HttpRequest, system: str, name: str, entry: EntryIn) -> Answer:
    """A new record (201), or a proposal of one that a second official confirms (202)."""
    return _written(request, system, name, "", "new", entry)


def change_record(request: HttpRequest, system: str, name: str, ref: str, entry: EntryIn) -> Answer:
    """What holds from a day on, or a correction of the past; 409 when it was changed meanwhile."""
    return _written(request, system, name, ref, "change", entry)


def end_record(request: HttpRequest, system: str, name: str, ref: str, entry: EntryIn) -> Answer:
    """The record holds no more from a day on; it stays readable."""
    return _written(request, system, name, ref, "end", entry)


def _written(
    request: HttpRequest, system: str, name: str, ref: str, kind: Kind, entry: EntryIn
) -> Answer:
    model, who = editable(request, system, name)
    record: Any = None
    if kind != "new":
        record = reading.opened(model, who, ref)
        if record is None:
            raise Http404
    try:
        if record is not None and record.version != entry.version:
            raise Conflict("another version was read")
        entered = writing.checked(model, who, kind, _typed(model, entry), record)
        return _do(model, who, entered, record)
    except Refused as error:
        return 422, EntryFaultOut(detail=_("Nothing was written."), errors=error.errors)
    except Conflict:
        return 409, EntryFaultOut(detail=_("Somebody changed this record meanwhile"), errors={})


def _typed(model: type[Record], entry: EntryIn) -> Typed:
    fields = model.record.elements
    values = {fields.get(name, name): value for name, value in entry.values.items()}
    return Typed(values, entry.valid_from, entry.valid_to, entry.reason, entry.version, entry.base)


def _do(model: type[Record], who: Actor, entered: Entered, record: Any) -> Answer:
    if writing.needs_confirming(model, entered):
        proposal = proposals.propose(model, who, entered, record)
        ref = reading.reference_of(model, record.key) if record is not None else ""
        return 202, WrittenOut(
            reference=ref, version=entered.version, proposal=proposals.reference(proposal)
        )
    made = writing.enter(model, who, entered, record)
    ref = reading.reference_of(model, made.key)
    status = 201 if record is None else 200
    return status, WrittenOut(reference=ref, version=made.version, proposal="")
