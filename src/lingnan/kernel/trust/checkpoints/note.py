"""Checkpoints as text: origin, size and root of a log, and signatures beneath (signed notes).

The layout is that of transparency logs (C2SP tlog-checkpoint and signed-note): three lines, an
empty one, then for each signature `— name base64(key mark ‖ signature)`. Signatures are ECDSA
P-256 with SHA-256 over the lines above the empty one; the mark is the first four bytes of the
SHA-256 of the SubjectPublicKeyInfo (of ECDSA unverified: the specification was not at hand).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import PublicKey, SigningKey

MARK = 4
ROOT_BYTES = 32
LONGEST = 16_384
_NAME = re.compile(r"[^\s+]{1,100}")
_SIZE = re.compile(r"0|[1-9]\d{0,18}")


class BadNote(ValueError):
    """The text is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line beneath a checkpoint."""

    name: str
    mark: bytes
    value: bytes

    def line(self) -> str:
        return f"— {self.name} {base64.b64encode(self.mark + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin` names the log; no other log may have it."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @property
    def note(self) -> str:
        """The whole, with its signatures."""
        return self.text + "\n" + "".join(one.line() for one in self.signatures)

    def signed(self, name: str, key: SigningKey) -> "Checkpoint":
        """With one signature more. Raises `KeyStoreUnavailable`."""
        if not _NAME.fullmatch(name):
            raise ValueError("A signer's name is 1 to 100 characters without blanks and +.")
        made = Signature(name, mark_of(key.public), key.sign(self.text.encode()))
        return self.carrying(made)

    def carrying(self, one: Signature) -> "Checkpoint":
        return Checkpoint(self.origin, self.size, self.root, (*self.signatures, one))

    def signed_by(self, name: str, key: PublicKey) -> bool:
        """Whether a signature of that name is by that key."""
        mark, data = mark_of(key), self.text.encode()
        return any(
            one.name == name and one.mark == mark and pairs.verify(key, data, one.value)
            for one in self.signatures
        )


def mark_of(key: PublicKey) -> bytes:
    return hashlib.sha256(key.der).digest()[:MARK]


def parse(note: str) -> Checkpoint:
    """A checkpoint from its text; its signatures are not checked. Raises `BadNote`."""
    if len(note) > LONGEST or "\r" in note or not note.endswith("\n"):
        raise BadNote("too long, or not ended by a line's end")
    above, gap, below = note.partition("\n\n")
    lines = above.split("\n")
    if not gap or len(lines) != 3 or not _SIZE.fullmatch(lines[1]) or not lines[0].isprintable():
        raise BadNote("not three lines and a gap")
    root = _decoded(lines[2])
    if not lines[0] or len(root) != ROOT_BYTES:
        raise BadNote("no origin, or a root that is no SHA-256")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(map(_signature, below.splitlines())))


def _signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
        raise BadNote("a line that is no signature")
    data = _decoded(parts[2])
    if len(data) <= MARK:
        raise BadNote("a signature that is too short")
    return Signature(parts[1], data[:MARK], data[MARK:])


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadNote("not base64") from problem
    if base64.b64encode(data).decode() != text:
        raise BadNote("base64 that is written in another way than it must be")
    return data
