"""Internal keys: 63 bits that never leave the node, and the veil under which pages name them.

Layout: 41 bits of milliseconds since 2020-01-01 UTC, 10 bits of node number, 12 bits of
sequence. Processes of one node share the sequence: its upper 4 bits are a slot that each
process holds by a file lock, so two processes can never make the same key. The lock's file
says up to when keys of the slot may have been made: a clock set back makes none of them again.
"""

import fcntl
import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

EPOCH_MS = 1_577_836_800_000
SLOTS = 16
PER_SLOT = 4096 // SLOTS
# How far ahead a slot's mark is written: so often, while keys are made, the disk is waited for,
# and so long a slot rests after its process has ended.
AHEAD_MS = 3_000
# How long a key is waited for when the clock is behind.
PATIENCE = 10.0


class ClockBehind(Exception):
    """The machine's clock stands before the last keys made; none is made until it is right."""


def _now() -> int:
    return int(time.time() * 1000) - EPOCH_MS


def _behind(milliseconds: int) -> ClockBehind:
    return ClockBehind(
        f"the clock of this machine is {milliseconds / 1000:.0f} s behind the last keys of this "
        "data folder: set it right and start again"
    )


class Slot:
    """A slot held by this process. `mark` is the millisecond up to which keys may exist."""

    def __init__(self, number: int, descriptor: int) -> None:
        self.number, self._descriptor = number, descriptor
        said = os.pread(descriptor, 20, 0)
        self.mark = int(said) if said.isdigit() else 0

    def reserve(self, millisecond: int) -> None:
        """Write durably, before a key is made, that keys up to a little later may exist."""
        if millisecond > self.mark:
            mark = millisecond + AHEAD_MS
            os.pwrite(self._descriptor, b"%020d" % mark, 0)
            os.fsync(self._descriptor)
            self.mark = mark

    def let_go(self) -> None:
        os.close(self._descriptor)


class KeyMaker:
    """Makes keys for one process of one node. Thread-safe; never goes backwards."""

    def __init__(
        self, node: int, slot: int, reserve: Callable[[int], None] = lambda _: None
    ) -> None:
        if not 0 <= node < 1024 or not 0 <= slot < SLOTS:
            raise ValueError("node number is 0-1023, slot 0-15")
        self._fixed = (node << 12) | (slot * PER_SLOT)
        self._lock, self._reserve = threading.Lock(), reserve
        self._millisecond = 0
        self._sequence = 0

    def make(self) -> int:
        with self._lock:
            now = _now()
            if now > self._millisecond:
                self._begin(now)
            elif self._sequence + 1 < PER_SLOT:
                self._sequence += 1
            else:
                # Wait rather than borrow: a key of the future could come again.
                self._begin(self._next_millisecond())
            return (self._millisecond << 22) | self._fixed | self._sequence

    def _begin(self, millisecond: int) -> None:
        self._reserve(millisecond)
        self._millisecond, self._sequence = millisecond, 0

    def _next_millisecond(self) -> int:
        until = time.monotonic() + PATIENCE
        while (now := _now()) <= self._millisecond:
            if self._millisecond - now > PATIENCE * 1000 or time.monotonic() > until:
                raise _behind(self._millisecond - now)
            time.sleep(0.0002)
        return now


def hold_slot(folder: Path) -> Slot:
    """A free slot of this data folder whose mark has passed; it is ours until we end.

    When every free mark is still to come, many processes have just ended, or the clock was
    set back: waits a little, then raises ClockBehind.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + PATIENCE
    while True:
        ahead = []
        for number in range(SLOTS):
            slot = _lock(folder, number)
            if slot is None:
                continue
            if slot.mark < _now():
                return slot
            ahead.append(slot.mark - _now())
            slot.let_go()
        late = time.monotonic() > until
        if ahead and (late or min(ahead) > PATIENCE * 1000):
            raise _behind(min(ahead))
        if late:
            raise RuntimeError(f"more than {SLOTS} processes write to one data folder")
        time.sleep(0.05)


def _lock(folder: Path, number: int) -> Slot | None:
    """A slot, locked until its process ends; None when another process holds it."""
    descriptor = os.open(folder / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return Slot(number, descriptor)


_makers: dict[int, KeyMaker] = {}
_making = threading.Lock()


def _maker() -> KeyMaker:
    pid = os.getpid()
    with _making:
        if pid not in _makers:
            slot = hold_slot(settings.DATA / "keys")
            _makers[pid] = KeyMaker(settings.NODE_NUMBER, slot.number, slot.reserve)
        return _makers[pid]


def new_key() -> int:
    """One new internal key (positive, below 2**63)."""
    return _maker().make()


def new_keys(count: int) -> Iterator[int]:
    maker = _maker()
    return (maker.make() for _ in range(count))


def invented(place: int) -> int:
    """The key of what stands at a place (below 2**34) of a demonstration's order.

    It lies in January 2020, before there was a node to make keys: none will make it again.
    """
    return ((1 + place // 4096) << 22) | (settings.NODE_NUMBER << 12) | place % 4096


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


def shown(reference: str) -> str:
    """A reference as people read it: a veiled key, which tells nobody anything, is left out."""
    return "" if re.fullmatch(r"[0-9a-f]{32}", reference) else reference
