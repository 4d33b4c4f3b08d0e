"""Internal keys: 63 bits that never leave the node, and the veil under which pages name them.

Layout: 41 bits of milliseconds since 2020-01-01 UTC, 10 bits of node number, 12 bits of
sequence. Processes of one node share the sequence: its upper 4 bits are a slot that each
process holds by a file lock, so two processes can never make the same key.
"""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

EPOCH_MS = 1_577_836_800_000
SLOTS = 16
PER_SLOT = 4096 // SLOTS


class KeyMaker:
    """Makes keys for one process of one node. Thread-safe; never goes backwards."""

    def __init__(self, node: int, slot: int) -> None:
        if not 0 <= node < 1024 or not 0 <= slot < SLOTS:
            raise ValueError("node number is 0-1023, slot 0-15")
        self._fixed = (node << 12) | (slot * PER_SLOT)
        self._lock = threading.Lock()
        self._millisecond = 0
        self._sequence = 0

    def make(self) -> int:
        with self._lock:
            now = int(time.time() * 1000) - EPOCH_MS
            if now > self._millisecond:
                self._millisecond, self._sequence = now, 0
            else:
                self._sequence += 1
                if self._sequence >= PER_SLOT:
                    # Wait rather than borrow: a key of the future could come again.
                    self._millisecond, self._sequence = self._next_millisecond(), 0
            return (self._millisecond << 22) | self._fixed | self._sequence

    def _next_millisecond(self) -> int:
        while (now := int(time.time() * 1000) - EPOCH_MS) <= self._millisecond:
            time.sleep(0.0002)
        return now


def _hold_slot(folder: Path) -> tuple[int, int]:
    """Lock the first free slot of this data folder; the lock ends with the process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for slot in range(SLOTS):
        descriptor = os.open(folder / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot, descriptor
        except BlockingIOError:
            os.close(descriptor)
    raise RuntimeError(f"more than {SLOTS} processes write to one data folder")


_makers: dict[int, KeyMaker] = {}
_making = threading.Lock()


def _maker() -> KeyMaker:
    pid = os.getpid()
    with _making:
        if pid not in _makers:
            slot, _ = _hold_slot(settings.DATA / "keys")
            _makers[pid] = KeyMaker(settings.NODE_NUMBER, slot)
        return _makers[pid]


def new_key() -> int:
    """One new internal key (positive, below 2**63)."""
    return _maker().make()


def new_keys(count: int) -> Iterator[int]:
    maker = _maker()
    return (maker.make() for _ in range(count))


def shortened(pseudonym: str) -> int:
    """The first 63 bits of a pseudonym: how evidence indexes somebody known by it alone."""
    return int(pseudonym[:16], 16) >> 1


def _cipher(context: str) -> Cipher:
    secret = hashlib.sha256(f"veil|{context}|{settings.SECRET_KEY}".encode()).digest()[:16]
    return Cipher(algorithms.AES(secret), modes.ECB())


def veil(key: int, context: str) -> str:
    """The 32 hexadecimal digits that stand for a key in an address of this node.

    One block of AES under a secret of the node and the context (record type), so that a
    reference of one record type means nothing in another and keys are never shown.
    """
    encryptor = _cipher(context).encryptor()
    return encryptor.update(bytes(8) + key.to_bytes(8, "big")).hex()


def unveil(reference: str, context: str) -> int | None:
    """The key behind a reference, or None when it was not made here for this context."""
    try:
        block = bytes.fromhex(reference)
    except ValueError:
        return None
    if len(block) != 16:
        return None
    plain = _cipher(context).decryptor().update(block)
    return int.from_bytes(plain[8:], "big") if plain[:8] == bytes(8) else None
