"""The Merkle tree of a set (RFC 9162 §2.1.1): its leaves are the consumer's pseudonyms, 16 bytes
each, in their order. A pseudonym cannot be guessed, so its hash tells nobody whom it means.
"""

import hashlib
from collections.abc import Sequence

HASH, NAME = 32, 16
EMPTY = hashlib.sha256(b"").digest()


def leaves(names: bytes) -> bytes:
    """The leaf hashes of names of 16 bytes, one after the other."""
    made = hashlib.sha256
    return b"".join(
        [made(b"\x00" + names[at : at + NAME]).digest() for at in range(0, len(names), NAME)]
    )


def root(level: bytes) -> bytes:
    """The root over hashes, one after the other; of whole subtrees' roots that of all."""
    while len(level) > HASH:
        level = _above(level)
    return level or EMPTY


def path(level: bytes, at: int) -> list[bytes]:
    """The audit path of one of these hashes to their root."""
    found = []
    while len(level) > HASH:
        beside = (at ^ 1) * HASH
        if beside < len(level):
            found.append(level[beside : beside + HASH])
        level, at = _above(level), at >> 1
    return found


def _above(level: bytes) -> bytes:
    """One level up; a last one without a neighbour stays."""
    made, whole = hashlib.sha256, len(level) // (2 * HASH) * 2 * HASH
    pairs: Sequence[bytes] = [
        made(b"\x01" + level[at : at + 2 * HASH]).digest() for at in range(0, whole, 2 * HASH)
    ]
    return b"".join(pairs) + level[whole:]
