"""One way to write a text: half-width, simplified, without blanks and marks."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

_NOISE = re.compile(r"[^\w#-]+|_")
_FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {"两": 2}
_COUNTED = re.compile(r"[一二三四五六七八九十百零两]+(?=[号栋幢座楼层室])")


@cache
def _table() -> dict[int, str]:
    """Traditional character → simplified one, of OpenCC (see the head of the file)."""
    text = files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {ord(pair[0]): pair[1] for line in lines for pair in line.split()}


def simplified(text: str) -> str:
    """龍津東路 → 龙津东路. Other characters stay as they are."""
    return text.translate(_table())


def normal(text: str) -> str:
    """NFKC, simplified, lower case, without blanks and punctuation but "-" and "#"."""
    return _NOISE.sub("", simplified(unicodedata.normalize("NFKC", text))).lower()


def counted(text: str) -> str:
    """Chinese numerals before 号, 楼 and the like as figures: 十二号 → 12号."""
    return _COUNTED.sub(lambda found: str(_number(found[0])), text)


def _number(text: str) -> int:
    total, last = 0, 0
    for figure in text:
        if figure in "十百":
            total += (last or 1) * (10 if figure == "十" else 100)
            last = 0
        else:
            last = last * 10 + _FIGURES[figure]
    return total + last
