"""What does not conform, and how much it weighs.

A *fault* has to be put right, and costs the place its point; *advice* is told and costs nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lingnan.systems.government.data_elements.rules import domains
from lingnan.systems.government.data_elements.rules.domains import Domain

FAULTS = (
    "unregistered", "retired", "datatype", "length", "values", "held_values", "homonym",
)  # fmt: skip
ADVICE = ("undefined", "other_name", "unbound")
KINDS = FAULTS + ADVICE


@dataclass(frozen=True)
class Registered:
    """What the register says of an element."""

    name: str
    name_en: str
    object_class: str
    status: str
    replaced_by: str
    domain: Domain


@dataclass(frozen=True)
class Used:
    """A use of an element: what the place calls it, and what it lets in."""

    element: str
    called: str
    domain: Domain
    of_form: bool = False


@dataclass(frozen=True)
class Fault:
    """A kind of `KINDS`, with the facts that its words need; `<name>_en` is the English of one."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def of_use(used: Used, element: Registered | None) -> list[Fault]:
    """What is wrong with one use of an element. Of one that is not registered nothing else."""
    if element is None:
        return [Fault("unregistered")]
    found = []
    if element.status == "retired":
        found.append(Fault("retired", {"replaced": element.replaced_by}))
    found += [_told(kind, element, used) for kind in _broken(used, element)]
    if not used.of_form and used.called != element.name:
        found.append(Fault("other_name", {"right": element.name, "right_en": element.name_en}))
    return found


def _broken(used: Used, element: Registered) -> list[str]:
    return domains.breaks(element.domain, used.domain, used.of_form)


def _told(kind: str, element: Registered, used: Used) -> Fault:
    if kind == "datatype":
        facts = {"right": element.domain.datatype, "here": used.domain.datatype}
        return Fault(kind, facts)
    if kind == "length":
        return Fault(kind, {"right": element.domain.length, "here": used.domain.length})
    return Fault(kind, {"here": ", ".join(domains.beyond(element.domain, used.domain))})


def homonyms(named: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Elements of one object class that are called the same: code → the others' codes.

    `named`: (code, object class, name). Of two classes the class tells them apart (11179-5).
    """
    by_name: dict[tuple[str, str], list[str]] = {}
    for code, object_class, name in named:
        by_name.setdefault((object_class, name), []).append(code)
    return {
        code: [other for other in codes if other != code]
        for codes in by_name.values()
        if len(codes) > 1
        for code in codes
    }


def score(places: Sequence[tuple[bool, Sequence[Fault]]]) -> tuple[int, int, int]:
    """(places that use an element, those of them without a fault, pieces of advice).

    Of each place: whether it uses an element at all, and what is wrong there.
    """
    using = [found for uses, found in places if uses]
    good = sum(all(one.kind not in FAULTS for one in found) for found in using)
    advice = sum(one.kind in ADVICE for _uses, found in places for one in found)
    return len(using), good, advice
