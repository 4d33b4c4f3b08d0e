"""Merkle tree of RFC 9162: growing, roots, proofs of inclusion and of consistency.

The tree is kept as leaf hashes plus one complete node for every 256 nodes below it (levels 8, 16,
24 …), so a proof in a log of ten million entries reads a few hundred hashes and not ten million.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_LENGTH = 32
STEP = 8
EMPTY_ROOT = hashlib.sha256(b"").digest()

Read = Callable[[int, int, int], Sequence[bytes]]
"""`read(level, first, count)` gives stored hashes; level 0 is the leaves, others are 8, 16 …"""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data) (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: one hash for each complete subtree, largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(peaks):
            raise ValueError("A frontier has one peak for each one-bit of its size.")
        self.size = size
        self.peaks = list(peaks)

    def copy(self) -> "Frontier":
        return Frontier(self.size, self.peaks)

    def push(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; returns the nodes to store that it completes: (level, index, hash)."""
        node, level, index, complete = leaf, 0, self.size, []
        while index & 1:
            node = node_hash(self.peaks.pop(), node)
            level, index = level + 1, index >> 1
            if level % STEP == 0:
                complete.append((level, index, node))
        self.peaks.append(node)
        self.size += 1
        return complete

    def root(self) -> bytes:
        """The Merkle tree hash of everything pushed (RFC 9162 §2.1.1)."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def _fold(nodes: Sequence[bytes]) -> bytes:
    """The root of a complete subtree from its 2^n nodes of one level."""
    while len(nodes) > 1:
        nodes = [node_hash(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
    return nodes[0]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`, which is two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _range(first: int, end: int, read: Read) -> bytes:
    """The Merkle tree hash of leaves `first` to `end`, where `first` begins a subtree."""
    size = end - first
    if size.bit_count() == 1:
        level = size.bit_length() - 1
        stored = level - level % STEP
        return _fold(read(stored, first >> stored, size >> stored))
    middle = first + _split(size)
    return node_hash(_range(first, middle, read), _range(middle, end, read))


def peaks(size: int, read: Read) -> list[bytes]:
    """The frontier's hashes of a stored tree of `size` leaves."""
    first, found = 0, []
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append(_range(first, first + (1 << level), read))
            first += 1 << level
    return found


def root(size: int, read: Read) -> bytes:
    """The Merkle tree hash of the first `size` stored leaves."""
    return _range(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """The audit path of leaf `index` (from 0) in the tree of `size` (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("The leaf is not in a tree of that size.")
    first, end, path = 0, size, []
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(_range(middle, end, read))
            end = middle
        else:
            path.append(_range(first, middle, read))
            first = middle
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether `proof` shows the leaf hash at `index` under `root_hash` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, here = leaf, size - 1, index
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = node_hash(sibling, node)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and node == root_hash


def consistency_proof(old: int, size: int, read: Read) -> list[bytes]:
    """Shows that the tree of `old` leaves begins the tree of `size` (RFC 9162 §2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError("The older size is between 1 and the newer size.")
    first, end, whole, path = 0, size, True, []
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            path.append(_range(middle, end, read))
            end = middle
        else:
            path.append(_range(first, middle, read))
            first, whole = middle, False
    if not whole:
        path.append(_range(first, end, read))
    return path[::-1]


def verify_consistency(
    old: int, size: int, old_root: bytes, root_hash: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the newer tree only added leaves (RFC 9162 §2.1.4.2)."""
    if old == size:
        return not proof and old_root == root_hash
    if not 0 < old < size or not proof:
        return False
    path = list(proof) if old.bit_count() > 1 else [old_root, *proof]
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old_root and newer == root_hash
