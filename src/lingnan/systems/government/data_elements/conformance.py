"""Looking for what does not conform to the register: catalogue, forms, registers, definitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lingnan.kernel.registry.api import Record, elements, record_types
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.data_elements import declared, duties
from lingnan.systems.government.data_elements.declared import Place
from lingnan.systems.government.data_elements.models import DataElement, Finding, Score
from lingnan.systems.government.data_elements.rules import checks, definitions
from lingnan.systems.government.data_elements.rules.checks import Fault, Registered, Used
from lingnan.systems.government.data_elements.rules.domains import Domain

NEWEST = 100_000
"""Of a register's records so many, the newest, are asked for values that are not permissible."""
NAMED = 5


@dataclass(frozen=True)
class Judged:
    """A place with what is wrong at it."""

    place: Place
    faults: list[Fault]


def recompute() -> int:
    """Look at everything anew; how many findings are new or gone. Bodies get their tasks.

    What is found again keeps the day since when it has been so. To be repeated at will.
    """
    judged = list(_judged())
    wanted = {_key(one.place, fault): (one.place, fault) for one in judged for fault in one.faults}
    with transaction.atomic():
        known = {_key_of(row): row for row in Finding.objects.all()}
        changed = _write(wanted, known)
        _score(judged)
        duties.settle(_faulty(judged))
    return changed


def _write(wanted: dict[Any, tuple[Place, Fault]], known: dict[Any, Finding]) -> int:
    gone = [row.pk for key, row in known.items() if key not in wanted]
    Finding.objects.filter(pk__in=gone).delete()
    today = legal_time.today()
    made = [_row(*wanted[key], today) for key in wanted if key not in known]
    Finding.objects.bulk_create(made)
    for key, row in known.items():
        if key in wanted and row.facts != (facts := _facts(*wanted[key])):
            row.facts = facts
            row.save(update_fields=["facts"])
    return len(gone) + len(made)


def _facts(place: Place, fault: Fault) -> dict[str, Any]:
    called = {"called": place.called.zh, "called_en": place.called.en} if place.element else {}
    return {**called, **fault.facts}


def _row(place: Place, fault: Fault, today: Any) -> Finding:
    return Finding(
        kind=fault.kind, place=place.kind, where=place.where, where_zh=place.title.zh,
        where_en=place.title.en, field=place.field, element=place.element,
        function=place.function, facts=_facts(place, fault), since=today,
    )  # fmt: skip


def _key(place: Place, fault: Fault) -> tuple[str, ...]:
    return (fault.kind, place.kind, place.where, place.field, place.element)


def _key_of(row: Finding) -> tuple[str, ...]:
    return (row.kind, row.place, row.where, row.field, row.element)


def _score(judged: list[Judged]) -> None:
    by_function: dict[str, list[tuple[bool, list[Fault]]]] = {}
    for one in judged:
        found = by_function.setdefault(one.place.function, [])
        found.append((bool(one.place.element), one.faults))
    for function, found in by_function.items():
        checked, good, advice = checks.score(found)
        Score.objects.update_or_create(
            function=function, day=legal_time.today(),
            defaults={"checked": checked, "good": good, "advice": advice},
        )  # fmt: skip


def _faulty(judged: list[Judged]) -> dict[str, int]:
    """Function → how many faults its bodies have to put right."""
    counted: dict[str, int] = {}
    for one in judged:
        faults = sum(fault.kind in checks.FAULTS for fault in one.faults)
        counted[one.place.function] = counted.get(one.place.function, 0) + faults
    return counted


def _judged() -> Iterator[Judged]:
    rows = list(DataElement.objects.filter(ended=False))
    known = {row.code: _registered(row) for row in rows}
    alike = checks.homonyms(
        (row.code, row.object_class, row.name_zh) for row in rows if row.status != "retired"
    )
    undefined = _undefined(rows)
    for place in declared.places():
        if not place.element:
            continue  # a question that says why no element exists is not bound to one
        of_form = place.kind == "form"
        used = Used(place.element, place.called.zh, place.domain, of_form)
        found = checks.of_use(used, known.get(place.element))
        if place.kind == "register":
            found += (
                _of_home(place, known[place.element], alike, undefined)
                if (place.element in known)
                else []
            )
        yield Judged(place, found)
    yield from _unbound()


def _registered(row: DataElement) -> Registered:
    return Registered(
        row.name_zh, row.name_en, row.object_class, row.status, row.replaced_by, row.domain
    )


def _undefined(rows: list[DataElement]) -> set[str]:
    told = {row.code: (row.name_zh, row.definition_zh) for row in rows}
    faulty = {
        row.code
        for row in rows
        if definitions.faults("zh", row.name_zh, row.definition_zh)
        or definitions.faults("en", row.name_en, row.definition_en)
    }
    return faulty | definitions.circles(told)


def _of_home(
    place: Place, element: Registered, alike: dict[str, list[str]], undefined: set[str]
) -> list[Fault]:
    """What only the home of an element answers for: its name, its definition, its records."""
    found = []
    if place.element in alike:
        found.append(Fault("homonym", {"others": ", ".join(alike[place.element])}))
    if place.element in undefined:
        found.append(Fault("undefined"))
    stray = _stray(place, element)
    if stray:
        found.append(Fault("held_values", {"here": ", ".join(stray)}))
    return found


def _stray(place: Place, element: Registered) -> list[str]:
    """Values that the newest records hold and the element does not have; a few of them."""
    if not element.domain.values or place.domain.datatype != "text":
        return []
    model, name = elements()[place.element]
    newest = model.objects.filter(ended=False).order_by("-key").values("key")[:NEWEST]
    rows = model.objects.filter(key__in=newest).exclude(**{f"{name}__in": element.domain.values})
    held = rows.exclude(**{name: ""}).values_list(name, flat=True).distinct()
    return sorted(str(one) for one in held[:NAMED])


def _unbound() -> Iterator[Judged]:
    """Registers with fields that are shown and have no element: one piece of advice for each."""
    for model in record_types():
        bound = set(model.record.elements.values()) | {model.record.scope}
        shown = [name for panel in model.record.panels for name in panel.fields]
        free = [declared.title_of(model, name) for name in shown if name not in bound]
        if free:
            zh = "、".join(one.zh for one in free[:NAMED])
            en = ", ".join(one.en for one in free[:NAMED])
            place = _register(model)
            yield Judged(place, [Fault("unbound", {"here": zh, "here_en": en, "n": len(free)})])


def _register(model: type[Record]) -> Place:
    title, where = model.record.title, declared.home(model)
    return Place("register", where, title, "", "", model.record.holder, Domain(""), title)
