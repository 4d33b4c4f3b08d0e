"""The operations of GovStack's Data API 1.3.0, mounted under `/api/govstack/data/`.

Each path is as the interface has it, and with hyphens as older versions of it wrote the names.
One router holds all: each client is let in by its key (`clients`), and by nothing else.
"""

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Router
from ninja.errors import HttpError
from pydantic import Field

from lingnan.kernel.registry.govstack import clients, finding, naming, usage, writing
from lingnan.kernel.registry.govstack.answers import REFUSALS, answering, pending, written
from lingnan.kernel.registry.govstack.shapes import (
    Answer,
    Changed,
    Content,
    Created,
    Detail,
    Listed,
    Pending,
    Query,
    Status,
    Usage,
    Value,
)
from lingnan.kernel.registry.http import like_resident_number
from lingnan.kernel.registry.reading import numbered
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor

router = Router(tags=["govstack"], auth=clients.let_in)
Asker = Annotated[str, Header(alias=clients.NAMED_BY)]
At = "/data/{registryName}/{versionNumber}"
NOT_FOUND = "no record found"
IN_AN_ADDRESS = "A resident number does not belong in an address. Search by name."


def _asked(request: HttpRequest, name: str, version: str) -> tuple[Actor, type[Record]]:
    """The post for which an enrolled client acts, and the register it names in its sight."""
    who = clients.client_of(request).actor
    return who, naming.register(name, version, who)


@answering
def list_(
    request: HttpRequest,
    registryName: str,
    versionNumber: str,
    client: Asker,
    search: str = "",
    filter: str = "",
    ordering: str = "",
    page: Annotated[int, Field(ge=1, le=finding.REACHED)] = 1,
    pageSize: Annotated[int, Field(ge=1, le=100)] = 10,
) -> Any:
    """Searches and returns a page of records; `query.<field>` asks for an exact value.

    `search` is words of a text or the beginning of a code, with `filter` the value of that field.
    Regular expressions are not supported. Lists are numbered up to 1,000 records.
    """
    who, model = _asked(request, registryName, versionNumber)
    if any(like_resident_number(value) for value in request.GET.dict().values()):
        raise HttpError(400, _(IN_AN_ADDRESS))
    asked = finding.listing(model, who, request.GET.dict())
    first = (page - 1) * pageSize
    if first >= finding.REACHED:
        raise HttpError(400, _("Lists are numbered up to 1,000 records. Narrow the search."))
    rows, count = numbered(model, who, asked, first, pageSize, finding.REACHED)
    more = first + pageSize < min(count, finding.REACHED)
    return Listed(
        count=count,
        next=_page(request, page + 1) if more else None,
        previous=_page(request, page - 1) if page > 1 else None,
        results=[naming.content(model, who, row, listed=True) for row in rows],
    )


def _page(request: HttpRequest, number: int) -> str:
    told = request.GET.copy()
    told["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{told.urlencode()}")


@answering
def exists(
    request: HttpRequest, registryName: str, versionNumber: str, client: Asker, body: Query
) -> Any:
    """Whether there is such a record; a hit is evidence."""
    who, model = _asked(request, registryName, versionNumber)
    found = bool(finding.several(model, who, body.query.content, 1, "record.listed"))
    said = _("Object found from database") if found else _("Object not found from database")
    return Answer(answer=Status(status=found, message=said))


@answering
def read(
    request: HttpRequest, registryName: str, versionNumber: str, client: Asker, body: Query
) -> Any:
    """Searches and returns one record; 409 where the description fits several."""
    who, model = _asked(request, registryName, versionNumber)
    found = finding.one(model, who, body.query.content, "record.opened")
    if found is None:
        return 404, Detail(detail=NOT_FOUND)
    return 200, Content(content=naming.content(model, who, found))


@answering
def read_value(
    request: HttpRequest,
    registryName: str,
    versionNumber: str,
    uuid: str,
    field: str,
    ext: str,
    client: Asker,
) -> Any:
    """One field of one record by its reference; `ext` is `json`."""
    who, model = _asked(request, registryName, versionNumber)
    name = naming.fields(model, who).get(field) or model.record.elements.get(field)
    if name is None or name not in naming.fields(model, who).values() or ext != "json":
        raise Http404
    found = finding.one(model, who, {naming.ID: uuid}, "record.opened")
    if found is None:
        return 404, Detail(detail=NOT_FOUND)
    return 200, Value(value=naming.plain(getattr(found, name)))


@answering
def create(
    request: HttpRequest, registryName: str, versionNumber: str, client: Asker, body: Created
) -> Any:
    """Creates a record (200), or proposes one that a second official confirms (202)."""
    who, model = _asked(request, registryName, versionNumber)
    writing.editable(model, who)
    return written(model, who, writing.create(model, who, body.write.content, body.write.reason))


@answering
def update(
    request: HttpRequest, registryName: str, versionNumber: str, client: Asker, body: Changed
) -> Any:
    """Changes one record from today on (200), or proposes the change (202)."""
    who, model = _asked(request, registryName, versionNumber)
    writing.editable(model, who)
    found = finding.one(model, who, _meant(body), "record.opened")
    if found is None:
        return 404, Detail(detail=NOT_FOUND)
    done = writing.change(model, who, [found], body.write.content, body.write.reason)
    return pending(done) or (200, None)


@answering
def update_entries(
    request: HttpRequest, registryName: str, versionNumber: str, client: Asker, body: Changed
) -> Any:
    """Changes every record that is meant, up to 100: all of them or none."""
    who, model = _asked(request, registryName, versionNumber)
    writing.editable(model, who)
    found = finding.several(model, who, _meant(body), finding.CHANGED + 1, "record.opened")
    if not found:
        return 404, Detail(detail=NOT_FOUND)
    if len(found) > finding.CHANGED:
        raise finding.Ambiguous
    done = writing.change(model, who, found, body.write.content, body.write.reason)
    return pending(done) or (200, None)


@answering
def update_or_create(
    request: HttpRequest, registryName: str, versionNumber: str, client: Asker, body: Changed
) -> Any:
    """Changes the record that is meant; where there is none it is created."""
    who, model = _asked(request, registryName, versionNumber)
    writing.editable(model, who)
    found = finding.one(model, who, _meant(body), "record.opened")
    told, reason = body.write.content, body.write.reason
    if found is None:
        return written(model, who, writing.create(model, who, told, reason))
    done = writing.change(model, who, [found], told, reason)
    return written(model, who, (done[0] or [found], done[1]))


def _meant(body: Changed) -> dict[str, Any]:
    if body.query is not None:
        return body.query.content
    told = body.write.content
    return {naming.ID: told[naming.ID]} if naming.ID in told else {}


@answering
def delete(
    request: HttpRequest, registryName: str, versionNumber: str, ID: str, client: Asker
) -> Any:
    """Ends a record (204), or proposes its end (202): it stays readable as it was."""
    who, model = _asked(request, registryName, versionNumber)
    writing.editable(model, who)
    found = finding.one(model, who, {naming.ID: ID}, "record.opened")
    if found is None:
        return 404, Detail(detail=NOT_FOUND)
    return pending(writing.end(model, who, found)) or (204, None)


@answering
def personal_data_usage(request: HttpRequest, client: Asker, userId: str, databaseId: str) -> Any:
    """Who has read a person's data. `userId` is the record's reference, never a resident number."""
    asking = clients.client_of(request)
    if not asking.usage:
        raise PermissionDenied
    if like_resident_number(userId):
        raise HttpError(400, _(IN_AN_ADDRESS))
    found = usage.of_record(naming.named(databaseId, asking.actor), asking.actor, userId)
    return (404, Detail(detail=NOT_FOUND)) if found is None else (200, found)


def _serve(method: str, names: tuple[str, ...], view: Any, answers: dict[int, Any]) -> None:
    """One operation under its name, and under the one with hyphens."""
    for number, path in enumerate(names):
        router.api_operation(
            [method],
            path,
            response=answers | REFUSALS,
            include_in_schema=number == 0,
            operation_id=f"govstack_{view.__name__.rstrip('_')}" if number == 0 else None,
            exclude_none=view is list_,
            summary=view.__name__.rstrip("_").replace("_", " "),
        )(view)


_serve("GET", ("/data/myPersonalDataUsage", "/data/my-personal-data-usage"), personal_data_usage,
       {200: list[Usage]})  # fmt: skip
_serve("GET", (At,), list_, {200: Listed})
_serve("POST", (f"{At}/create",), create, {200: Content, 202: Pending})
_serve("POST", (f"{At}/exists",), exists, {200: Answer})
_serve("POST", (f"{At}/read",), read, {200: Content})
_serve("PUT", (f"{At}/update",), update, {200: None, 202: Pending})
_serve("PUT", (f"{At}/updateEntries", f"{At}/update-entries"), update_entries,
       {200: None, 202: Pending})  # fmt: skip
_serve("POST", (f"{At}/updateOrCreate", f"{At}/update-or-create"), update_or_create,
       {200: Content, 202: Pending})  # fmt: skip
_serve("DELETE", (f"{At}/{{ID}}/delete",), delete, {202: Pending, 204: None})
_VALUE = "{field}.{ext}"
_serve("GET", (f"{At}/{{uuid}}/readValue/{_VALUE}", f"{At}/{{uuid}}/read-value/{_VALUE}"),
       read_value, {200: Value})  # fmt: skip
