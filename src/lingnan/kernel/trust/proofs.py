"""That an entry of the evidence is what was written, recomputed and for an outsider to check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.evidence.entry import leaf_of
from lingnan.kernel.trust.evidence.merkle import verify_inclusion
from lingnan.kernel.trust.models import CheckpointStamp, LogCheckpoint


@dataclass(frozen=True)
class Proof:
    """One entry in the log of `size` entries under `root` (RFC 9162 §2.1.3).

    proven      whether leaf and path give the root, recomputed now
    whole       whether the payload gives the commitment; None where it was erased
    checkpoint  whether `size` and `root` are of a published, signed checkpoint
    stamped     whether that checkpoint carries a time-stamp
    """

    seq: int
    at: str
    kind: str
    commitment: bytes
    leaf: bytes
    size: int
    root: bytes
    path: Sequence[bytes]
    proven: bool
    whole: bool | None
    checkpoint: bool
    stamped: bool

    @property
    def plain(self) -> dict[str, Any]:
        """What an outsider needs to check it with RFC 9162 alone; nothing of the content."""
        return {
            "leaf": {
                "at": self.at,
                "commitment": self.commitment.hex(),
                "kind": self.kind,
                "seq": self.seq,
            },
            "leaf_hash": self.leaf.hex(),
            "leaf_index": self.seq - 1,
            "tree_size": self.size,
            "root_hash": self.root.hex(),
            "path": [one.hex() for one in self.path],
            "checkpoint": f"/trust/log/checkpoints/{self.size}" if self.checkpoint else "",
        }


def prove(entries: Sequence[Any]) -> list[Proof]:
    """The proofs of stored entries against the newest checkpoint that covers each, else the head.

    Raises EvidenceUnavailable.
    """
    newest = LogCheckpoint.objects.order_by("-size").first()
    head = node_evidence.reader().head()
    stamped = newest is not None and CheckpointStamp.objects.filter(size=newest.size).exists()
    found = []
    for entry in entries:
        covered = newest is not None and entry.seq <= newest.size
        if newest is not None and covered:
            size, root = newest.size, bytes.fromhex(newest.root)
        else:
            size, root = head.size, head.root
        found.append(_proof(entry, size, root, covered, stamped and covered))
    return found


def _proof(entry: Any, size: int, root: bytes, checkpoint: bool, stamped: bool) -> Proof:
    reader = node_evidence.reader()
    leaf = leaf_of(entry.seq, entry.kind, entry.at, entry.commitment)
    path = reader.inclusion(entry.seq, size)
    proven = verify_inclusion(leaf, entry.seq - 1, size, path, root)
    return Proof(
        entry.seq, entry.at, entry.kind, entry.commitment, leaf, size, root, path, proven,
        reader.committed(entry.seq), checkpoint, stamped,
    )  # fmt: skip
