"""What the registers say of people and firms that stand in a power: asked at each request.

Trust knows no people. A system that holds a register of them has a module `represented`, found by
name, with `KIND` (person or organisation), `stands(Asked) -> Stands`, and, for persons,
`wards(Actor) -> list[Ward]` and `identified(Actor, number, name) -> Identified | None`. Nothing is
told to any body by the first two, so they are no use of the exchange; the last is asked by an
official, and the register writes it down. Where no register is carried here, a module `introduced`
of a kernel room may have `identified` by asking elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.acting import rules
from lingnan.kernel.trust.actors import Actor


@dataclass(frozen=True)
class Asked:
    """A power on a day: `principal` and `agent` are what trust calls them."""

    basis: str
    principal: str
    kind: str
    code: str
    agent: str
    on: date


@dataclass(frozen=True)
class Stands:
    """Why it is over, "" where nothing speaks against it; and to what it is narrowed, if at all."""

    over: str = ""
    scope: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Ward:
    """A child of whom somebody is on record as a parent; `last` is the last day of minority."""

    subject: str
    name: str
    birth_date: date
    last: date
    scope: tuple[str, ...]


@dataclass(frozen=True)
class Identified:
    """Somebody of whom a document was shown: `subject` is what trust calls them."""

    subject: str
    name: str
    of_age: bool


def identified(who: Actor, number: str, name: str) -> Identified | None:
    """Whom an official has before them with a document, where a register has both as said."""
    if registers_people():
        return identified_here(who, number, name)
    asking = (f"{config.name}.introduced" for config in apps.get_app_configs())
    found = (import_module(one).identified(who, number, name) for one in asking if find_spec(one))
    return next((one for one in found if one is not None), None)


def identified_here(who: Actor, number: str, name: str) -> Identified | None:
    """The same by the registers that this node carries alone."""
    found = (module.identified(who, number, name) for module in _modules("person"))
    return next((one for one in found if one is not None), None)


def registers_people() -> bool:
    """Whether a system here holds a register of people."""
    return any(True for _one in _modules("person"))


def stands(asked: Asked) -> Stands:
    """What is on record. A guardianship that no register confirms does not hold."""
    answered = [module.stands(asked) for module in _modules(asked.kind)]
    if not answered:
        return Stands("unconfirmed" if asked.basis == rules.GUARDIANSHIP else "")
    return next((one for one in answered if one.over), answered[0])


def wards(who: Actor) -> list[Ward]:
    """The children on record of whoever is signed in, the eldest first."""
    found = [ward for module in _modules("person") for ward in module.wards(who)]
    return sorted(found, key=lambda ward: ward.birth_date)


def _modules(kind: str) -> Iterator[Any]:
    for config in apps.get_app_configs():
        name = f"{config.name}.represented"
        if isinstance(config, System) and find_spec(name):
            module = import_module(name)
            if kind == module.KIND:
                yield module
