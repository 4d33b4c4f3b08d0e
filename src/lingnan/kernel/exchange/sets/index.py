"""By whom a set is found again: sorted keys in blocks, a few bytes for each subject.

numpy is imported where it is asked: sixteen megabytes of every process, most of which serve no set.
A row for each subject would cost ten times as much to write and to keep. The blocks are bound by a
digest in the set's entry; erased, they are gone, and the root stays in the log.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.exchange.models import SetBlock, SetPart, UseSet
from lingnan.kernel.exchange.sets import named, tree
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.kernel.trust.evidence.api import StoredEntry, verify_inclusion

if TYPE_CHECKING:
    import numpy as np

BLOCK, BLOCKS = 4096, 50
KEY, PLACE, KEY_BYTES = "<i8", "<u4", 8
ERASED = "exchange.set_erased"


@dataclass(frozen=True)
class Membership:
    """That somebody is of a set: leaf hash, place and path to its root, for RFC 9162 alone."""

    number: str
    leaf: bytes
    place: int
    count: int
    path: tuple[bytes, ...]
    root: bytes

    @property
    def holds(self) -> bool:
        """Whether leaf and path give the root."""
        return verify_inclusion(self.leaf, self.place, self.count, list(self.path), self.root)

    def plain(self) -> dict[str, Any]:
        return {
            "set": self.number, "leaf_hash": self.leaf.hex(), "leaf_index": self.place,
            "tree_size": self.count, "path": [one.hex() for one in self.path],
            "root_hash": self.root.hex(),
        }  # fmt: skip


def keep(made: UseSet, whom: "np.ndarray[Any, Any]") -> None:
    """Write the index of a set's keys, given in the order of the set."""
    import numpy as np

    order = np.argsort(whom, kind="stable")
    ordered = whom[order]
    blocks = [
        SetBlock(
            of=made, first=int(ordered[at]), last=int(ordered[min(at + BLOCK, len(whom)) - 1]),
            keys=ordered[at : at + BLOCK].astype(KEY).tobytes(),
            places=order[at : at + BLOCK].astype(PLACE).tobytes(),
        )
        for at in range(0, len(whom), BLOCK)
    ]  # fmt: skip
    SetBlock.objects.bulk_create(blocks, batch_size=50)


def digest(made: UseSet) -> str:
    """SHA-256 over the blocks, in their order: what the entry of the set says of its index."""
    found = hashlib.sha256()
    rows = SetBlock.objects.filter(of=made).order_by("last")
    for keys, places in rows.values_list("keys", "places").iterator(chunk_size=50):
        found.update(bytes(keys))
        found.update(bytes(places))
    return found.hexdigest()


def looked(
    subjects: Sequence[tuple[str, int]], before: int | None, limit: int
) -> list[StoredEntry]:
    """The entries of sets that concern somebody, by all kinds and keys of theirs; newest first."""
    found: set[int] = set()
    present = set(UseSet.objects.values_list("kind", flat=True).distinct())
    for kind, key in (one for one in subjects if one[0] in present):
        found |= set(islice(_entries(kind, key, before), limit))
    reader = node_evidence.reader()
    entries = [reader.by_seq(seq) for seq in sorted(found, reverse=True)[:limit]]
    return [one for one in entries if one is not None]


def _entries(kind: str, key: int, before: int | None) -> Iterator[int]:
    """The numbers of the entries of sets with a key, newest first."""
    block = SetBlock.objects.filter(of=OuterRef("pk"), last__gte=key).order_by("last")
    rows = UseSet.objects.filter(kind=kind, evidence__isnull=False, erased_at=None)
    if before is not None:
        rows = rows.filter(evidence__lt=before)
    near = rows.annotate(near=Subquery(block.values("id")[:1])).exclude(near=None)
    found = list(near.order_by("-evidence").values_list("evidence", "near"))
    for start in range(0, len(found), BLOCKS):
        some = found[start : start + BLOCKS]
        blocks = SetBlock.objects.filter(first__lte=key).in_bulk([one for _seq, one in some])
        for seq, one in some:
            if seq is not None and one in blocks and _at(blocks[one], key) is not None:
                yield seq


def among(seq: int, kind: str, whom: Collection[int]) -> int:
    """How many of these keys are of the set that an entry opened."""
    made = UseSet.objects.filter(evidence=seq, kind=kind, erased_at=None).first()
    return 0 if made is None else sum(_place(made, key) is not None for key in whom)


def _place(made: UseSet, key: int) -> int | None:
    """Where a key stands in a set."""
    block = SetBlock.objects.filter(of=made.pk, last__gte=key).order_by("last").first()
    return _at(block, key) if block is not None else None


def _at(block: SetBlock, key: int) -> int | None:
    import numpy as np

    known = np.frombuffer(block.keys, KEY)
    at = int(np.searchsorted(known, key))
    found = at < len(known) and known[at] == key
    return int(np.frombuffer(block.places, PLACE)[at]) if found else None


def proof(seq: int, subjects: Sequence[tuple[str, int]]) -> Membership | None:
    """That one of these is of the set which an entry opened; None where none is."""
    made = UseSet.objects.filter(evidence=seq, erased_at=None).first()
    if made is None:
        return None
    own = [key for kind, key in subjects if kind == made.kind]
    places = [place for key in own if (place := _place(made, key)) is not None]
    if not places:
        return None
    place = places[0]
    part, at = divmod(place, size(made))
    leaves = tree.leaves(names(made, SetPart.objects.get(of=made, number=part)))
    rows = made.parts.order_by("number").values_list("root", flat=True)
    roots = b"".join(bytes(one) for one in rows)
    path = (*tree.path(leaves, at), *tree.path(roots, part))
    leaf = leaves[at * tree.HASH : (at + 1) * tree.HASH]
    return Membership(made.number, leaf, place, made.count, path, bytes.fromhex(made.root))


def size(made: UseSet) -> int:
    """How many subjects a part of a set has; the last may have fewer."""
    first = made.parts.filter(number=0).values_list("keys", flat=True)[0]
    return len(first) // (2 * named.NAME if made.kind == named.KIND else KEY_BYTES)


def names(made: UseSet, part: SetPart) -> bytes:
    """The consumer's pseudonyms of a part, 16 bytes each."""
    import numpy as np

    if made.kind == named.KIND:
        return named.of_consumer(bytes(part.keys))
    whom = np.frombuffer(part.keys, KEY).tolist()
    return bytes.fromhex("".join(pseudonyms.given(made.kind, made.consumer, whom)))


def holds(made: UseSet) -> bool:
    """Whether what is kept of a set is what its entry says: root and index, recomputed."""
    entry = node_evidence.reader().by_seq(int(made.evidence or 0))
    said = (entry.payload or {}) if entry is not None else {}
    if made.erased_at is not None:
        return str(said.get("root")) == made.root
    roots = [tree.root(tree.leaves(names(made, one))) for one in made.parts.order_by("number")]
    whole = tree.root(b"".join(roots)).hex()
    return whole == made.root == said.get("root") and digest(made) == said.get("index")


def erase(made: UseSet, reason: str, by: str) -> None:
    """Erase whom a set concerned; that it was is evidence first. Its root stays in the log."""
    payload = {"set": made.number, "reason": reason, "actor": by}
    payload["legal_time"] = legal_time.now().isoformat()
    node_evidence.write([node_evidence.entry(ERASED, payload, (), made.number)])
    with transaction.atomic():
        SetBlock.objects.filter(of=made).delete()
        SetPart.objects.filter(of=made).update(keys=b"")
        UseSet.objects.filter(pk=made.pk).update(erased_at=legal_time.now())
