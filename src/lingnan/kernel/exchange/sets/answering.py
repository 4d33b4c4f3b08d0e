"""Answering a set part by part: the agreement anew before each, and one entry for what was told."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lingnan.kernel.exchange import answers, columns, consenting, gateway, passed, pseudonyms, rates
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.models import Agreement, SetPart, UseSet
from lingnan.kernel.exchange.sets import index, named, opening
from lingnan.kernel.exchange.sets.values import DEADLINE, Part, SetUse
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.registry.api import survivors
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, consents, node_evidence

ANSWERED, SUBJECTS, CONSENT = "exchange.set_part", "subjects", "consent"


@dataclass
class _Told:
    """What is told of a part, column by column."""

    places: list[int] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    records: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    as_of: list[str] = field(default_factory=list)


def kept(number: str, at: int) -> tuple[UseSet, SetPart]:
    """A part as it was opened. Raises Denied where there is none, or the set is not whole yet."""
    made = UseSet.objects.filter(pk=number, erased_at=None).first()
    row = SetPart.objects.filter(of=number, number=at).first() if made is not None else None
    if made is None or row is None:
        raise Denied(f"no part {at} of a set {number}", "request")
    if made.evidence is None and made.parts.filter(keys=b"").exists():
        raise Denied(f"parts of the set {number} have not come", "request")
    return made, row


def part(number: str, at: int, deadline: float = DEADLINE, names: bytes = b"") -> Part:
    """One part of a set that this node answers, by its place from 0. Raises as `asking.part`."""
    started = time.monotonic()
    made, row = kept(number, at)
    entry = made.evidence or opening.witnessed(made, index.size(made)).evidence
    found = _found(made, row, names or index.names(made, row))
    if time.monotonic() - started > deadline:
        raise Unavailable("deadline passed")
    return replace(found, entry=entry)


def _found(made: UseSet, row: SetPart, names: bytes) -> Part:
    use = opening.use_of(made)
    resource, agreement = opening.leave(use)
    if agreement.number != made.agreement:
        raise Denied(f"the agreement {made.agreement} covers the set no more", "agreement")
    whom = _whom(made, row, resource)
    previous = before(made, row.number)
    if previous is None:
        rates.take(agreement, len(whom))
    refused, numbers = _consented(made, resource, agreement, whom, count=previous is None)
    asked = whom if made.kind == named.KIND else _as_holder_knows(resource, whom)
    told = _told(use, resource, agreement, asked, refused)
    text = names.hex()
    subjects = [text[n : n + 32] for n in range(0, len(text), 32)]
    found = Part(
        made.number, row.number, subjects, told.places, told.values, told.records, told.versions,
        told.as_of, refused, onward=tuple(agreement.onward),
    )  # fmt: skip
    more = {"consents": numbers} if numbers else {}
    return replace(found, evidence=bound(made, found, previous, more))


def _whom(made: UseSet, row: SetPart, resource: Resource) -> list[Any]:
    """By key; by the holder's own names where who they are is another node's to know."""
    import numpy as np

    if made.kind == named.KIND:
        names = named.of_holder(bytes(row.keys))
        if not resource.keyed:
            return names
        keys = pseudonyms.resolve(resource.subject, resource.system, names)
        return [keys[name] for name in names]
    whom = np.frombuffer(row.keys, index.KEY).tolist()
    now = survivors(resource.subject, whom)
    return [now[key] for key in whom]


def before(made: UseSet, at: int) -> Any:
    """The newest entry of a part; None where it was never answered. Raises Unavailable."""
    try:
        reference = f"{made.number}/{at}"
        found = node_evidence.reader().by_reference(reference, limit=1, kinds=(ANSWERED,))
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be read") from down
    return found[0] if found else None


def bound(made: UseSet, told: Part, previous: Any, more: Mapping[str, Any]) -> int:
    """The entry of a part. What is told again is written again only where it differs, because
    what the records say does."""
    digest, times = told.digest, 1
    if previous is not None:
        said = previous.payload or {}
        if said.get("digest") == digest:
            return int(previous.seq)
        times = int(said.get("times", 1)) + 1
    payload = {
        "set": made.number, "part": told.part, "digest": digest, "times": times,
        "rows": len(told.places), "refused": len(told.refused), "resource": made.resource,
        "consumer": made.consumer, "purpose": made.purpose, "agreement": made.agreement,
        "case": made.case, "actor": made.actor, "legal_time": legal_time.now().isoformat(),
    } | dict(more)  # fmt: skip
    return opening.written(ANSWERED, payload, f"{made.number}/{told.part}", times)


def _consented(
    made: UseSet, resource: Resource, agreement: Agreement, whom: Sequence[Any], count: bool
) -> tuple[dict[int, str], list[str]]:
    """Who is refused because they have not consented, by place; and the consents that are used."""
    if not consenting.needed(resource, agreement):
        return {}, []
    opening.demand_own(made.kind)
    use = opening.use_of(made)
    asking = consenting.asking_of(use.single(), resource, agreement)
    givers = pseudonyms.give(resource.subject, consenting.TRUST, whom)
    found = consents.covered(asking, set(givers.values()))
    if count:
        found = consents.taken(found)
    refused = {at: CONSENT for at, key in enumerate(whom) if givers[key] not in found}
    return refused, sorted(one.number for one in found.values())


def _told(
    use: SetUse, resource: Resource, agreement: Agreement, asked: Sequence[Any],
    refused: dict[int, str],
) -> _Told:  # fmt: skip
    """The rows that pass; whose may not be told stands in `refused` afterwards."""
    judge = passed.Judge(agreement, use.consumer, resource)
    source = resource.answer
    if isinstance(source, answers.FromRecords) and not judge.limits:
        return _by_columns(source, use.elements, asked, refused)
    said = gateway.answered(resource, [n for at, n in enumerate(asked) if at not in refused])
    told = _Told(values={code: [] for code in use.elements})
    for at, name in enumerate(asked):
        rows = said.get(name, ()) if at not in refused else ()
        if not judge.asks(rows):
            refused[at] = SUBJECTS
            continue
        for row in filter(judge.row, rows):
            told.places.append(at)
            for code, column in told.values.items():
                column.append(row["values"].get(code))
            told.records.append(row["record"])
            told.versions.append(row["version"])
            told.as_of.append(row["as_of"])
    return told


def _as_holder_knows(resource: Resource, whom: Sequence[int]) -> Sequence[Any]:
    if resource.keyed:
        return whom
    given = pseudonyms.give(resource.subject, resource.system, whom)
    return [given[key] for key in whom]


def _by_columns(
    source: answers.FromRecords, elements: Sequence[str], asked: Sequence[Any],
    refused: Mapping[int, str],
) -> _Told:  # fmt: skip
    """The same for a record type, from its columns."""
    record = source.model.record
    known = [code for code in elements if code in record.elements]
    fields = [record.elements[code] for code in known]
    names = (source.subject, "version", columns.RECORDED, *fields)
    place, again = _places(asked, refused)
    try:
        rows = list(columns.read(source.model, source.subject, names, sorted(place)))
    except Exception as failure:
        raise Unavailable(f"{source.model._meta.app_label} failed") from failure
    at = [place[row[0]] for row in rows]
    for whom, more in again:
        own = [row for row in rows if row[0] == whom]
        rows, at = rows + own, at + [more] * len(own)
    # Newest first of each: what comes in order stays so.
    order = sorted(range(len(rows)), key=at.__getitem__)
    _whom, versions, recorded, *values = [
        list(map(column.__getitem__, order)) for column in zip(*rows, strict=True)
    ] or [[], [], [], *([] for _field in fields)]
    said = dict(zip(known, (answers.plainly(one) for one in values), strict=True))
    nothing = [None] * len(rows)
    named = f"{source.model._meta.app_label}.{source.model._meta.model_name}"
    return _Told(
        sorted(at), {code: said.get(code, nothing) for code in elements}, [named] * len(rows),
        versions, list(map(answers.day_said, recorded)),
    )  # fmt: skip


def _places(
    asked: Sequence[Any], refused: Mapping[int, str]
) -> tuple[dict[Any, int], list[tuple[Any, int]]]:
    """The first place of each subject, and the others of whoever stands there by two names."""
    place = {whom: at for at, whom in enumerate(asked) if at not in refused}
    if len(place) + len(refused) == len(asked):
        return place, []
    first: dict[Any, int] = {}
    again = []
    for at, whom in enumerate(asked):
        if at not in refused and first.setdefault(whom, at) != at:
            again.append((whom, at))
    return first, again
