"""What binds an entry so that any part of it can be shown, and nothing else of it.

Each member of the payload, the reference and each subject is committed to under a salt of its own,
drawn from the entry's seed. Who is shown a part with its salt can check it; the other parts stay
digests. Subjects are the leaves of a Merkle tree (RFC 9162 §2.1.1), in the order of their digests,
so that one of thousands is shown by a short path.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import merkle

SEED = 48
"""Bytes of a seed; other lengths are salts of entries of before."""
MARK = b"lingnan.entry/3\n"
SALT = 32
PAYLOAD, CONCERNED = b"payload\n", b"subjects\n"
"""What salts are for: reference and members of the payload, by name; and the subjects, sorted."""
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
_quoted = json.encoder.encode_basestring
Pairs = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an entry: its digest, and (`salt`) what it says where it is shown."""

    digest: bytes
    salt: bytes = b""
    value: Any = None

    @property
    def shown(self) -> bool:
        return bool(self.salt)

    @property
    def holds(self) -> bool:
        """Whether what is shown gives the digest; of what is not shown nothing is claimed."""
        return not self.salt or _digest(self.salt, self.value) == self.digest


@dataclass(frozen=True, slots=True)
class Own:
    """One subject among those of an entry, as a digest, and the path to their root."""

    digest: bytes
    index: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """An entry in its parts. `fields` are the payload's members in their order, each [name,
    value]; `reference` is [reference]; `count` and `subjects`: how many it concerns, and their
    root."""

    fields: tuple[Part, ...]
    reference: Part
    count: int
    subjects: bytes
    own: Own | None = field(default=None)

    @property
    def commitment(self) -> bytes:
        fields = [one.digest for one in self.fields]
        return _bound(fields, self.reference.digest, self.count, self.subjects)

    @property
    def payload(self) -> str:
        """Canonical JSON of the members that are shown."""
        return _encode(dict(one.value for one in self.fields if one.shown))

    @property
    def holds(self) -> bool:
        """Whether every part that is shown gives its digest, and `own` is among the subjects."""
        if not all(one.holds for one in (*self.fields, self.reference)):
            return False
        own = self.own
        return own is None or merkle.verify_inclusion(
            merkle.leaf_hash(own.digest), own.index, self.count, list(own.path), self.subjects
        )


def parts(seed: bytes, payload: str, reference: str | None, subjects: Pairs) -> Parts:
    """Every part of an entry, all shown but its subjects. Raises ValueError where `payload` is not
    the canonical text of an object."""
    told = json.loads(payload)
    if not isinstance(told, dict) or _encode(told) != payload:
        raise ValueError("not canonical")
    names = sorted(told)
    salts = _salts(seed, PAYLOAD, len(names) + 1)
    shown = zip(salts[1:], names, strict=True)
    fields = tuple(_part(salt, [name, told[name]]) for salt, name in shown)
    digests = _digests(seed, subjects)
    return Parts(fields, _part(salts[0], [reference]), len(digests), _root(digests.values()))


def members(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each member as canonical JSON, in their order. Raises TypeError, ValueError
    or RecursionError on what is no JSON or would be read back as something else."""
    # Texts, which most are, without a call for each: a hot path.
    return [
        (_quoted(name), _quoted(value) if type(value := payload[name]) is str else _written(value))
        for name in sorted(payload)
    ]


def text_of(written: Sequence[tuple[str, str]]) -> str:
    """The canonical text of a payload by its members."""
    return "{" + ",".join([f"{name}:{value}" for name, value in written]) + "}"


def commit(
    seed: bytes, written: Sequence[tuple[str, str]], reference: str | None, subjects: Pairs
) -> bytes:
    """The commitment of an entry by the `members` of its payload."""
    salts = _salts(seed, PAYLOAD, len(written) + 1)
    told = _hashed(salts[0], f"[{_written(reference)}]")
    fields = [
        _hashed(salt, f"[{name},{value}]")
        for salt, (name, value) in zip(salts[1:], written, strict=True)
    ]
    digests = _digests(seed, subjects) if subjects else {}
    return _bound(fields, told, len(digests), _root(digests.values()))


def committed(seed: bytes, payload: str, reference: str | None, subjects: Pairs) -> bytes:
    """The commitment of one that is stored; empty, which none is, where the payload is not as it
    must be written."""
    try:
        told = json.loads(payload)
    except ValueError:
        return b""
    if not isinstance(told, dict) or _encode(told) != payload:
        return b""
    return commit(seed, members(told), reference, subjects)


def about(seed: bytes, subjects: Pairs, own: Pairs) -> Own | None:
    """The digest of the first of `own` that is among the subjects; None where none is."""
    digests = _digests(seed, subjects)
    wanted = next((digests[one] for one in own if one in digests), None)
    if wanted is None:
        return None
    leaves = [merkle.leaf_hash(one) for one in digests.values()]
    index = list(digests.values()).index(wanted)

    def read(level: int, first: int, count: int) -> list[bytes]:
        width = 1 << level
        return [_tree(leaves[at * width : (at + 1) * width]) for at in range(first, first + count)]

    return Own(wanted, index, tuple(merkle.inclusion_proof(index, len(leaves), read)))


def _digests(seed: bytes, subjects: Pairs) -> dict[tuple[str, int], bytes]:
    """The digest of each subject, in the order of the digests: it says nothing of them."""
    whom = sorted(set(subjects))
    found = {
        (holder, key): _hashed(salt, f"[{_quoted(holder)},{key}]")
        for salt, (holder, key) in zip(_salts(seed, CONCERNED, len(whom)), whom, strict=True)
    }
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _root(digests: Iterable[bytes]) -> bytes:
    return _tree([merkle.leaf_hash(one) for one in digests])


def _tree(leaves: Sequence[bytes]) -> bytes:
    growing = merkle.Frontier()
    for leaf in leaves:
        growing.push(leaf)
    return growing.root()


def _part(salt: bytes, value: Any) -> Part:
    return Part(_digest(salt, value), salt, value)


def _salts(seed: bytes, what: bytes, count: int) -> list[bytes]:
    """From some of the salts neither the seed nor another one can be told (SHAKE-256)."""
    drawn = hashlib.shake_256(what + seed).digest(SALT * count)
    return [drawn[at : at + SALT] for at in range(0, SALT * count, SALT)]


def _bound(fields: Sequence[bytes], reference: bytes, count: int, subjects: bytes) -> bytes:
    """SHA-256 of the mark and canonical {count, fields, reference, subjects}, in hexadecimal."""
    listed = ",".join([f'"{one.hex()}"' for one in fields])
    told = (
        f'{{"count":{count},"fields":[{listed}],"reference":"{reference.hex()}",'
        f'"subjects":"{subjects.hex()}"}}'
    )
    return hashlib.sha256(MARK + told.encode()).digest()


def _digest(salt: bytes, value: Any) -> bytes:
    return _hashed(salt, _encode(value))


def _hashed(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(salt + text.encode()).digest()


def _written(value: Any) -> str:
    """Canonical JSON of a value; numbers, texts, lists and objects of texts, which most are, the
    shorter way."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is int:
        return str(value)
    if kind is list and all(type(one) is str for one in value):
        return "[" + ",".join(map(_quoted, value)) + "]"
    if kind is dict and all(type(one) is str for pair in value.items() for one in pair):
        told = [f"{_quoted(name)}:{_quoted(value[name])}" for name in sorted(value)]
        return "{" + ",".join(told) + "}"
    text = _encode(value)
    # Keys that are no texts are written as texts, and might be read in another order.
    if isinstance(value, dict | list | tuple) and _encode(json.loads(text)) != text:
        raise ValueError("the keys of an object are texts")
    return text
