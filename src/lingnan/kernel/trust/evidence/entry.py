"""What is written down: entries, the people or things they concern, and receipts."""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from . import disclosing
from .disclosing import Own, Part, Parts
from .merkle import leaf_hash

SALT_LENGTH = 32
"""Of each salt of an entry of before: one for payload and subjects, or one for each."""
KEY_LIMIT = 1 << 63
ERASED = "evidence.erased"


class EvidenceUnavailable(Exception):
    """The evidence was not made durable, or not read: what depends on it must not go on."""


class EvidenceLocked(EvidenceUnavailable):
    """Another process is the one writer of this store."""


class InvalidEntry(ValueError):
    """The entry cannot be written down as it is; nothing of its batch was."""


def system_now() -> str:
    """System time in UTC as ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A person, firm, place or thing: its holder's identifier and its internal 63-bit key."""

    holder: str
    key: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, before it is written down.

    `kind` is a dotted name such as `exchange.read`, `record.opened` or `case.event`; `payload` is
    any JSON object; `subjects` may be thousands (a batch read); `reference` finds the entry again
    (a case number); `at` is system time in ISO 8601 with its offset.
    """

    kind: str
    payload: Mapping[str, Any]
    subjects: tuple[Subject, ...] = ()
    at: str = field(default_factory=system_now)
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Answer to an append: the entry is durable as leaf `seq` (from 1) of the log."""

    seq: int
    leaf_hash: bytes
    at: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as read back; `payload` is None when it has been erased."""

    seq: int
    at: str
    kind: str
    commitment: bytes
    payload: dict[str, Any] | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of before (two salts) as it can be shown to somebody outside: whom it concerns is
    a digest only.

    `payload` is the canonical JSON text that was committed to, `salt` the payload's.
    """

    seq: int
    at: str
    kind: str
    payload: str
    reference: str | None
    salt: bytes
    subjects: bytes

    @property
    def commitment(self) -> bytes:
        return commitment_shown(self.salt, self.payload, self.reference, self.subjects)

    @property
    def leaf_hash(self) -> bytes:
        """The leaf of the log that this entry must be."""
        return leaf_of(self.seq, self.kind, self.at, self.commitment)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An entry of which some parts are shown, to whom they may be; the others are digests."""

    seq: int
    at: str
    kind: str
    parts: Parts

    @property
    def payload(self) -> str:
        return self.parts.payload

    @property
    def reference(self) -> str | None:
        shown = self.parts.reference.value
        return shown[0] if shown else None

    @property
    def leaf_hash(self) -> bytes:
        """The leaf of the log that this entry must be, if its parts hold."""
        return leaf_of(self.seq, self.kind, self.at, self.parts.commitment)

    def only(self, names: Collection[str], reference: bool, own: Own | None) -> "Disclosed":
        """The same entry, of which no more is shown than these members of its payload."""
        fields = tuple(
            one if one.value[0] in names else Part(one.digest) for one in self.parts.fields
        )
        told = self.parts.reference
        told = told if reference else Part(told.digest)
        return replace(self, parts=replace(self.parts, fields=fields, reference=told, own=own))


@dataclass(frozen=True, slots=True)
class Closed:
    """An entry of which nothing can be shown but that it stands: its kind, its time."""

    seq: int
    at: str
    kind: str
    commitment: bytes
    payload: str = "{}"
    reference: str | None = None

    @property
    def leaf_hash(self) -> bytes:
        return leaf_of(self.seq, self.kind, self.at, self.commitment)


Shown = ShownEntry | Disclosed | Closed


@dataclass(frozen=True, slots=True)
class Head:
    """The log at one moment: size, Merkle root, and the time of its last entry."""

    size: int
    root: bytes
    at: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked entry with its salt and commitment, ready to be sequenced."""

    kind: str
    at: str
    commitment: bytes
    salt: bytes
    payload: str
    reference: str | None
    subjects: tuple[tuple[str, int], ...]


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
# A string as `_encode` writes it: five small texts a leaf, without an encoder for each.
_quoted: Callable[[str], str] = json.encoder.encode_basestring


def canonical(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, no NaN. Raises `InvalidEntry` on anything else."""
    try:
        text = _encode(value)
        text.encode()
    except (TypeError, ValueError, RecursionError) as problem:
        raise InvalidEntry(f"Not JSON: {problem}") from problem
    return text


def commitment(
    salt: bytes, payload: str, reference: str | None, subjects: tuple[tuple[str, int], ...]
) -> bytes:
    """Binds everything erasable, reveals nothing. `payload` is canonical JSON text; `subjects` are
    sorted pairs of holder and key. A salt of 48 bytes is a seed (`disclosing`).

    Of entries of before it has 64 bytes, the payload's and the subjects', one after the other; or
    32: SHA-256(salt ‖ [payload, reference, subjects]). Raises ValueError on another length.
    """
    if len(salt) == disclosing.SEED:
        return disclosing.committed(salt, payload, reference, subjects)
    if len(salt) == SALT_LENGTH:
        return _bound(salt, payload, canonical([reference, subjects]))
    if len(salt) != 2 * SALT_LENGTH:
        raise ValueError("A salt has 48 bytes, of an entry of before 64 or 32.")
    told = subjects_digest(salt[SALT_LENGTH:], subjects)
    return commitment_shown(salt[:SALT_LENGTH], payload, reference, told)


def commitment_shown(salt: bytes, payload: str, reference: str | None, subjects: bytes) -> bytes:
    """The commitment by what may be shown of an entry: the payload's salt, payload, reference, and
    the digest of its subjects. SHA-256(salt ‖ [payload, reference, digest in hexadecimal])."""
    told = "null" if reference is None else _quoted(reference)
    return _bound(salt, payload, f'[{told},"{subjects.hex()}"]')


def subjects_digest(salt: bytes, subjects: tuple[tuple[str, int], ...]) -> bytes:
    """SHA-256(salt ‖ subjects): says nothing of them to who has not the salt."""
    pairs = ",".join(f"[{_quoted(holder)},{key}]" for holder, key in subjects)
    return hashlib.sha256(salt + f"[{pairs}]".encode()).digest()


def _bound(salt: bytes, payload: str, rest: str) -> bytes:
    return hashlib.sha256(salt + f"[{payload},{rest[1:]}".encode()).digest()


def leaf_of(seq: int, kind: str, at: str, commitment_: bytes) -> bytes:
    """The leaf hash of canonical {at, commitment, kind, seq}."""
    text = (
        f'{{"at":{_quoted(at)},"commitment":"{commitment_.hex()}"'
        f',"kind":{_quoted(kind)},"seq":{seq}}}'
    )
    return leaf_hash(text.encode())


def request_digest(request: str, first: int, count: int) -> bytes:
    """Guards the memory of a request against a changed byte; it is no evidence itself."""
    return hashlib.sha256(f"{request} {first} {count}".encode()).digest()


def prepare(entry: Entry, *, reserved: bool = False) -> Prepared:
    """Check an entry, draw its salt and commit to it. Raises `InvalidEntry`."""
    _check_name(entry.kind, "kind")
    if entry.kind == ERASED and not reserved:
        raise InvalidEntry(f"Only erasing writes entries of kind {ERASED}.")
    if entry.reference is not None:
        _check_name(entry.reference, "reference")
    if not isinstance(entry.payload, Mapping) or not all(isinstance(n, str) for n in entry.payload):
        raise InvalidEntry("A payload is a JSON object.")
    _check_name(entry.at, "time")
    _check_time(entry.at)
    subjects = _pairs(entry.subjects)
    written, salt = _members(entry.payload), os.urandom(disclosing.SEED)
    committed = disclosing.commit(salt, written, entry.reference, subjects)
    payload = disclosing.text_of(written)
    return Prepared(entry.kind, entry.at, committed, salt, payload, entry.reference, subjects)


def _members(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    try:
        written = disclosing.members(payload)
        "".join(name + value for name, value in written).encode()
    except (TypeError, ValueError, RecursionError) as problem:
        raise InvalidEntry(f"Not JSON: {problem}") from problem
    return written


def _pairs(subjects: tuple[Subject, ...]) -> tuple[tuple[str, int], ...]:
    for holder in {subject.holder for subject in subjects}:
        _check_name(holder, "holder")
    for subject in subjects:
        if type(subject.key) is not int or not 0 <= subject.key < KEY_LIMIT:
            raise InvalidEntry("A subject's key is a whole number of 63 bits.")
    return tuple(sorted({(subject.holder, subject.key) for subject in subjects}))


def _check_name(text: object, what: str) -> None:
    if not isinstance(text, str) or not 0 < len(text) <= 200 or not text.isprintable():
        raise InvalidEntry(f"A {what} is 1 to 200 printable characters.")


def _check_time(text: str) -> None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InvalidEntry("`at` is a time in ISO 8601.") from problem
    if moment.tzinfo is None:
        raise InvalidEntry("`at` carries its offset from UTC.")
