"""Opening a set: whom it concerns is found, kept with an index, and written down."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction

from lingnan.kernel.exchange import agreements, gateway, onward, pseudonyms
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.covering import SET
from lingnan.kernel.exchange.models import Agreement, SetPart, UseSet
from lingnan.kernel.exchange.sets import index, tree
from lingnan.kernel.exchange.sets.mapped import mapped
from lingnan.kernel.exchange.sets.values import MOST, PART, Manifest, SetUse
from lingnan.kernel.exchange.use import Denied, InsideTransaction, Unavailable
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

OPENED = "exchange.set"


@dataclass(frozen=True)
class Opened:
    """A set that was opened here, with its pseudonyms: nobody looks them up again."""

    manifest: Manifest
    names: bytes

    @property
    def number(self) -> str:
        return self.manifest.number


@dataclass(frozen=True)
class Kept:
    """Whom a set concerns: pseudonyms, keys as they were given, and the root of each part."""

    names: bytes
    keys: "np.ndarray[Any, Any]"
    roots: list[bytes]

    @property
    def root(self) -> str:
        return tree.root(b"".join(self.roots)).hex()


def opened(use: SetUse, subjects: Iterable[str]) -> Opened:
    """Open a set, or the one that this `request` opened before; durable before it returns.

    Subjects are read once, in their order. Raises Denied (no agreement for sets, a subject that is
    not the consumer's, one asked twice, another set under the same request), Unavailable,
    InsideTransaction.
    """
    if gateway.inside_transaction():
        raise InsideTransaction
    with legal_time.hold(), mapped():
        resource, agreement = leave(use)
        found = kept(use, resource, subjects)
        made = UseSet.objects.filter(consumer=use.consumer, request=use.request).first()
        made = made or _made(use, resource, agreement, found)
        if (made.root, made.count) != (found.root, len(found.keys)) or not _same(made, use):
            raise Denied("another set was opened under this request", "request")
        return Opened(witnessed(made), found.names)


def leave(use: SetUse) -> tuple[Resource, Agreement]:
    """The resource and the agreement that lets it be asked in sets today. Raises Denied."""
    single = use.single()
    resource = gateway.shared(single)
    agreement = agreements.covering(single, SET)
    onward.demand(single, resource)
    return resource, agreement


def kept(use: SetUse, resource: Resource, subjects: Iterable[str]) -> Kept:
    """Whom the subjects mean. Raises Denied."""
    if not use.request:
        raise Denied("a set without a request", "request")
    names, found, roots = [], [], []
    for some in _together(subjects):
        known = pseudonyms.known(resource.subject, use.consumer, some)
        if len(known) != len(some):
            raise Denied(_unknown(use, some, known), "subjects")
        found.append(np.fromiter(map(known.__getitem__, some), np.int64, len(some)))
        names.append(bytes.fromhex("".join(some)))
        roots.append(tree.root(tree.leaves(names[-1])))
        if len(found) * PART > MOST + PART:
            raise Denied(f"a set has at most {MOST} subjects", "subjects")
    if not found:
        raise Denied("a set of nobody", "subjects")
    whom = np.concatenate(found)
    ordered = np.sort(whom)
    if (ordered[1:] == ordered[:-1]).any():
        raise Denied("a subject stands twice in the set", "subjects")
    return Kept(b"".join(names), whom, roots)


def _unknown(use: SetUse, some: list[str], known: dict[str, int]) -> str:
    absent = next((one for one in some if one not in known), None)
    if absent is None:
        return "a subject stands twice in the set"
    return f"{use.consumer} does not know {absent}"


def _together(subjects: Iterable[str]) -> Iterator[list[str]]:
    left = iter(subjects)
    while some := list(islice(left, PART)):
        yield some


def _made(use: SetUse, resource: Resource, agreement: Agreement, found: Kept) -> UseSet:
    key = keys.new_key()
    made = UseSet(
        number=f"PL-{keys.veil(key, 'exchange.set')[:12].upper()}", request=use.request,
        resource=use.resource, kind=resource.subject, consumer=use.consumer, purpose=use.purpose,
        basis=use.basis, case=use.case, actor=use.actor, elements=list(use.elements),
        agreement=agreement.number, count=len(found.keys), root=found.root, at=legal_time.now(),
    )  # fmt: skip
    parts = [
        SetPart(of=made, number=n, keys=found.keys[n * PART : (n + 1) * PART].tobytes(), root=one)
        for n, one in enumerate(found.roots)
    ]
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            SetPart.objects.bulk_create(parts, batch_size=50)
            index.keep(made, found.keys)
    except IntegrityError:  # opened at the same moment by another process
        return UseSet.objects.get(consumer=use.consumer, request=use.request)
    return made


def _same(made: UseSet, use: SetUse) -> bool:
    said = ("resource", "purpose", "basis", "case", "actor")
    alike = all(getattr(made, name) == getattr(use, name) for name in said)
    return alike and made.elements == list(use.elements)


def witnessed(made: UseSet) -> Manifest:
    """The set with its entry, which is durable when this returns. Raises Unavailable."""
    if made.evidence is None:
        payload = {
            "set": made.number, "count": made.count, "root": made.root,
            "parts": -(-made.count // PART), "resource": made.resource,
            "consumer": made.consumer, "purpose": made.purpose,
            "basis": made.basis, "agreement": made.agreement, "case": made.case,
            "actor": made.actor, "elements": list(made.elements),
            "index": index.digest(made), "legal_time": made.at.isoformat(),
        }  # fmt: skip
        made.evidence = written(OPENED, payload, made.number)
        UseSet.objects.filter(pk=made.pk).update(evidence=made.evidence)
    return Manifest(made.number, made.count, made.root, made.evidence)


def written(kind: str, payload: dict[str, Any], reference: str, times: int = 1) -> int:
    """The number of the entry that this is, written now where it was not: after a crash between
    evidence and database it is found again. `times` numbers what was told of one reference in
    different words. Raises Unavailable."""
    try:
        found = node_evidence.reader().by_reference(reference, limit=times, kinds=(kind,))
        if len(found) >= times:
            return int(found[0].seq)
        entry = node_evidence.entry(kind, payload, (), reference)
        named = hashlib.sha256(f"{kind}|{reference}|{times}".encode()).hexdigest()[:32]
        return int(node_evidence.write([entry], request=named)[0].seq)
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be written") from down
