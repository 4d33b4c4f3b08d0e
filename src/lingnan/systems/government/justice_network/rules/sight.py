"""What a post may see of a case: its body's standing in it, and the parts of the file.

A body that a file was not handed to sees nothing of it (procuratorates see whose custody they
supervise); one that handed it back sees less than while it had it. The table is
`parameters/sight.toml`; what is not in it is denied.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PARTS = ("basic", "persons", "measures", "file", "inner", "review", "side", "verdict",
         "execution", "history", "list")  # fmt: skip
STANDINGS = ("holding", "passed", "returned", "offered", "approving", "supervising", "none")
# Volumes that never leave the body that keeps them.
INTERNAL = ("inner", "review", "side", "execution")
FOLDER = Path(__file__).parent / "parameters"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Handed:
    """A package as it stands: `back` returns the file, `state` is sent, received or refused."""

    sender: str
    receiver: str
    back: bool
    state: str


@cache
def table() -> Mapping[Key, frozenset[str]]:
    """(function, role, standing) → the parts that it sees."""
    said = tomllib.loads((FOLDER / "sight.toml").read_text(encoding="utf-8"))
    found: dict[Key, frozenset[str]] = {}
    for row in said["sight"]:
        for role in row["roles"]:
            for standing in row["standings"]:
                found[row["function"], role, standing] = frozenset(row["parts"])
    return found


def parts(function: str, role: str, standing: str) -> frozenset[str]:
    """The parts that a post sees; none where the table does not say so."""
    return table().get((function, role, standing), frozenset())


def standings(first: str, packages: Sequence[Handed]) -> dict[str, str]:
    """Body → its standing: `first` opened the case, then the packages in their order.

    A body that is not named has none. Whoever sent a package that nobody took still holds the file.
    """
    found = {first: "holding"} if first else {}
    for one in packages:
        if one.state == "received":
            found[one.sender] = "returned" if one.back else "passed"
            found[one.receiver] = "holding"
        elif one.state == "sent" and found.get(one.receiver) is None:
            found[one.receiver] = "offered"
    return found


def may_travel(volume: str) -> bool:
    """Whether documents of a volume may be handed over: 《公安机关办理刑事案件程序规定》
    （2020-07-20）第二百八十七条 keeps the investigation volume where it was made."""
    return volume in ("file", "verdict")


def sees(volume: str, seen: frozenset[str], own: bool, handed: bool) -> bool:
    """Whether a document is seen: its volume is among the parts, and it was made or handed here."""
    if volume in INTERNAL:
        return volume in seen and own
    return volume in seen and (own or handed)
