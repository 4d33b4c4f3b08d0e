"""Entries of the catalogue for what the systems of this node declare (`resources.py`)."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange.api import Resource, resources, wishes
from lingnan.kernel.runtime.api import Action, action, legal_time
from lingnan.kernel.trust.api import Body
from lingnan.standards import resource_code
from lingnan.systems.government.resource_exchange.models import Entry

BY = "node"


def keep() -> int:
    """Let the catalogue say what is declared: new entries, changed ones, and the end of those
    that nothing here declares any more. Returns how many were written.

    A code stays with its resource, also when it comes back after an end.
    """
    declared, known = resources(), {one.resource: one for one in Entry.objects.all()}
    written = 0
    with action(by=BY, reason="the catalogue says what is declared") as act:
        for code, resource in sorted(declared.items()):
            written += _kept(act, resource, known.get(code))
        for code, entry in known.items():
            if code not in declared and not entry.ended:
                act.end(entry)
                written += 1
    return written


def _kept(act: Action, resource: Resource, entry: Entry | None) -> int:
    values = _stated(resource)
    if entry is None:
        number = _next_number(resource.category)
        code = str(resource_code.Code(resource_code.category(resource.category), number))
        act.create(Entry, code=code, published_on=legal_time.today(), **values)
        return 1
    if entry.ended or any(getattr(entry, name) != value for name, value in values.items()):
        act.change(entry, ended=False, **values)
        return 1
    return 0


def _next_number(category: str) -> int:
    """One more than any that was ever given in the category."""
    codes = Entry.objects.filter(category=category).values_list("code", flat=True)
    return max((resource_code.code(code).number for code in codes), default=0) + 1


def _stated(resource: Resource) -> Mapping[str, Any]:
    elements = [
        {"code": code, "zh": title.zh, "en": title.en} for code, title in resource.elements.items()
    ]
    return {
        "category": resource.category,
        "resource": resource.code,
        "title_zh": resource.title.zh,
        "title_en": resource.title.en,
        "provider": _provider(resource),
        "subject": resource.subject,
        "way": "table" if resource.body else "service",
        "elements": elements,
        "sharing": resource.sharing,
        "condition_zh": resource.condition.zh,
        "condition_en": resource.condition.en,
        "basis": resource.basis,
        "opened": resource.opened,
        "cycle": resource.cycle,
        "words": words_of(
            elements,
            resource.code,
            resource.condition.zh,
            resource.condition.en,
            resource.basis,
        ),
    }


def words_of(elements: list[dict[str, str]], *texts: str) -> str:
    """What an entry is found by besides its names."""
    named = [element[part] for element in elements for part in ("code", "zh", "en")]
    return "\n".join([*named, *texts])


def _provider(resource: Resource) -> str:
    """Who published it; else the province's body of the function that holds what the resource
    answers from; the data authority where no register has it."""
    if resource.body:
        return resource.body
    functions = wishes.holders_of(resource)
    bodies = Body.objects.filter(tier="province", ended=False, function__in=functions | {"data"})
    found = {body.function: body.code for body in bodies.order_by("-code")}
    held = sorted(found[function] for function in functions if function in found)
    return held[0] if held else found.get("data", "")
