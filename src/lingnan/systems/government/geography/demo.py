"""The divisions of the jurisdiction and the synthetic addresses."""

import tomllib
from importlib.resources import files

from lingnan.kernel.runtime.api import World
from lingnan.systems.government.geography import actions, divisions, layers

JURISDICTION = "lingnan.jurisdictions.guangdong"
BY = "demonstration"


def load(world: World) -> None:
    actions.load(world.dwellings(), "demonstration/addresses", beside=world.many)


def build(world: World) -> None:
    divisions.load(_lines("divisions.csv"), _lines("townships.csv"), BY)
    layers.load(tomllib.loads("\n".join(_lines("origins.toml"))).get("layers", []), BY)


def _lines(name: str) -> list[str]:
    """The lines of one of the jurisdiction's lists; none where it has no such list."""
    path = files(JURISDICTION).joinpath(name)
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
