"""Which systems this node carries: found by folder, chosen by id.

A choice is `all`, or ids with or without their group: `government/population,trust_services`.
A data folder remembers the choice it was last served with (`keys/systems`).
"""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "systems"
ALL = "all"


class UnknownSystem(ValueError):
    """A choice names what has no folder; the message names what is near."""


@dataclass(frozen=True)
class Installed:
    """One system folder: `systems/<group>/<id>`."""

    id: str
    group: str

    @property
    def module(self) -> str:
        return f"lingnan.systems.{self.group}.{self.id}"

    @property
    def name(self) -> str:
        return f"{self.group}/{self.id}"


def found() -> list[Installed]:
    """Every system whose folder holds an apps.py, by group and id."""
    return [
        Installed(path.parent.name, path.parent.parent.name)
        for path in sorted(FOLDER.glob("*/*/apps.py"))
    ]


def installed_systems(chosen: str) -> list[Installed]:
    """The systems of a choice, in the order of folders; empty and `all` mean every one.

    Raises UnknownSystem.
    """
    every = found()
    wanted = {part.strip() for part in chosen.split(",") if part.strip()}
    if not wanted or wanted == {ALL}:
        return every
    unknown = sorted(
        word for word in wanted - {ALL} if not any(word in (s.id, s.name) for s in every)
    )
    if unknown:
        raise UnknownSystem("; ".join(_said(word, every) for word in unknown))
    return every if ALL in wanted else [s for s in every if wanted & {s.id, s.name}]


def _said(word: str, every: list[Installed]) -> str:
    names = {s.id: s.name for s in every} | {s.name: s.name for s in every}
    near = difflib.get_close_matches(word.lower(), names, n=3, cutoff=0.5)
    near += [key for key in names if word.rpartition("/")[2] and word.rpartition("/")[2] in key]
    meant = list(dict.fromkeys(names[key] for key in near))[:3]
    hint = f"did you mean {' or '.join(meant)}?" if meant else "./lingnan systems lists them"
    return f"no such system: {word}; {hint}"


def chosen(data: Path, said: str) -> str:
    """What was said, else what the data folder was last served with, else all.

    A remembered system whose folder is gone is passed over: the start says that its data stays.
    """
    path = _path(data)
    if said.strip() or not path.exists():
        return said.strip() or ALL
    known = {ALL, *(system.name for system in found())}
    kept = [name for name in path.read_text(encoding="utf-8").strip().split(",") if name in known]
    return ",".join(kept) or ALL


def keep(data: Path, systems: list[Installed]) -> None:
    """Remember a choice in the data folder; the whole of what is there is remembered as `all`."""
    whole = {s.name for s in systems} == {s.name for s in found()}
    text = ALL if whole else ",".join(s.name for s in systems)
    path = _path(data)
    if path.exists() and path.read_text(encoding="utf-8").strip() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(path)


def _path(data: Path) -> Path:
    return data / "keys" / "systems"
