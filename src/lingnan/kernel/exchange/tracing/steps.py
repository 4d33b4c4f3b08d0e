"""A message's way as steps that one can walk: what happened where, when, and what proves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lingnan.kernel.exchange.tracing import verifying
from lingnan.kernel.exchange.tracing.assembling import NOTHING, SILENT, Record, Traced
from lingnan.kernel.exchange.tracing.verifying import Verdict

CODES = ("asked", "signed", "relayed", "received", "served", "answered", "returned")


@dataclass(frozen=True)
class Step:
    """code    asked: by the client's system; signed: by its node; relayed; received: by the
               provider's node; served: by the service; answered: signed back; returned: to the
               client
    server    at which node; `other`: the one it goes to
    at        when, to what is kept of it: a signature says whole seconds (`whole_second`)
    took      milliseconds
    heard     what the node said when it was asked (`assembling`)
    """

    code: str
    server: str
    other: str = ""
    at: datetime | None = None
    whole_second: bool = False
    took: int | None = None
    verdict: Verdict | None = None
    digest: str = ""
    status: int = 0
    record: Record | None = None
    heard: str = ""

    @property
    def known(self) -> bool:
        return self.record is not None


def steps(traced: Traced) -> list[Step]:
    """In the order in which they happened."""
    return [*_out(traced), *_there(traced), *_back(traced)]


def _out(traced: Traced) -> Iterator[Step]:
    sent = traced.of("message.sent")
    heard = traced.heard.get(traced.consumer, SILENT)
    digest = str(traced.any.get("digest", ""))
    took = _took(sent)
    came = sent.at - timedelta(milliseconds=took) if sent is not None and took is not None else None
    yield Step("asked", traced.consumer, at=came, digest=digest, record=sent, heard=heard)
    # Whoever of the hops has it: the signature is the consumer's wherever it is kept.
    of = next((r for r in traced.records if r.told.get("signature")), None)
    verdict = verifying.of_request(of.told, traced.identity) if of is not None else None
    yield Step(
        "signed", traced.consumer, traced.provider, _second(verdict), True, verdict=verdict,
        digest=digest, record=of, heard=heard,
    )  # fmt: skip
    for server in traced.relays:
        relayed = traced.of("message.relayed", server)
        yield Step(
            "relayed", server, traced.provider, relayed.at if relayed else None,
            verdict=_of_request(relayed, traced), digest=_said(relayed, "digest"), record=relayed,
            heard=traced.heard.get(server, NOTHING),
        )  # fmt: skip


def _there(traced: Traced) -> Iterator[Step]:
    server, heard = traced.provider, traced.heard.get(traced.provider, SILENT)
    received, answered = traced.of("message.received"), traced.of("message.answered")
    first = received or answered
    took = _took(answered)
    came = None
    if first is not None and _took(first) is not None:
        came = first.at - timedelta(milliseconds=_took(first) or 0)
    yield Step(
        "received", server, "", came, verdict=_of_request(first, traced),
        digest=_said(first, "digest"), record=first, heard=heard,
    )  # fmt: skip
    yield Step(
        "served", server, "", answered.at if answered else None, took=took,
        digest=_said(answered, "answer"), status=_status(answered), record=answered, heard=heard,
    )  # fmt: skip


def _back(traced: Traced) -> Iterator[Step]:
    sent = traced.of("message.sent")
    heard = traced.heard.get(traced.consumer, SILENT)
    verdict = verifying.of_answer(sent.told, traced.identity) if sent is not None else None
    yield Step(
        "answered", traced.provider, traced.consumer, _second(verdict), True, verdict=verdict,
        digest=_said(sent, "answer"), status=_status(sent), record=sent,
        heard=traced.heard.get(traced.provider, SILENT),
    )  # fmt: skip
    yield Step(
        "returned", traced.consumer, "", sent.at if sent else None, took=_took(sent),
        digest=_said(sent, "answer"), status=_status(sent), record=sent, heard=heard,
    )  # fmt: skip


def _of_request(record: Record | None, traced: Traced) -> Verdict | None:
    return verifying.of_request(record.told, traced.identity) if record is not None else None


def _second(verdict: Verdict | None) -> datetime | None:
    if verdict is None or not verdict.created:
        return None
    try:
        return datetime.fromtimestamp(verdict.created, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _took(record: Record | None) -> int | None:
    found = record.told.get("took") if record is not None else None
    return found if isinstance(found, int) else None


def _said(record: Record | None, name: str) -> str:
    return str(record.told.get(name, "")) if record is not None else ""


def _status(record: Record | None) -> int:
    found = record.told.get("status") if record is not None else None
    return found if isinstance(found, int) else 0
