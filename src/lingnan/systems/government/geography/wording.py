"""Addresses as people write them, brought to one form."""

import re
import unicodedata
from dataclasses import dataclass

_NOISE = re.compile(r"[\s,，。、;；]+")
_DOOR = re.compile(r"(?P<street>\D*)(?P<number>\d.*)?", re.S)
_ORDINAL = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Door:
    """What stands before the first digit, and from there on."""

    street: str
    number: str


def plain(text: str) -> str:
    """Full-width letters and digits as half-width (NFKC), no blanks, no punctuation."""
    # Twice: a mark that a blank had kept apart joins the letter before it.
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", bare)


def door(text: str) -> Door:
    """龙津东路18号首层 → 龙津东路, 18号首层; a text without digits is all street."""
    found = _DOOR.fullmatch(text)
    return Door(found["street"], found["number"] or "") if found else Door(text, "")


def ordinal(number: str) -> int:
    """The first figure of a door's number, by which doors stand along a road; 0 for none."""
    found = _ORDINAL.search(number)
    return int(found[0]) if found else 0


def without_place(text: str, name: str) -> str:
    """The text without a division's name before it, in full or without its last character."""
    for start in (name, name[:-1]):
        if len(start) > 1 and text.startswith(start) and len(text) > len(start):
            return text[len(start) :]
    return text
