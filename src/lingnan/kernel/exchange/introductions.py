"""Introducing a subject from one member to another, and what evidence says of a subject."""

from collections.abc import Sequence
from typing import Any

from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.exchange.sets import index
from lingnan.kernel.registry.api import merged_into
from lingnan.kernel.registry.reading import PSEUDONYM
from lingnan.kernel.runtime.keys import shortened
from lingnan.kernel.trust.api import node_evidence

TRUST = "trust"


def introduce(subject: str, to: str, kind: str = "person", source: str = TRUST) -> str:
    """The pseudonym by which `to` shall know somebody whom `source` knows as `subject`."""
    return pseudonyms.translate(kind, source, to, [subject])[subject]


def introduce_each(
    subjects: Sequence[str], to: str, kind: str = "person", source: str = TRUST
) -> dict[str, str]:
    """`introduce` for many at once, by the names that `source` has for them.

    Raises UnknownSubject when one is not its own.
    """
    return pseudonyms.translate(kind, source, to, subjects)


def introduce_all(
    subject: str, to: Sequence[str], kind: str = "person", source: str = TRUST
) -> dict[str, str]:
    """The pseudonyms by which several members shall know somebody, by member."""
    key = pseudonyms.resolve(kind, source, [subject])[subject]
    given = pseudonyms.give_all([(kind, member, key) for member in dict.fromkeys(to)])
    return {member: name for (_kind, member, _key), name in given.items()}


def give(kind: str, member: str, keys: Sequence[int]) -> dict[int, str]:
    """A holder names its own subjects to a member."""
    return pseudonyms.give(kind, member, keys)


def keys_of(subjects: Sequence[str], source: str = TRUST, kind: str = "person") -> dict[str, int]:
    """The keys behind names that `source` has: for the home of such subjects alone, about its own.

    Raises UnknownSubject when one is not the source's.
    """
    return pseudonyms.resolve(kind, source, subjects)


def looked(
    subject: str,
    before: int | None = None,
    limit: int = 50,
    kind: str = "person",
    source: str = TRUST,
) -> list[Any]:
    """Evidence about somebody, or an organisation, whom `source` knows as `subject`, newest first.

    Also of records that know them by their system's pseudonym alone, and of sets that they are of.
    """
    asked = subjects_of(subject, kind, source)
    reader = node_evidence.reader()
    found = {
        e.seq: e for named, number in asked for e in reader.by_subject(named, number, before, limit)
    }
    found |= {e.seq: e for e in index.looked(asked, before, limit)}
    return [found[seq] for seq in sorted(found, reverse=True)[:limit]]


def subjects_of(subject: str, kind: str = "person", source: str = TRUST) -> list[tuple[str, int]]:
    """Every name and number under which the evidence knows somebody."""
    key = pseudonyms.resolve(kind, source, [subject])[subject]
    asked = [(kind, one) for one in (key, *merged_into(kind, key))]
    return asked + [(PSEUDONYM, shortened(name)) for name in pseudonyms.names_of(kind, key)]
