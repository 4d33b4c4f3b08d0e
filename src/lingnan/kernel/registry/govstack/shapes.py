"""What goes over GovStack's interface, by the shapes of its Data API 1.3.0."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict


class Content(Schema):
    """A record, or what is said of one: values by field."""

    content: dict[str, Any]


class Write(Content):
    """What is to be written. `reason` is the register's own; GovStack's interface has none."""

    reason: str = ""


class Query(Schema):
    """Which record is meant."""

    query: Content


class Created(Schema):
    """A record to be made."""

    write: Write


class Changed(Schema):
    """Which record or records, and what is to be written. Without `query`, `id` says which."""

    query: Content | None = None
    write: Write


class Status(Schema):
    """Whether there is one."""

    status: bool
    message: str = ""


class Answer(Schema):
    """Answer of `exists`."""

    answer: Status


class Listed(Schema):
    """A numbered page: `count` is exact up to 1,000 and 1,001 for any more."""

    count: int
    next: str | None = None
    previous: str | None = None
    results: list[dict[str, Any]]


class Value(Schema):
    """One field's value."""

    value: bool | int | float | str | None


class Detail(Schema):
    """Why there is no other answer."""

    detail: str


class Fault(Schema):
    """Why nothing was written or found; `errors` by field."""

    detail: str
    errors: dict[str, list[str]]


class Pending(Schema):
    """Not yet written: each proposal waits for a second official, at its address on the desk."""

    detail: str
    proposals: list[str]


class Reference(Schema):
    """A record that was read."""

    ReferenceID: str


class Usage(Schema):
    """One use of a person's data. `refrences` is GovStack's spelling."""

    model_config = ConfigDict(extra="forbid")
    id: str
    readerId: str
    readerInstitutionId: str
    readerInstitutionName: str
    readerApplicationName: str
    searchDateTime: str
    refrences: list[Reference]
