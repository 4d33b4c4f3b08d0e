"""What a set use is made of, as plain values."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lingnan.kernel.exchange.use import Answer, Use
from lingnan.kernel.runtime.api import Title

PART = 1 << 14
"""Subjects of a part: a whole subtree of the set's Merkle tree."""
PART_AFAR = 1 << 12
"""The same where another node answers: what travels as one message keeps nobody waiting."""
MOST = 20_000_000
"""Subjects of a set."""
TEXTS = {"resource": 80, "consumer": 40, "purpose": 80, "basis": 200, "case": 80, "actor": 200,
         "request": 80}  # fmt: skip
DEADLINE, LONGEST = 30.0, 300.0


@dataclass(frozen=True)
class SetUse:
    """Who asks what of many, for what, on which basis.

    request   what the consumer calls this use: asked again, it is the same set
    deadline  seconds within which a part is of use
    aim       the purpose in words, as whoever asks calls it
    """

    resource: str
    consumer: str
    purpose: str
    basis: str
    case: str
    actor: str
    elements: tuple[str, ...]
    request: str
    deadline: float = DEADLINE
    aim: Title | None = None

    def plain(self) -> dict[str, Any]:
        """All but the words of the purpose, which travel beside it (`use_text`)."""
        said = asdict(self) | {"elements": list(self.elements)}
        del said["aim"]
        return said

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "SetUse":
        """Raises ValueError, KeyError or TypeError."""
        told: dict[str, Any] = {name: _text(name, said[name], most) for name, most in TEXTS.items()}
        elements = tuple(_text("elements", one, 80) for one in said["elements"])
        deadline = min(float(said.get("deadline", DEADLINE)), LONGEST)
        return cls(**told, elements=elements, deadline=deadline)

    def single(self) -> Use:
        """The same as a use of nobody, by which agreement and limits are judged."""
        return Use(self.resource, self.consumer, self.purpose, self.basis, self.case, self.actor,
                   (), self.elements, self.deadline)  # fmt: skip


def _text(name: str, value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or (value and not value.isprintable()):
        raise ValueError(f"{name} is not a text of at most {most} characters")
    return value


@dataclass(frozen=True)
class Manifest:
    """A set as it was opened: `root` is in hexadecimal, `evidence` the number of the entry, `size`
    how many subjects a part has."""

    number: str
    count: int
    root: str
    evidence: int
    size: int = PART

    @property
    def parts(self) -> int:
        return -(-self.count // self.size)

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Manifest":
        """Raises ValueError, KeyError or TypeError."""
        number, root = _text("number", said["number"], 20), _text("root", said["root"], 64)
        size = int(said.get("size", PART))
        if size < 1:
            raise ValueError("a part of nobody")
        return cls(number, int(said["count"]), root, int(said["evidence"]), size)


def digest(
    places: Sequence[int], values: Mapping[str, Sequence[Any]], records: Sequence[str],
    versions: Sequence[int], as_of: Sequence[str],
) -> str:  # fmt: skip
    """SHA-256, in hexadecimal, of canonical JSON of what is told of a part."""
    said = [places, values, records, versions, as_of]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Part:
    """The answers of a part, by columns: one place in each for each row.

    subjects  the consumer's pseudonyms of the part, in their order
    places    whose row it is, as a place in `subjects`
    values    element → values; `records` (types), `versions` and `as_of` say of what
    refused   place in `subjects` → why nothing is told of that subject: consent or subjects
    evidence  the entry that binds the part; `entry` that of the whole set
    """

    number: str
    part: int
    subjects: Sequence[str]
    places: Sequence[int]
    values: Mapping[str, Sequence[Any]]
    records: Sequence[str]
    versions: Sequence[int]
    as_of: Sequence[str]
    refused: Mapping[int, str] = field(default_factory=dict)
    evidence: int = 0
    entry: int = 0
    onward: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What binds the answers to the entry of the part, the same at both nodes."""
        return digest(self.places, self.values, self.records, self.versions, self.as_of)

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"refused": {str(at): why for at, why in self.refused.items()},
                               "onward": list(self.onward)}  # fmt: skip

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Part":
        """Raises ValueError, KeyError or TypeError on what is no part."""
        told = dict(said)
        told["refused"] = {int(at): str(why) for at, why in dict(told["refused"]).items()}
        told["onward"] = tuple(str(one) for one in told["onward"])
        made = cls(**told)
        rows = len(made.places)
        columns = [*made.values.values(), made.records, made.versions, made.as_of]
        if any(len(one) != rows for one in columns):
            raise ValueError("columns of different lengths")
        if any(not 0 <= at < len(made.subjects) for at in (*made.places, *made.refused)):
            raise ValueError("a row of nobody")
        return made

    def answers(self) -> Iterator[Answer]:
        """One answer for each subject, in their order; of those that are refused an empty one."""
        rows: list[list[dict[str, Any]]] = [[] for _subject in self.subjects]
        for at, place in enumerate(self.places):
            rows[place].append({
                "values": {code: column[at] for code, column in self.values.items()},
                "record": self.records[at], "version": self.versions[at], "as_of": self.as_of[at],
            })  # fmt: skip
        for subject, own in zip(self.subjects, rows, strict=True):
            yield Answer(subject, tuple(own), self.evidence, onward=self.onward)
