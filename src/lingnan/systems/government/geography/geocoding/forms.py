"""How people shorten a division's name, and how they misspell it."""

import re
from collections.abc import Iterator

_ETHNIC = re.compile(r"(?:(?:壮|瑶|畲|满|回|连)族)+自治县$")
_KINDS = ("市", "区", "县")
_TOWN_KINDS = ("街道", "镇", "乡")
# What a slip must leave as it is, or every road would be a division.
_ENDING = re.compile(r"(街道|自治县|[市区县镇乡])$")


def spellings(name: str, level: str) -> Iterator[tuple[str, str]]:
    """(form, how): exact, short (广州), kind (荔湾县 for 荔湾区), bare (荔城 for 荔城街道)."""
    yield name, "exact"
    if level == "township":
        yield from _of_town(name)
    elif level == "province":
        yield name.removesuffix("省"), "short"
    else:
        yield from _of_county(name)


def _of_county(name: str) -> Iterator[tuple[str, str]]:
    base = _ETHNIC.sub("", name)
    if base != name:
        yield base + "自治县", "short"
        yield name.removesuffix("自治县"), "short"
        yield base + "县", "short"
    elif name[-1:] in _KINDS:
        base = name[:-1]
    if len(base) < 2:
        return
    yield base, "short"
    yield from ((base + kind, "kind") for kind in _KINDS if base + kind != name)


def _of_town(name: str) -> Iterator[tuple[str, str]]:
    kind = next((one for one in _TOWN_KINDS if name.endswith(one)), "")
    base = name.removesuffix(kind)
    if not kind or not base:
        return
    if kind == "街道":
        for ending in ("街", "街道办", "街道办事处", "街办", "办事处"):
            yield base + ending, "short"
    else:
        yield f"{name}政府", "short"
        yield f"{name}人民政府", "short"
    for other in (*_TOWN_KINDS, "街"):
        if not name.startswith(base + other):
            yield base + other, "kind"
    if len(base) > 1:
        yield base, "bare"


def with_one_slip(name: str, asked: bool = False) -> Iterator[str]:
    """Forms of a full name under which one with one other character meets it.

    A character that is another, that is missing, or two that changed places; `asked` adds those of
    a text with a character too many. Nothing for names of which too little would be left.
    """
    found = _ENDING.search(name)
    base, ending = (name[: found.start()], found[0]) if found else (name, "")
    if not ending or len(base) < 2:
        if asked and ending:
            yield f"-{name}"
        return
    for at in range(len(base)):
        yield f"?{base[:at]}?{base[at + 1 :]}{ending}"
        # The shorter of the two stands in the other once a character is taken out of it.
        yield f"{'=' if asked else '-'}{base[:at]}{base[at + 1 :]}{ending}"
    yield f"{'-' if asked else '='}{name}"
    if asked:
        yield f"~{name}"
        return
    for at in range(len(base) - 1):
        yield f"~{base[:at]}{base[at + 1]}{base[at]}{base[at + 2 :]}{ending}"
