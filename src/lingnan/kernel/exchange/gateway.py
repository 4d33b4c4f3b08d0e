"""The gateway: the only way from one system's data to another's.

It answers only after the use is durably written down. In process it translates subjects,
asks the answering system's function, writes the evidence and hands plain values back; for a
system that another node carries it does the same over HTTP (`remote`).
"""

import contextlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lingnan.kernel.exchange import (
    afar,
    agreements,
    catalogue,
    consenting,
    elsewhere,
    onward,
    passed,
    pseudonyms,
    rates,
    remote,
    turns,
    use_text,
)
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.elsewhere import Elsewhere
from lingnan.kernel.exchange.introducing import asking as introducing
from lingnan.kernel.exchange.introducing import telling as introduced
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.traffic import uses as counted
from lingnan.kernel.exchange.use import (
    Answer,
    Denied,
    ExchangeFailure,
    InsideTransaction,
    Unavailable,
    Use,
)
from lingnan.kernel.runtime import statements
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

logger = logging.getLogger(__name__)


def single(use: Use) -> list[Answer]:
    """Answers in the order of `use.subjects`.

    Raises Denied (no agreement, not its subject), Unavailable (holder or evidence down,
    deadline passed), InsideTransaction.
    """
    if inside_transaction():
        raise InsideTransaction
    with legal_time.hold():
        route = remote.route_to(use.resource.split(".", 1)[0])
        return counted.one(use, answer_here) if route is None else _ask_elsewhere(route, use)


def _ask_elsewhere(route: Elsewhere, use: Use) -> list[Answer]:
    """Ask another node. Where this node holds the subjects' mapping it says how the holder
    knows them, and writes the use down for them here before it hands the answer on."""
    held = pseudonyms.held_here(use.consumer, use.subjects)
    names, shown = None, {}
    if held is not None:
        kind, keys = held
        given = known_at(route, kind, keys.values())
        names = {name: given[key] for name, key in keys.items()}
        shown = afar.shown(use, kind, keys)
    subjects = [(held[0], key) for key in held[1].values()] if held is not None else []
    payload = _payload(use, f"at {route.system}", [])
    try:
        answers, consents = remote.ask(route, use, names, shown)
    except Denied as denied:
        if subjects:
            _write(payload | {"why": denied.detail[:200]}, subjects, use.case, afar.DENIED)
        raise
    if subjects:
        payload |= {"consents": consents} if consents else {}
        _write(payload, subjects, use.case)
    return answers


def known_at(route: Elsewhere, kind: str, keys: Iterable[int]) -> dict[int, str]:
    """What a holder at another node calls subjects of this one: as the node of their register says
    of those whom that has introduced here, else as this node does. Raises Unavailable."""
    wanted = dict.fromkeys(keys)
    found = introducing.names_at(route, wanted)
    return found | pseudonyms.give(kind, route.system, [key for key in wanted if key not in found])


def several(uses: Sequence[Use]) -> list[list[Answer] | ExchangeFailure]:
    """Many uses at once, each with its answers or its failure, in the order asked.

    Every one is written down before any is answered, in one writing. Raises InsideTransaction.
    """
    if inside_transaction():
        raise InsideTransaction
    with legal_time.hold():
        return counted.many(uses, _several)


def _several(uses: Sequence[Use]) -> list[list[Answer] | ExchangeFailure]:
    _introduced(uses)
    found: list[list[Answer] | ExchangeFailure | _Prepared] = [_begun(use) for use in uses]
    ready = [one for one in found if isinstance(one, _Prepared)]
    try:
        used = [entry for one in ready for entry in one.uses]
        receipts = _write_all([*(one.entry for one in ready), *used])[: len(ready)]
    except Unavailable as down:
        return [down if isinstance(one, _Prepared) else one for one in found]
    numbers = dict(zip(map(id, ready), receipts, strict=True))
    return [_answers(one, numbers[id(one)]) if isinstance(one, _Prepared) else one for one in found]


def _introduced(uses: Sequence[Use]) -> None:
    """Name every subject to every holder in one writing: each by itself would wait its turn."""
    known = catalogue.resources()
    wanted: list[tuple[str, str, int]] = []
    for use in uses:
        resource = known.get(use.resource)
        if resource is not None and not resource.keyed:
            with contextlib.suppress(pseudonyms.UnknownSubject):
                keys = pseudonyms.resolve(resource.subject, use.consumer, use.subjects)
                wanted += [(resource.subject, resource.system, key) for key in keys.values()]
    pseudonyms.give_all(wanted)


def _begun(use: Use) -> "list[Answer] | ExchangeFailure | _Prepared":
    route = remote.route_to(use.resource.split(".", 1)[0])
    try:
        return _prepare(use) if route is None else _ask_elsewhere(route, use)
    except ExchangeFailure as failure:
        return failure


@dataclass(frozen=True)
class _Prepared:
    """What a holder has answered and nobody has been told yet."""

    use: Use
    asked: Mapping[str, Any]
    rows: Mapping[Any, Sequence[Mapping[str, Any]]]
    entry: Any
    uses: Sequence[Any] = ()
    consents: Sequence[str] = ()
    onward: Sequence[str] = ()


@dataclass(frozen=True)
class _Leave:
    """By which agreement, and under whose consents where it asks for them; of another node's use
    what the purpose is called there."""

    agreement: Agreement
    consents: Sequence[str] = ()
    aim: Title | None = None


def answer_here(use: Use, known_as: Mapping[str, str] | None = None) -> list[Answer]:
    """Answer a use from the systems of this node.

    `known_as` comes from a node that holds the subjects' mapping: the answering system's own
    pseudonyms of them.
    """
    return answer_shown(use, known_as, {})[0]


def answer_shown(
    use: Use, known_as: Mapping[str, str] | None, shown: Mapping[str, Any]
) -> tuple[list[Answer], list[str]]:
    """The same for another node, which shows its people's consents by subject; the numbers of
    those that were used."""
    with turns.taken(), statements.at_once():
        prepared = _prepare(use, known_as, shown)
    receipt = _write_all([prepared.entry, *prepared.uses])[0]
    return _answers(prepared, receipt), list(prepared.consents)


def _prepare(
    use: Use, known_as: Mapping[str, str] | None = None, shown: Mapping[str, Any] | None = None
) -> _Prepared:
    started = time.monotonic()
    resource = shared(use)
    agreement = agreements.covering(use)
    onward.demand(use, resource)
    keys = _keys(use, resource, known_as)
    if keys is not None:
        asked = _as_holder_knows(use, resource, keys)
    else:
        keys, asked = {}, dict(known_as or {})
    if keys or known_as is None or not consenting.needed(resource, agreement):
        consents = consenting.taken(use, resource, agreement, keys)
    else:
        consents = afar.taken(use, resource, agreement, known_as, shown or {})
    rates.take(agreement, len(use.subjects))
    rows = passed.rows(answered(resource, list(asked.values())), agreement, use.consumer, resource)
    if time.monotonic() - started > use.deadline:
        raise Unavailable("deadline passed")
    leave = _Leave(agreement, consents, use.aim if shown is not None else None)
    entry = _entry(use, resource, leave, keys, rows, asked)
    told = tuple(agreement.onward)
    return _Prepared(use, asked, rows, entry, _used(use, consents), consents, told)


def shared(use: Use) -> Resource:
    """The resource of a use, which its holder shares. Raises Unavailable, Denied."""
    try:
        resource = catalogue.resource(use.resource)
    except catalogue.UnknownResource:
        raise Unavailable(f"no node answers for {use.resource}") from None
    if resource.sharing == "refused":
        raise Denied(f"{resource.code} is not shared: {resource.basis}")
    return resource


def _answers(prepared: _Prepared, receipt: int) -> list[Answer]:
    use, at = prepared.use, legal_time.now().isoformat()
    return [
        Answer(
            subject=name,
            rows=tuple(
                _limited(row, use.elements) for row in prepared.rows.get(prepared.asked[name], ())
            ),
            evidence=receipt,
            as_of=at,
            onward=tuple(prepared.onward),
        )
        for name in use.subjects
    ]


def answered(resource: Resource, asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """What the holder says. Raises Unavailable."""
    try:
        return resource.answer(asked)
    except Unavailable:
        # A holder that knows why says it.
        raise
    except Exception as failure:
        # Whatever is wrong with the holder, its consumer has the lawful fallback.
        logger.exception("%s did not answer", resource.code)
        raise Unavailable(f"{resource.system} failed") from failure


def inside_transaction() -> bool:
    """Whether an atomic block is open, other than the one a test case wraps itself in."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _keys(
    use: Use, resource: Resource, known_as: Mapping[str, str] | None
) -> dict[str, int] | None:
    """Whom this node knows the subjects as; None where it knows them by the holder's names alone.
    Raises Denied."""
    if known_as is None:
        return _resolve(use, resource)
    server = elsewhere.node_of(use.consumer)
    names = list(known_as.values())
    found = introduced.known_to(server, resource.subject, names) if server else None
    if found is not None:
        return {name: found[told] for name, told in known_as.items()}
    return _resolve(use, resource) if resource.keyed else None


def _resolve(use: Use, resource: Resource) -> dict[str, int]:
    try:
        return pseudonyms.resolve(resource.subject, use.consumer, use.subjects)
    except pseudonyms.UnknownSubject as unknown:
        raise Denied(f"{use.consumer} does not know {unknown}") from None


def _as_holder_knows(use: Use, resource: Resource, keys: Mapping[str, int]) -> dict[str, Any]:
    if resource.keyed:
        return dict(keys)
    given = pseudonyms.give(resource.subject, resource.system, keys.values())
    return {name: given[key] for name, key in keys.items()}


def _limited(row: Mapping[str, Any], elements: Sequence[str]) -> dict[str, Any]:
    return {
        "values": {code: row["values"].get(code) for code in elements},
        "record": row["record"],
        "version": row["version"],
        "as_of": row["as_of"],
    }


def _entry(
    use: Use,
    resource: Resource,
    leave: _Leave,
    keys: Mapping[str, int],
    rows: Mapping[Any, Sequence[Mapping[str, Any]]],
    asked: Mapping[str, Any],
) -> Any:
    versions = [
        f"{row['record']}@{row['version']}" for name in asked for row in rows.get(asked[name], ())
    ]
    payload = _payload(use, str(leave.agreement.number), versions)
    if leave.consents:
        payload["consents"] = list(leave.consents)
    payload |= use_text.beside(leave.aim)
    if leave.agreement.onward:
        payload["onward"] = list(leave.agreement.onward)
    subjects = [(resource.subject, key) for key in keys.values()]
    return node_evidence.entry("exchange.read", payload, subjects, use.case)


def _used(use: Use, consents: Sequence[str]) -> list[Any]:
    """What is written of each consent beside the use itself, to be found by its number."""
    said = {"resource": use.resource, "consumer": use.consumer, "purpose": use.purpose}
    return [
        node_evidence.entry("consent.used", said | {"consent": number}, (), number)
        for number in consents
    ]


def _payload(use: Use, agreement: str, versions: list[str]) -> dict[str, Any]:
    return {
        "resource": use.resource,
        "consumer": use.consumer,
        "purpose": use.purpose,
        "basis": use.basis,
        "agreement": agreement,
        "case": use.case,
        "actor": use.actor,
        "elements": list(use.elements),
        "versions": versions,
        "legal_time": legal_time.now().isoformat(),
    }


def _write(
    payload: dict[str, Any], subjects: list[tuple[str, int]], case: str, kind: str = "exchange.read"
) -> int:
    return _write_all([node_evidence.entry(kind, payload, subjects, case)])[0]


def _write_all(entries: Sequence[Any]) -> list[int]:
    try:
        return [int(receipt.seq) for receipt in node_evidence.write(entries)] if entries else []
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be written") from down
