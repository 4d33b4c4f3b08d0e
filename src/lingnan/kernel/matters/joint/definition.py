"""A life event (“一件事”): several matters over several bodies, applied for with one form.

`life_events/<code>/event.toml` of a system names the members, what each waits for, and in which
order the questions stand. A question is the same in two members when its field has the same name.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.apps import apps

from lingnan.kernel.matters.definition import BrokenMatter, Matter, find
from lingnan.kernel.matters.form import Field
from lingnan.kernel.runtime.api import Title, definitions
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.runtime.models import Definition

KIND = "life_event"
REQUIRED = ("code", "title", "summary", "in_force_from", "lead", "basis", "limits", "members")


@dataclass(frozen=True)
class Member:
    """A matter of the event. `awaits` maps a resource to the member whose grant makes it.

    A `deferred` member is filed only when all that it awaits is there.
    """

    matter: Matter
    definition: Definition
    awaits: dict[str, str]
    deferred: bool

    @property
    def code(self) -> str:
        return self.matter.code


@dataclass(frozen=True)
class Question:
    """A field as the event asks it once, in the words of `asked_in`."""

    field: Field
    asked_in: str
    members: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.field.name


@dataclass(frozen=True)
class LifeEvent:
    """A life event as one version of its definition states it."""

    content: dict[str, Any]
    known: Mapping[str, tuple[Definition, Matter]] | None = None

    @property
    def code(self) -> str:
        return str(self.content["code"])

    @property
    def title(self) -> Title:
        return Title.of(self.content["title"])

    @property
    def summary(self) -> Title:
        return Title.of(self.content["summary"])

    @property
    def keywords(self) -> list[str]:
        return list(self.content.get("keywords", []))

    @property
    def basis(self) -> list[dict[str, Any]]:
        return list(self.content["basis"])

    @property
    def lead(self) -> str:
        """The function of the county's body that leads and whose clock runs for the whole."""
        return str(self.content["lead"])

    @property
    def limit(self) -> dict[str, Any]:
        return dict(self.content["limits"]["joint"])

    @property
    def extension(self) -> dict[str, Any] | None:
        return self.content["limits"].get("extension")

    @property
    def codes(self) -> list[str]:
        return [str(row["matter"]) for row in self.content["members"]]

    @cached_property
    def members(self) -> list[Member]:
        """The members that this node carries, as they are in force now."""
        found = []
        for row in self.content["members"]:
            code = row["matter"]
            known = find(code) if self.known is None else self.known.get(code)
            if known is not None:
                awaits, deferred = dict(row.get("awaits", {})), bool(row.get("deferred"))
                found.append(Member(known[1], known[0], awaits, deferred))
        return found

    @property
    def complete(self) -> bool:
        return len(self.members) == len(self.codes)

    @cached_property
    def sections(self) -> list[tuple[Title, list[str]]]:
        return [(Title.of(s["title"]), list(s["fields"])) for s in self.content["sections"]]

    @property
    def deferred(self) -> set[str]:
        return {str(row["matter"]) for row in self.content["members"] if row.get("deferred")}

    def questions(self, chosen: list[str]) -> dict[str, Question]:
        """Each question once, by field name, for the chosen members."""
        asked: dict[str, list[tuple[Member, Field]]] = {}
        for member in self.members:
            if member.code in chosen:
                for field in member.matter.form.fields():
                    asked.setdefault(field.name, []).append((member, field))
        return {name: _question(rows, chosen) for name, rows in asked.items()}


def _question(rows: list[tuple[Member, Field]], chosen: list[str]) -> Question:
    """Shown as the member asks it that waits for no other; typed before filled."""

    def order(row: tuple[Member, Field]) -> tuple[bool, bool]:
        member, field = row
        return member.awaits.get(field.resource, "") in chosen, field.bound

    member, field = min(rows, key=order)
    return Question(field, member.code, tuple(m.code for m, _field in rows))


def event_of(definition: Definition) -> LifeEvent:
    return LifeEvent(definition.content)


def published_events(
    matters: Iterable[tuple[Definition, Matter]],
) -> list[tuple[Definition, LifeEvent]]:
    """Every life event in force whose members are among these published matters."""
    known = {matter.code: (definition, matter) for definition, matter in matters}
    every = [(d, LifeEvent(d.content, known)) for d in definitions.all_published(KIND)]
    return [(d, event) for d, event in every if event.complete]


def find_event(code: str) -> tuple[Definition, LifeEvent] | None:
    definition = definitions.published(KIND, code)
    event = event_of(definition) if definition else None
    return (definition, event) if definition and event and event.complete else None


def _folders() -> Iterator[Path]:
    for config in apps.get_app_configs():
        if isinstance(config, System):
            yield from sorted(Path(config.path).glob("life_events/*/event.toml"))


def import_events() -> list[BrokenMatter]:
    """Take every event's file in, after the matters. Returns what is broken.

    An event whose members belong to a system that this node does not carry is left out.
    """
    faults: list[BrokenMatter] = []
    for path in _folders():
        try:
            content = _read(path)
            event = check(content)
        except BrokenMatter as fault:
            faults.append(fault)
            continue
        if event.complete:
            start = date.fromisoformat(content["in_force_from"])
            definitions.import_file(KIND, event.code, content, start)
    return faults


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenMatter(f"{path.parent.name}: {error}") from error
    start = content.get("in_force_from")
    return content | {"in_force_from": start.isoformat() if isinstance(start, date) else start}


def check(content: dict[str, Any]) -> LifeEvent:
    """The event, or BrokenMatter saying what its author has to mend."""
    event = LifeEvent(content)
    for name in REQUIRED:
        if not content.get(name):
            raise BrokenMatter(f"event.toml lacks {name}")
    try:
        _check_limit(event)
        if event.complete:
            _check_awaits(event)
            _check_questions(event)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, BrokenMatter):
            raise
        raise BrokenMatter(f"{event.code}: {error}") from error
    return event


def _check_limit(event: LifeEvent) -> None:
    limit = event.limit
    if limit["promised"] > limit["statutory"] or not limit.get("basis"):
        raise BrokenMatter(f"{event.code}: the joint limit has no basis, or promises too much")
    for row in event.basis:
        if not row.get("law") or not row.get("article") or not row.get("version"):
            raise BrokenMatter(f"{event.code}: a basis needs law, version and article")


def _check_awaits(event: LifeEvent) -> None:
    earlier: set[str] = set()
    for member in event.members:
        reads = {row["resource"] for row in member.matter.reads}
        for resource, maker in member.awaits.items():
            if maker not in earlier or resource not in reads:
                raise BrokenMatter(
                    f"{event.code}: {member.code} cannot await {resource} of {maker}: the maker "
                    "stands earlier, and the matter reads the resource"
                )
        earlier.add(member.code)


def _check_questions(event: LifeEvent) -> None:
    """The same name is the same question, and each question has its place in a section."""
    for member in event.members:
        for field in member.matter.form.fields():
            same = event.questions(event.codes)[field.name].field
            if not same.bound and not field.bound and _asks(field) != _asks(same):
                raise BrokenMatter(
                    f"{event.code}: {member.code} asks {field.name} otherwise than the others"
                )
    placed = [name for _title, names in event.sections for name in names]
    asked = set(event.questions(event.codes))
    unknown, doubled = set(placed) - asked, len(placed) - len(set(placed))
    if unknown or doubled:
        raise BrokenMatter(f"{event.code}: sections name {sorted(unknown)} or one field twice")
    missing = {name for name in asked - set(placed) if not _filled_later(event, name)}
    if missing:
        raise BrokenMatter(f"{event.code}: no section asks {sorted(missing)}")


def _asks(field: Field) -> tuple[Any, ...]:
    return field.type, field.options, dict(field.limits), field.required


def _filled_later(event: LifeEvent, name: str) -> bool:
    """A field that only a record made on the way answers: nobody is asked."""
    for member in event.members:
        for field in member.matter.form.fields():
            if field.name == name and field.resource not in member.awaits:
                return False
    return True
