"""What a package says of a case: the part of it that the act takes along, and no more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from lingnan.systems.government.justice_network import clocking, ledger, packages
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import (
    Case,
    Document,
    Evidence,
    Measure,
    Package,
    Suspect,
)
from lingnan.systems.government.justice_network.rules import sight
from lingnan.systems.government.justice_network.rules.stages import Act


def documents_for(case: Case, body: str, act: Act) -> list[Document]:
    """The documents that travel: of the volumes that may, those that the sender has itself."""
    known = set(numbers_handed(case, body, "documents"))
    found = []
    for one in Document.objects.filter(case=case).order_by("key"):
        has = one.body == body or one.number in known or body in one.served
        wanted = one.volume == "verdict" if act.verdict else True
        if has and wanted and sight.may_travel(one.volume):
            found.append(one)
    return found


def evidence_for(case: Case, body: str, act: Act) -> list[Evidence]:
    """The evidence that travels with the file; none with a judgment to be executed."""
    if act.verdict:
        return []
    known = set(numbers_handed(case, body, "items"))
    rows = Evidence.objects.filter(case=case).order_by("key")
    return [one for one in rows if one.body == body or one.number in known]


def numbers_handed(case: Case, body: str, what: str) -> Iterable[str]:
    """The numbers of what was handed to a body and received by it."""
    rows = Package.objects.filter(case=case, receiver=body, receipt__isnull=False)
    for package in rows.exclude(receipt__verdict="refused").select_related("receipt"):
        for number in getattr(package, what):
            if number not in package.receipt.missing:
                yield number


def make(
    case: Case, act: Act, number: str, receiver: str, hand: Hand, text: str,
    persons: Sequence[Suspect],
) -> tuple[dict[str, Any], list[bytes]]:  # fmt: skip
    """The manifest and the documents of a package."""
    sender = hand.who.body
    documents = documents_for(case, sender, act)
    named = {one.key: one.number for one in persons}
    said: dict[str, Any] = {
        "format": packages.FORMAT, "number": number, "act": act.code, "basis": act.basis,
        "from": sender, "to": receiver, "sent_at": hand.at.isoformat(), "sent_by": hand.by,
        "text": text, "case": _case(case),
        "persons": [_person(one) for one in persons],
        "measures": [] if act.verdict else list(_measures(named)),
        "clocks": [] if act.verdict else list(_clocks(case, named)),
        "documents": [_document(one) for one in documents],
        "evidence": [_evidence(one) for one in evidence_for(case, sender, act)],
    }  # fmt: skip
    return said, [bytes(one.content) for one in documents]


def _moment(at: Any) -> str:
    return str(timezone.localtime(at).isoformat())


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number, "cause": case.cause, "division": case.division,
        "opened_by": case.opened_by, "opened_at": _moment(case.opened_at),
        "stage": ledger.stage_of(case), "synthetic": case.synthetic,
    }  # fmt: skip


def _person(one: Suspect) -> dict[str, Any]:
    # No pseudonym: each body has its own, and the number of the document says who it is.
    return {
        "number": one.number, "name": one.name, "identity_number": one.identity_number,
        "unknown": one.unknown, "charge": one.charge, "charge_basis": one.charge_basis,
    }  # fmt: skip


def _measures(named: Mapping[int, str]) -> Iterable[dict[str, Any]]:
    for one in Measure.objects.filter(suspect__in=named).order_by("started_at", "key"):
        end = getattr(one, "end", None)
        yield {
            "person": named[one.suspect_id], "kind": one.kind, "basis": one.basis,
            "body": one.body, "place": one.place, "from": _moment(one.started_at),
            "until": _moment(end.at) if end else "",
        }  # fmt: skip


def _clocks(case: Case, named: Mapping[int, str]) -> Iterable[dict[str, Any]]:
    """The clocks that ran and run, so that whoever receives the file can count them again."""
    for term in case.terms.order_by("key"):
        if term.suspect_id is not None and term.suspect_id not in named:
            continue
        read = clocking.read(term)
        yield {
            "rule": term.rule, "person": named.get(term.suspect_id or 0, ""), "body": term.body,
            "from": _moment(term.started_at), "due": _moment(read.due),
            "granted": [one.code for one in read.granted],
            "ended": _moment(read.ended) if read.ended else "", "overrun": read.overrun,
        }  # fmt: skip


def _document(one: Document) -> dict[str, Any]:
    return {
        "number": one.number, "title": one.title, "volume": one.volume, "media": one.media,
        "sha256": one.sha256, "size": len(one.content), "body": one.body,
        "made_at": _moment(one.made_at), "by": one.by,
    }  # fmt: skip


def _evidence(one: Evidence) -> dict[str, Any]:
    chain = [
        {"kind": k.kind, "body": k.body, "place": k.place, "seal": k.seal, "text": k.text,
         "by": k.by, "at": _moment(k.at)}
        for k in one.keeping.order_by("id")
    ]  # fmt: skip
    return {
        "number": one.number, "kind": one.kind, "name": one.name, "about": one.about,
        "quantity": one.quantity, "travels": one.travels, "sha256": one.sha256, "body": one.body,
        "by": one.by, "collected_at": _moment(one.collected_at), "keeping": chain,
    }  # fmt: skip


def numbers_handed_persons(case: Case, body: str) -> Iterable[str]:
    """The numbers of the persons who were delivered to a body."""
    rows = Package.objects.filter(case=case, receiver=body, receipt__isnull=False)
    for package in rows.exclude(receipt__verdict="refused"):
        yield from package.persons
