"""Checkpoints of this node: made by its worker, stamped when a time-stamp can be had.

Work never waits for a time-stamp: what is not stamped yet stays in the queue, which is the table
itself, and its age is shown to the operators.
"""

import hashlib
import logging
from datetime import datetime
from time import monotonic

from asn1crypto import tsp
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.certification import authorities, publishing, register
from lingnan.kernel.trust.checkpoints.note import Checkpoint
from lingnan.kernel.trust.evidence.entry import EvidenceUnavailable
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.models import CheckpointStamp, LogCheckpoint
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.witnesses import keys

logger = logging.getLogger(__name__)
SIGNER = "log"
AT_ONCE = 50


def origin() -> str:
    """The name of this node's log: its first root's, which no other log can have. It stays when
    the root is renewed: a log under another name is another log to its witnesses."""
    root = authorities.issuer(authorities.ROOT).certificate
    return keys.named(root.dump(), "log")


def signer() -> register.Certified:
    """The key that signs checkpoints, and its certificate."""
    name = Name("Lingnan 存证日志", "Lingnan 岭南")
    return register.kept_for("evidence-log", name, profiles.LOG, authorities.province())


def make() -> LogCheckpoint | None:
    """A checkpoint where the log has grown since the last one. Raises `KeyStoreUnavailable`,
    `EvidenceUnavailable`."""
    certified = signer()  # before the head is read: certifying is an entry, too
    head = node_evidence.reader().head()
    last = newest()
    if not head.size or (last is not None and last.size >= head.size):
        return None
    made = Checkpoint(origin(), head.size, head.root).signed(SIGNER, certified.key)
    return LogCheckpoint.objects.create(
        size=head.size,
        root=head.root.hex(),
        note=made.note,
        serial=f"{certified.certificate.serial_number:x}",
        at=timezone.now(),
    )


def newest() -> LogCheckpoint | None:
    return LogCheckpoint.objects.order_by("-size").first()


def unstamped() -> QuerySet[LogCheckpoint]:
    """Those that wait for a time-stamp."""
    stamps = CheckpointStamp.objects.filter(size=OuterRef("size"))
    return LogCheckpoint.objects.filter(~Exists(stamps))


def waiting_since() -> datetime | None:
    """The moment of the oldest that waits; None where none does."""
    return unstamped().order_by("size").values_list("at", flat=True).first()


def stamp_waiting() -> int:
    """Stamp those that wait, oldest first; returns how many. Raises `KeyStoreUnavailable`."""
    waiting = list(unstamped().order_by("size")[:AT_ONCE])
    if not waiting:
        return 0
    stamper = publishing.stamper()
    for one in waiting:
        token = stamper.stamp(digest_of(one.note))
        CheckpointStamp.objects.create(size=one.size, token=token, at=_time_of(token))
    return len(waiting)


def digest_of(note: str) -> bytes:
    """What is stamped of a checkpoint: SHA-256 of its note as it was published."""
    return hashlib.sha256(note.encode()).digest()


def _time_of(token: bytes) -> datetime:
    signed = tsp.ContentInfo.load(token)["content"]
    found: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    return found


class Rounds:
    """What the node's worker does of checkpoints, not more often than each minute."""

    EVERY = 60.0

    def __init__(self) -> None:
        self._last = -self.EVERY

    def run(self) -> None:
        """What fails is tried again by the next round."""
        if monotonic() - self._last < self.EVERY:
            return
        self._last = monotonic()
        for step in (make, stamp_waiting):
            try:
                step()
            except (KeyStoreUnavailable, EvidenceUnavailable):
                logger.exception("a checkpoint of the evidence could not be made or stamped")
