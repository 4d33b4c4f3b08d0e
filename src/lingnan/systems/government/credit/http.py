"""Reporting events by program: a batch with a key of idempotence, all or nothing."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from lingnan.kernel.trust.api import actor, official
from lingnan.systems.government.credit import batches, collecting

router = Router(tags=["credit"])
ACCESS = official("data_officer")
Text = Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$")]
# A header of its own keeps a form of another site from sending a batch.
Key = Annotated[str, Header(alias="Idempotence-Key", min_length=8, max_length=64)]


class EventIn(Schema):
    """One event as in the file of a batch; days as YYYY-MM-DD, empty where it does not apply."""

    credit_code: Text
    name: Text
    kind: Text
    severity: Text = ""
    trade: Text = ""
    document: Text
    what: Text
    basis: Text
    decided_on: Text
    ended_on: Text = ""


class BatchIn(Schema):
    events: Annotated[list[EventIn], Field(min_length=1, max_length=batches.MOST)]


class BatchOut(Schema):
    """The numbers of the events in the order of the batch."""

    numbers: list[str]


class FaultOut(Schema):
    row: int
    message: str


class FaultsOut(Schema):
    """Nothing was taken; what has to be put right, by row from 1."""

    faults: list[FaultOut]


@router.post("/batches", response={200: BatchOut, 422: FaultsOut}, summary="Report events")
def report(request: HttpRequest, batch: BatchIn, key: Key) -> Status[BatchOut | FaultsOut]:
    """Take a batch once: the same key with the same content answers as before (else 409)."""
    rows = [one.dict() for one in batch.events]
    try:
        return Status(200, BatchOut(numbers=collecting.take(rows, actor(request), key)))
    except collecting.OtherContent:
        raise HttpError(409, "the key was used for another batch") from None
    except collecting.Refused as refused:
        faults = [FaultOut(row=row, message=message) for row, message in refused.faults]
        return Status(422, FaultsOut(faults=faults))
