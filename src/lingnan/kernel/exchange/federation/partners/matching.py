"""Whom a question from another instance is about.

Instances share no pseudonym of anybody. Who asks gives what the person has shown: number and name
on the document; the register that holds such numbers has to have exactly one with both. A firm
is named by its public code. One subject each time, never a list.
"""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.catalogue import Resource

PERSON, NAME = "person.identity_number", "person.name"
FIRM = "organisation.credit_code"


class NoMatch(Exception):
    """`why` is for the evidence of the holder alone: unknown, name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoRegister(Exception):
    """No system of this node finds such subjects."""


def key_of(resource: Resource, subject: Mapping[str, Any]) -> int:
    """The key of whom the question is about. Raises NoMatch, NoRegister, ValueError."""
    if resource.subject == "person":
        return _person(_text(subject, "number", 40), _text(subject, "name", 60))
    return _firm(resource, _text(subject, "code", 40))


def about(kind: str, subject: Mapping[str, Any]) -> str:
    """What may stand in lists of questions: a firm's code; nothing of a person."""
    return "" if kind == "person" else str(subject.get("code", ""))[:40]


def _person(number: str, name: str) -> int:
    register = catalogue.offering(PERSON)
    if register is None or register.find is None or not register.keyed:
        raise NoRegister
    key = register.find(number)
    if key is None:
        raise NoMatch("unknown")
    rows = register.answer([key]).get(key, ())
    if len(rows) != 1 or rows[0]["values"].get(NAME) != name:
        raise NoMatch("name")
    return key


def _firm(resource: Resource, code: str) -> int:
    register = catalogue.offering(FIRM)
    find = resource.find or (register.find if register is not None else None)
    if find is None:
        raise NoRegister
    key = find(code)
    if key is None:
        raise NoMatch("unknown")
    return key


def _text(subject: Mapping[str, Any], name: str, longest: int) -> str:
    found = subject.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= longest or not found.isprintable():
        raise ValueError(f"{name} is no text of 1 to {longest} characters")
    return found
