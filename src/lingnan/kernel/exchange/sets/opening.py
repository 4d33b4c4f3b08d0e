"""Opening a set: whom it concerns is found, kept with an index, and written down."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from lingnan.kernel.exchange import agreements, gateway, onward, pseudonyms, use_text
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.covering import SET
from lingnan.kernel.exchange.models import Agreement, SetPart, UseSet
from lingnan.kernel.exchange.sets import index, named, tree
from lingnan.kernel.exchange.sets.values import MOST, PART, Manifest, SetUse
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

if TYPE_CHECKING:
    import numpy as np

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
    """Whom a set concerns: pseudonyms, what finds them in the index, what is kept of each part, and
    its root."""

    names: bytes
    keys: "np.ndarray[Any, Any]"
    parts: list[bytes]
    roots: list[bytes]

    @property
    def root(self) -> str:
        return tree.root(b"".join(self.roots)).hex()


def opened(use: SetUse, subjects: Iterable[str]) -> Opened:
    """Open a set that this node answers. Raises as `asking.opened`."""
    resource, agreement = leave(use)
    found = kept(use, resource.subject, subjects, PART)
    made = under(use) or made_of(use, resource.subject, agreement.number, found)
    demand_same(made, use, found.root, len(found.keys))
    return Opened(witnessed(made, PART), found.names)


def under(use: SetUse) -> UseSet | None:
    """The set that was opened under this request."""
    return UseSet.objects.filter(consumer=use.consumer, request=use.request).first()


def demand_same(made: UseSet, use: SetUse, root: str, count: int) -> None:
    """Raises Denied where a request that was used means another set now."""
    if made.erased_at is not None:
        raise Denied(f"the set {made.number} was erased", "request")
    if (made.root, made.count) != (root, count) or not _same(made, use):
        raise Denied("another set was opened under this request", "request")


def leave(use: SetUse) -> tuple[Resource, Agreement]:
    """The resource and the agreement that lets it be asked in sets today. Raises Denied."""
    single = use.single()
    resource = gateway.shared(single)
    agreement = agreements.covering(single, SET)
    onward.demand(single, resource)
    return resource, agreement


def kept(use: SetUse, kind: str, subjects: Iterable[str], size: int) -> Kept:
    """Whom the subjects mean, in parts of `size`. Raises Denied."""
    import numpy as np

    if not use.request:
        raise Denied("a set without a request", "request")
    names, found, roots = [], [], []
    for some in together(subjects, size):
        found.append(meant(use.consumer, kind, some))
        names.append(bytes.fromhex("".join(some)))
        roots.append(tree.root(tree.leaves(names[-1])))
        if len(found) * size > MOST + size:
            raise Denied(f"a set has at most {MOST} subjects", "subjects")
    if not found:
        raise Denied("a set of nobody", "subjects")
    whom = once(np.concatenate(found))
    return Kept(b"".join(names), whom, [one.tobytes() for one in found], roots)


def once(whom: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The same. Raises Denied where somebody stands twice in it."""
    import numpy as np

    ordered = np.sort(whom)
    if (ordered[1:] == ordered[:-1]).any():
        raise Denied("a subject stands twice in the set", "subjects")
    return whom


def meant(consumer: str, kind: str, some: list[str]) -> "np.ndarray[Any, Any]":
    """The keys of a part, in its order. Raises Denied."""
    import numpy as np

    known = pseudonyms.known(kind, consumer, some)
    if len(known) != len(some):
        absent = next((one for one in some if one not in known), None)
        twice = "a subject stands twice in the set"
        raise Denied(f"{consumer} does not know {absent}" if absent else twice, "subjects")
    return np.fromiter(map(known.__getitem__, some), np.int64, len(some))


def together(subjects: Iterable[str], size: int) -> Iterator[list[str]]:
    """So many at a time."""
    left = iter(subjects)
    while some := list(islice(left, size)):
        yield some


def begun(
    use: SetUse, kind: str, agreement: str, root: str, count: int
) -> UseSet:  # fmt: skip
    """A set that is not written yet."""
    key = keys.new_key()
    return UseSet(
        number=f"PL-{keys.veil(key, 'exchange.set')[:12].upper()}", request=use.request,
        resource=use.resource, kind=kind, consumer=use.consumer, purpose=use.purpose,
        basis=use.basis, case=use.case, actor=use.actor, elements=list(use.elements),
        aim=use_text.plain(use.aim), agreement=agreement, count=count, root=root,
        at=legal_time.now(),
    )  # fmt: skip


def made_of(use: SetUse, kind: str, agreement: str, found: Kept) -> UseSet:
    """A set with its parts and its index; where another process opened it at the same moment,
    that one."""
    made = begun(use, kind, agreement, found.root, len(found.keys))
    parts = [
        SetPart(of=made, number=n, keys=one, root=root)
        for n, (one, root) in enumerate(zip(found.parts, found.roots, strict=True))
    ]
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            SetPart.objects.bulk_create(parts, batch_size=50)
            index.keep(made, found.keys)
    except IntegrityError:
        return UseSet.objects.get(consumer=use.consumer, request=use.request)
    return made


def demand_own(kind: str) -> None:
    """Raises Denied where a consent is needed of people whom another node knows."""
    if kind == named.KIND:
        raise Denied("of people of another node consents are asked for one by one", "consent")


def use_of(made: UseSet) -> SetUse:
    """What a set was opened for."""
    return SetUse(made.resource, made.consumer, made.purpose, made.basis, made.case, made.actor,
                  tuple(made.elements), made.request, aim=use_text.aim(made.aim))  # fmt: skip


def _same(made: UseSet, use: SetUse) -> bool:
    said = ("resource", "purpose", "basis", "case", "actor")
    alike = all(getattr(made, name) == getattr(use, name) for name in said)
    return alike and made.elements == list(use.elements)


def witnessed(made: UseSet, size: int) -> Manifest:
    """The set with its entry, which is durable when this returns. Raises Unavailable."""
    if made.evidence is None:
        payload = {
            "set": made.number, "count": made.count, "root": made.root,
            "parts": -(-made.count // size), "resource": made.resource,
            "consumer": made.consumer, "purpose": made.purpose,
            "basis": made.basis, "agreement": made.agreement, "case": made.case,
            "actor": made.actor, "elements": list(made.elements),
            "index": index.digest(made), "legal_time": made.at.isoformat(),
        } | use_text.beside(use_text.aim(made.aim))  # fmt: skip
        made.evidence = written(OPENED, payload, made.number)
        UseSet.objects.filter(pk=made.pk).update(evidence=made.evidence)
    return Manifest(made.number, made.count, made.root, made.evidence, size)


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
