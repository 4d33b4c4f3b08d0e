"""Signatures of witnesses beneath a checkpoint: they say when a log was seen to have only grown.

`— name base64(mark ‖ time ‖ signature)`; the time is eight bytes, seconds since 1970, and what is
signed is `cosignature/v1`, `time …`, and the checkpoint's three lines.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime

from lingnan.kernel.trust.checkpoints.note import BadNote, Checkpoint, Signature, mark_of, parse
from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import PublicKey, SigningKey

TIME = 8
LONGEST = 64 * 1024
MOST_HASHES = 63


def cosigned(head: Checkpoint, name: str, key: SigningKey, at: datetime) -> str:
    """The line of a witness, with its line's end. Raises `KeyStoreUnavailable`."""
    seconds = int(at.timestamp())
    value = seconds.to_bytes(TIME, "big") + key.sign(_message(head, seconds))
    return Signature(name, mark_of(key.public), value).line()


def time_of(head: Checkpoint, line: str, name: str, key: PublicKey) -> datetime | None:
    """When the witness of that name and key signed the checkpoint; None where it did not."""
    try:
        one = parse(f"{head.text}\n{line}").signatures[0]
    except (BadNote, IndexError):
        return None
    seconds = int.from_bytes(one.value[:TIME], "big")
    signed = pairs.verify(key, _message(head, seconds), one.value[TIME:])
    if one.name != name or one.mark != mark_of(key) or not signed or seconds >= 1 << 40:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _message(head: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{head.text}".encode()


@dataclass(frozen=True)
class Submitted:
    """What a log sends: the size that the witness last signed, the proof from there, the head."""

    old: int
    proof: tuple[bytes, ...]
    head: Checkpoint


def read(body: str) -> Submitted:
    """Raises `BadNote`."""
    above, gap, note = body.partition("\n\n")
    first, *hashes = above.split("\n")
    word, _space, size = first.partition(" ")
    if not gap or word != "old" or not (size.isascii() and size.isdigit()) or len(size) > 18:
        raise BadNote("no old size")
    if len(hashes) > MOST_HASHES or str(int(size)) != size:
        raise BadNote("too long, or a size written in another way than it must be")
    return Submitted(int(size), tuple(_hash(one) for one in hashes), parse(note))


def _hash(text: str) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadNote("not base64") from problem
    if len(found) != 32:
        raise BadNote("a hash that is no SHA-256")
    return found
