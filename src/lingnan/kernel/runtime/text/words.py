"""The words of a text for searching: pairs of neighbouring Chinese characters, and whole others.

Chinese has no spaces. Every two neighbours are a word here, so that a search for two characters
is one look-up and a longer one the rows that have all its pairs; those few are compared with the
text itself (`holds`). Runs of other letters and digits are words as they stand.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
RUN = re.compile(rf"([{CHINESE}]+)|([^\W_{CHINESE}]+)")


def normal(text: str) -> str:
    """Full-width to half-width, compatibility forms to plain ones, no capitals."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=1 << 16)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, each once, in its order. A Chinese character alone is none."""
    found: dict[str, None] = {}
    for chinese, other in RUN.findall(normal(text)):
        if other:
            found[other] = None
        for place in range(len(chinese) - 1):
            found[chinese[place : place + 2]] = None
    return tuple(found)


@lru_cache(maxsize=1 << 18)
def _pairs(run: str) -> str:
    return " ".join(map("".join, pairwise(run)))


@lru_cache(maxsize=1 << 16)  # neighbours have one address, and there are few names
def joined(text: str) -> str:
    """The words of a text as one text, parted by spaces; one may stand there twice."""
    return " ".join(other or _pairs(chinese) for chinese, other in RUN.findall(normal(text)))


def holds(texts: list[str], search: str) -> bool:
    """Whether each part of a search (parted by spaces) stands in one of the texts."""
    plain = [normal(text) for text in texts]
    return all(any(part in text for text in plain) for part in normal(search).split())
