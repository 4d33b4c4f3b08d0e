"""Evidence bundles of this node, signed by the body that hands them out: the entries of one case,
or those that concern one person or firm, for themselves.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from lingnan.kernel.trust import node_evidence, node_seals
from lingnan.kernel.trust.bundles.api import BundleReport, Log, Proven, bundle, verify_bundle
from lingnan.kernel.trust.bundles.archive import MIMETYPE
from lingnan.kernel.trust.bundles.showing import statement
from lingnan.kernel.trust.certification import publishing, register
from lingnan.kernel.trust.checkpoints import making
from lingnan.kernel.trust.evidence.api import Shown, Subject
from lingnan.kernel.trust.models import Body, CheckpointStamp, IssuedCertificate, LogCheckpoint

CONTENT_TYPE = MIMETYPE.decode()
MOST = 500
"""Entries in one bundle: the newest."""


class NothingToShow(Exception):
    """No entry of that reference can be shown: none is there, or all were erased or are of before
    entries could be shown without their subjects."""


def of_reference(reference: str, body: Body) -> bytes:
    """The entries written with a reference, such as a case number. What they say goes out with
    them: that the reader may see all of it is for the caller to know, and to witness.

    Raises `NothingToShow`, `KeyStoreUnavailable`, `EvidenceUnavailable`.
    """
    reader = node_evidence.reader()
    found = (reader.shown(one.seq) for one in reader.by_reference(reference, limit=MOST))
    shown = [entry for entry in found if entry is not None]
    if not shown:
        raise NothingToShow(reference)
    return _made(shown, body)


@dataclass(frozen=True)
class Holder:
    """For whom a bundle is made: a person (kind person) or a firm (organisation, with its code).
    `subjects` are all names under which the evidence knows them: (holder system, internal key)."""

    name: str
    kind: str
    code: str
    subjects: Sequence[tuple[str, int]]


SHOWN_TO_THEM = frozenset({
    "consumer", "body", "resource", "record_type", "matter", "purpose", "basis", "agreement",
    "elements", "legal_time",
})  # fmt: skip
"""What the one concerned is shown of an entry's payload: which body did what, why. Not which
official, nor what was searched for or written down of others; the case where it is their own."""


def of_holder(seqs: Iterable[int], holder: Holder, own_cases: Collection[str], body: Body) -> bytes:
    """The entries of these numbers that concern somebody, for themselves: nothing of others who are
    concerned by the same entry, no official's name. `own_cases`: what their cases are called. That
    they may have it is for the caller to know. Raises as `of_reference`."""
    reader = node_evidence.reader()
    own = [Subject(*one) for one in holder.subjects]
    shown = []
    for seq in sorted(set(seqs))[-MOST:]:
        stored = reader.by_seq(seq)
        case = str((stored.payload or {}).get("case", "")) if stored else ""
        names = SHOWN_TO_THEM | ({"case"} if case in own_cases else set())
        entry = reader.disclosed(seq, names, own)
        shown += [] if entry is None else [entry]
    if not shown:
        raise NothingToShow(holder.kind)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    said = statement(holder.name, holder.kind, holder.code, at)
    return _made(shown, body, said)


def _made(shown: Sequence[Shown], body: Body, said: bytes = b"") -> bytes:
    reader = node_evidence.reader()
    log = _log(max(entry.seq for entry in shown))
    proven = [Proven(entry, tuple(reader.inclusion(entry.seq, log.size))) for entry in shown]
    return bundle(proven, log, node_seals.key_of(body), publishing.stamper(), said)


def verify(data: bytes) -> BundleReport:
    """A bundle as this node judges it: under its own roots, and by its register."""
    report = verify_bundle(data, node_seals.roots())
    if not report.genuine:
        return report
    taken = any(node_seals.taken_back(serial, at) for serial, at in report.used)
    checks = tuple(node_seals.by_register(check, taken) for check in report.checks)
    return replace(report, checks=checks)


def _log(size: int) -> Log:
    """The oldest stamped checkpoint that covers so many entries; made now where there is none."""
    stamped = _stamped(size)
    for step in (making.make, making.stamp_waiting):
        if stamped is None:
            try:
                with transaction.atomic():
                    step()
            except IntegrityError:
                pass  # the worker has just done the same
            stamped = _stamped(size)
    if stamped is None:
        raise NothingToShow(str(size))
    made = LogCheckpoint.objects.get(size=stamped.size)
    row = IssuedCertificate.objects.get(serial=made.serial)
    signer = register.loaded(row)
    chain = making.authorities.chain(row.authority)
    return Log(made.note, bytes(stamped.token), made.size, (signer, *chain))


def _stamped(size: int) -> CheckpointStamp | None:
    return CheckpointStamp.objects.filter(size__gte=size).order_by("size").first()
