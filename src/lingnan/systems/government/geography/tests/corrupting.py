"""Names of divisions as a careless hand writes them. Knows nothing of how they are read."""

import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "cases" / "traditional_names.txt"
KINDS = ("街道", "自治县", "市", "区", "县", "镇", "乡")
# Characters that are written for others, by sound or by form; the first of what stands with it.
ALIKE = [
    "洲州", "弯湾", "城成", "江冮", "平坪", "田甸", "和河", "龙笼", "新心", "东冬", "南楠", "阳杨",
    "安按", "石时", "山三", "水氷", "沙砂", "大太", "白百", "塘糖", "桥乔", "岗冈", "镇振", "云芸",
]  # fmt: skip


@cache
def _traditional() -> dict[int, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    pairs = [pair for line in lines if not line.startswith("#") for pair in line.split()]
    return {ord(pair[0]): pair[1] for pair in pairs}


def kind_of(name: str) -> str:
    return next((kind for kind in KINDS if name.endswith(kind)), "")


def whole(line: Sequence[str], dice: random.Random) -> str:
    return "".join(line)


def without_kind(line: Sequence[str], dice: random.Random) -> str:
    """广州市荔湾区 → 广州荔湾; a name of one character keeps its kind."""
    return "".join(_bare(name) for name in line)


def _bare(name: str) -> str:
    base = name.removesuffix(kind_of(name))
    return base if len(base) > 1 else name


def without_above(line: Sequence[str], dice: random.Random) -> str:
    """Only the last name with the one above it, which stands shortened."""
    return "".join([*(_bare(name) for name in line[-2:-1]), line[-1]])


def without_a_level(line: Sequence[str], dice: random.Random) -> str:
    """One of the names above is missing."""
    at = dice.randrange(len(line) - 1)
    return "".join([*line[:at], *line[at + 1 :]])


def traditional(line: Sequence[str], dice: random.Random) -> str:
    return "".join(line).translate(_traditional())


def marked(line: Sequence[str], dice: random.Random) -> str:
    """Blanks and marks between the names and within them."""
    text = dice.choice(["，", " ", "　", "、", "-", "/ "]).join(line).replace("-", " ")
    at = dice.randrange(1, len(text))
    return f"{text[:at]} {text[at:]}"


def misspelt(line: Sequence[str], dice: random.Random) -> str:
    """One character of the last name is another: by likeness, else any."""
    name = line[-1]
    base = name.removesuffix(kind_of(name))
    at = dice.randrange(len(base))
    swaps = {two[at]: two[1 - at] for two in ALIKE for at in (0, 1)}
    other = swaps.get(base[at]) or chr(dice.randrange(0x4E00, 0x9FA0))
    return "".join([*line[:-1], base[:at], other, base[at + 1 :], kind_of(name)])


def transposed(line: Sequence[str], dice: random.Random) -> str:
    """Two characters of the last name have changed places."""
    name = line[-1]
    base = name.removesuffix(kind_of(name))
    at = dice.randrange(max(1, len(base) - 1))
    swapped = base[:at] + base[at : at + 2][::-1] + base[at + 2 :]
    return "".join([*line[:-1], swapped, kind_of(name)])


def with_door(line: Sequence[str], dice: random.Random) -> str:
    """A road that no register knows, and a number, come after."""
    return "".join([*line, dice.choice(["人民路", "解放大道", "新村"]), f"{dice.randrange(200)}号"])


CORRUPTIONS: list[Callable[[Sequence[str], random.Random], str]] = [
    whole, without_kind, without_above, without_a_level, traditional, marked, misspelt, transposed,
    with_door,
]  # fmt: skip
