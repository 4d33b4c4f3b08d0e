"""Introducing a subject from one member to another, and what evidence says of a subject."""

from collections.abc import Sequence
from typing import Any

from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.trust.api import node_evidence

TRUST = "trust"


def introduce(subject: str, to: str, kind: str = "person", source: str = TRUST) -> str:
    """The pseudonym by which `to` shall know somebody whom `source` knows as `subject`."""
    holder = pseudonyms.HOLDERS[kind]
    return pseudonyms.translate(holder, source, to, [subject])[subject]


def give(kind: str, member: str, keys: Sequence[int]) -> dict[int, str]:
    """A holder names its own subjects to a member."""
    return pseudonyms.give(pseudonyms.HOLDERS[kind], member, keys)


def own_key(kind: str, member: str, subject: str) -> int:
    """The key of a subject, for its holder alone (a holder records a decision on it)."""
    return pseudonyms.resolve(pseudonyms.HOLDERS[kind], member, [subject])[subject]


def looked(subject: str, before: int | None = None, limit: int = 50) -> list[Any]:
    """Evidence about a resident whom trust knows as `subject`, newest first."""
    holder = pseudonyms.HOLDERS["person"]
    key = pseudonyms.resolve(holder, TRUST, [subject])[subject]
    return list(node_evidence.reader().by_subject(holder, key, before, limit))
