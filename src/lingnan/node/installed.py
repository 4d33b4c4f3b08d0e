"""Which systems this node carries: found by folder, chosen by id."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "systems"


@dataclass(frozen=True)
class Installed:
    """One system folder: `systems/<group>/<id>`."""

    id: str
    group: str

    @property
    def module(self) -> str:
        return f"lingnan.systems.{self.group}.{self.id}"


def installed_systems(chosen: str) -> list[Installed]:
    """Systems whose folder holds an apps.py; `chosen` is comma-separated, empty means all.

    Raises ValueError for an id that has no folder.
    """
    found = [
        Installed(path.parent.name, path.parent.parent.name)
        for path in sorted(FOLDER.glob("*/*/apps.py"))
    ]
    wanted = {part.strip() for part in chosen.split(",") if part.strip()}
    unknown = wanted - {system.id for system in found}
    if unknown:
        raise ValueError(f"no such system: {', '.join(sorted(unknown))}")
    return [system for system in found if not wanted or system.id in wanted]
