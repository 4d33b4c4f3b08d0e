"""The catalogue: what each system shares, from its `resources.py`.

`RESOURCES` is what a release of the system shares. A system whose bodies publish while the node
runs also has `published()`, which gives those, and `mark()`, which says by one look whether they
are others than before (None: none).
"""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import connections

from lingnan.kernel.registry.api import Record
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.runtime.apps import System

# What a resource's answer function gives: for each subject asked for, its rows.
# A row is {"values": {element: plain value}, "record": "type", "version": n, "as_of": date}.
Answers = Callable[[Sequence[Any]], Mapping[Any, Sequence[Mapping[str, Any]]]]


CYCLES = ("realtime", "day", "week", "month", "quarter", "year", "irregular")
OPENED = ("open", "conditional", "closed")


@dataclass(frozen=True)
class Resource:
    """One entry of the catalogue.

    subject   "person", "organisation", "place" or "thing": what one asks about
    keyed     True where the answering system is the subject's own holder: it gets keys;
              else it gets its own pseudonyms of the subjects
    elements  data element codes that can be asked for, with titles
    sharing   "unconditional", "conditional" or "refused" (国发〔2016〕51号)
    find      where the subject has a public code (a standard address): code → key, or None
    category  its 类, 项, 目, 细目 in the national catalogue (`standards.resource_code`)
    cycle     how often it changes: one of `CYCLES`
    opened    whether the public may have it: one of `OPENED`
    sensitive elements that need a consent of their own where they are read by consent
              (《个人信息保护法》（2021-08-20）第二十八条、第二十九条)
    consent   whether each use needs the consent of whom it is about, whatever the agreement
    suggest   with it: (words, division, limit) → (code, title) of what the words may mean
    division  the element that says in which division the subject is, where there is one
    derived   the resources it is worked out from: it goes only to whom their agreements let it
              be passed on to
    counted   the record type that may be counted by its dimensions in a use of the kind aggregate
    summed    numeric fields of it that may be added up there
    body, function  of what a body has published itself: the body, and its function. `system` is
              then a subsystem that the body has named
    """

    code: str
    title: Title
    subject: str
    keyed: bool
    elements: Mapping[str, Title]
    sharing: str
    condition: Title
    basis: str
    answer: Answers
    category: str
    cycle: str = "realtime"
    opened: str = "closed"
    find: Callable[[str], int | None] | None = None
    suggest: Callable[[str, str, int], Sequence[tuple[str, str]]] | None = None
    consent: bool = False
    sensitive: Collection[str] = ()
    division: str = ""
    derived: Sequence[str] = ()
    counted: type[Record] | None = None
    summed: Sequence[str] = ()
    body: str = ""
    function: str = ""

    @property
    def system(self) -> str:
        return self.code.split(".", 1)[0]


class UnknownResource(LookupError):
    """No such entry in the catalogue of this node."""


@lru_cache(maxsize=1)
def declared() -> dict[str, Resource]:
    """Every resource that the installed systems declare, by code."""
    found: dict[str, Resource] = {}
    for label, module in _modules():
        for resource in module.RESOURCES:
            if resource.system != label or resource.code in found:
                raise ValueError(f"{resource.code}: not {label}'s, or declared twice")
            found[resource.code] = resource
    return found


def _modules() -> Iterator[tuple[str, Any]]:
    for config in apps.get_app_configs():
        module = f"{config.name}.resources"
        if isinstance(config, System) and find_spec(module) is not None:
            yield config.label, import_module(module)


FRESH = 1.0
"""Seconds for which what bodies have published is taken to be as it was: another process may have
changed it. The process that changes it says so (`forget`)."""


@dataclass
class _Known:
    marks: tuple[Any, ...]
    all: dict[str, Resource]
    seen: float


_known: _Known | None = None
_looking = threading.Lock()


def resources() -> dict[str, Resource]:
    """Every resource of this node, by code: what is declared, and what bodies have published.

    Where an event loop runs, which may not wait for the database, it is what was known last.
    """
    known = _known
    if known is not None and time.monotonic() - known.seen < FRESH:
        return known.all
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _look()
    apart = threading.Thread(target=_look_apart, daemon=True)
    apart.start()
    if known is None:
        apart.join(5.0)
    return known.all if known is not None else (_known.all if _known else declared())


def forget() -> None:
    """What bodies have published is another from now on."""
    global _known
    _known = None
    _publishing.cache_clear()


def _look() -> dict[str, Resource]:
    global _known
    publishing = _publishing()
    marks = tuple(module.mark() for module in publishing)
    known = _known
    if known is not None and known.marks == marks:
        known.seen = time.monotonic()
        return known.all
    if not any(marks):
        found = declared()
    else:
        found = dict(declared())
        for module in publishing:
            # Nothing that a body publishes takes the place of what is declared.
            found |= {one.code: one for one in module.published() if one.code not in found}
    _known = _Known(marks, found, time.monotonic())
    return found


def _look_apart() -> None:
    if not _looking.acquire(blocking=False):
        return
    try:
        _look()
    finally:
        _looking.release()
        connections.close_all()


def offered() -> dict[str, Any]:
    """What bodies have published, by code, as it is asked for by address (`sources.offering`)."""
    found: dict[str, Any] = {}
    for module in _publishing():
        found |= module.offered()
    return found


@lru_cache(maxsize=1)
def _publishing() -> tuple[Any, ...]:
    return tuple(module for _label, module in _modules() if hasattr(module, "published"))


def resource(code: str) -> Resource:
    try:
        return resources()[code]
    except KeyError:
        raise UnknownResource(code) from None


def offering(element: str) -> Resource | None:
    """The resource through which a data element can be asked for: of its home, not of a copy."""
    return next((r for r in declared().values() if element in r.elements), None)
