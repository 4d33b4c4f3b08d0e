"""The catalogue: what each system shares, from its `resources.py`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

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

    @property
    def system(self) -> str:
        return self.code.split(".", 1)[0]


class UnknownResource(LookupError):
    """No such entry in the catalogue of this node."""


@lru_cache(maxsize=1)
def resources() -> dict[str, Resource]:
    """Every resource of the installed systems, by code."""
    found: dict[str, Resource] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.resources"
        if not isinstance(config, System) or find_spec(module) is None:
            continue
        for resource in import_module(module).RESOURCES:
            if resource.system != config.label or resource.code in found:
                raise ValueError(f"{resource.code}: not {config.label}'s, or declared twice")
            found[resource.code] = resource
    return found


def resource(code: str) -> Resource:
    try:
        return resources()[code]
    except KeyError:
        raise UnknownResource(code) from None


def offering(element: str) -> Resource | None:
    """The resource through which a data element can be asked for."""
    return next((r for r in resources().values() if element in r.elements), None)
