"""A matter's definition: the files of its folder as one versioned record.

`matter.toml` (legal basis, limits, materials, tasks, certificate) · `form.json` ·
`process.bpmn` · `certificate.typ`.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps

from lingnan.kernel.matters import conditions
from lingnan.kernel.matters.form import Form
from lingnan.kernel.runtime.api import Title, definitions
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.runtime.models import Definition

KIND = "matter"


class BrokenMatter(ValueError):
    """A matter that cannot be published; the message says why, for its author."""


@dataclass(frozen=True)
class StepOf:
    """A task of the review, as matter.toml declares it for a task of the process."""

    code: str
    title: Title
    role: str
    officers: int
    outcomes: dict[str, Title]
    decides: bool
    forbids: dict[str, str]


@dataclass(frozen=True)
class Material:
    code: str
    title: Title
    hint: Title | None
    required: bool
    when: str
    basis: str
    tolerance: dict[str, Any] | None


@dataclass(frozen=True)
class Matter:
    """A matter as one version of its definition states it."""

    content: dict[str, Any]

    @property
    def _own(self) -> dict[str, Any]:
        found: dict[str, Any] = self.content["matter"]
        return found

    @property
    def code(self) -> str:
        return str(self._own["code"])

    @property
    def system(self) -> str:
        return str(self.content["system"])

    @property
    def title(self) -> Title:
        return Title.of(self._own["title"])

    @property
    def summary(self) -> Title:
        return Title.of(self._own["summary"])

    @property
    def keywords(self) -> list[str]:
        """What people say when they mean this matter, in both languages."""
        return list(self._own.get("keywords", []))

    @property
    def kind(self) -> str:
        """registration or licence."""
        return str(self._own.get("kind", "licence"))

    @property
    def function(self) -> str:
        return str(self._own["function"])

    @property
    def tier(self) -> str:
        return str(self._own["tier"])

    @property
    def basis(self) -> list[dict[str, Any]]:
        return list(self._own["basis"])

    @property
    def grounds(self) -> list[dict[str, Any]]:
        """The articles that a refusal may rest on."""
        return list(self._own.get("refusal_grounds") or self.basis)

    @property
    def limits(self) -> dict[str, dict[str, Any]]:
        return dict(self._own["limits"])

    def limit(self, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """A limit as the law gives it for these answers; None where it gives none."""
        limit = self.limits.get(name)
        if limit is None or not conditions.holds(limit.get("when", "True"), facts):
            return None
        for variant in limit.get("variants", []):
            if conditions.holds(variant["when"], facts):
                return {**limit, **variant}
        return limit

    @property
    def deemed_acceptance(self) -> bool:
        return bool(self._own.get("deemed_acceptance"))

    @property
    def suspensions(self) -> dict[str, Title]:
        return {k: Title.of(v) for k, v in self._own.get("suspensions", {}).items()}

    @property
    def reads(self) -> list[dict[str, Any]]:
        return list(self._own.get("reads", []))

    @property
    def certificate(self) -> dict[str, Any]:
        return dict(self._own["certificate"])

    @property
    def on_granted(self) -> str:
        return str(self._own.get("on_granted", ""))

    @property
    def process(self) -> str:
        return str(self.content["process"])

    @cached_property
    def form(self) -> Form:
        return Form.of(self.content["form"])

    @cached_property
    def materials(self) -> list[Material]:
        return [
            Material(
                code=row["code"],
                title=Title.of(row["title"]),
                hint=Title.of(row["hint"]) if "hint" in row else None,
                required=row.get("required", True),
                when=row.get("when", ""),
                basis=row["basis"],
                tolerance=row.get("tolerance"),
            )
            for row in self._own.get("materials", [])
        ]

    @cached_property
    def steps(self) -> dict[str, StepOf]:
        return {
            code: StepOf(
                code=code,
                title=Title.of(row["title"]),
                role=row["role"],
                officers=row.get("officers", 1),
                outcomes={k: Title.of(v) for k, v in row.get("outcomes", {}).items()},
                decides=row.get("decides", False),
                forbids={
                    k: v["forbids"] for k, v in row.get("outcomes", {}).items() if "forbids" in v
                },
            )
            for code, row in self._own["tasks"].items()
        }


def cite(basis: dict[str, Any]) -> str:
    """A basis in one line: 《law》（version）第n条."""
    return f"《{basis['law']}》（{basis['version']}）第{basis['article']}条"


@dataclass(frozen=True)
class _Once:
    """A content that does not count when definitions are told apart: their digests do."""

    content: dict[str, Any] = field(compare=False, hash=False)


@lru_cache(maxsize=256)
def _matter(number: int, digest: str, content: _Once) -> Matter:
    return Matter(content.content)


def matter_of(definition: Definition) -> Matter:
    """The matter of a definition; a definition never changes, so it is read once."""
    return _matter(definition.pk, definition.digest, _Once(definition.content))


def published() -> list[tuple[Definition, Matter]]:
    """Every matter in force, by code."""
    return [(d, matter_of(d)) for d in definitions.all_published(KIND)]


def find(code: str) -> tuple[Definition, Matter] | None:
    definition = definitions.published(KIND, code)
    return (definition, matter_of(definition)) if definition else None


def read_folder(folder: Path, system: str) -> dict[str, Any]:
    """The content of a matter's folder. Raises BrokenMatter for files that cannot be read."""
    try:
        matter = tomllib.loads((folder / "matter.toml").read_text(encoding="utf-8"))
        form = json.loads((folder / "form.json").read_text(encoding="utf-8"))
        process = (folder / "process.bpmn").read_text(encoding="utf-8")
        certificate = (folder / "certificate.typ").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BrokenMatter(f"{folder.name}: {error}") from error
    return {
        "system": system,
        "matter": _plain(matter),
        "form": form,
        "process": process,
        "certificate": certificate,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def folders() -> Iterator[tuple[str, Path]]:
    """(system, folder) of every matter of the installed systems."""
    for config in apps.get_app_configs():
        if isinstance(config, System):
            for path in sorted(Path(config.path).glob("matters/*/matter.toml")):
                yield config.label, path.parent


def import_all() -> list[BrokenMatter]:
    """Take every matter's files in; each is checked before it is published.

    Returns what is broken: such a matter is left as it was, the others are not held up.
    """
    faults: list[BrokenMatter] = []
    for system, folder in folders():
        try:
            import_folder(folder, system)
        except BrokenMatter as fault:
            faults.append(fault)
    return faults


def import_folder(folder: Path, system: str) -> Definition:
    from lingnan.kernel.matters.publication import check

    content = read_folder(folder, system)
    matter = check(content)
    start = date.fromisoformat(content["matter"]["in_force_from"])
    return definitions.import_file(KIND, matter.code, content, start)


def hook(matter: Matter) -> Any:
    """The function of the owning system that a granted decision calls, or None."""
    if not matter.on_granted:
        return None
    config = apps.get_app_config(matter.system)
    return getattr(import_module(f"{config.name}.actions"), matter.on_granted)
