"""The third segment of a health record number, kept for each village and committee.

A health record number has 17 digits: county (6), township (3), segment (3), serial (5). Its
segment is 001–099 for residents' committees, 101–199 for village committees, 901–999 for others
(卫生部《城乡居民健康档案管理服务规范》, read in a digest only: unverified 未经核实). The
statistical code of a village has 001–199 for residents' committees and 200–399 for village
committees, so that the one cannot be copied into the other: statistical 150 is a residents'
committee, and as a segment it would be a village.
"""

from collections.abc import Iterable, Mapping

KINDS = {"residents": (1, 99), "village": (101, 199), "other": (901, 999)}


class SegmentsUsedUp(Exception):
    """A township has more committees of a kind than there are segments."""


class NotAVillage(ValueError):
    """The text is no statistical code of twelve digits."""


def kind_of(code: str) -> str:
    """residents, village or other, by the last three digits of a statistical village code."""
    if not (len(code) == 12 and code.isascii() and code.isdigit()):
        raise NotAVillage(code)
    last = int(code[9:])
    if 1 <= last <= 199:
        return "residents"
    return "village" if 200 <= last <= 399 else "other"


def allot(codes: Iterable[str], kept: Mapping[str, str]) -> dict[str, str]:
    """Statistical code → segment, for all of `kept` and the new `codes`.

    What was allotted stays, also of a village that is no more: its segment is given to no other.
    New ones get the same last digits where these are free, else the first free segment, in the
    order of codes. Raises SegmentsUsedUp, NotAVillage.
    """
    found = dict(kept)
    used = {(code[:9], segment) for code, segment in kept.items()}
    for code in sorted(set(codes) - set(kept)):
        segment = _free(code, used)
        found[code] = segment
        used.add((code[:9], segment))
    return found


def _free(code: str, used: set[tuple[str, str]]) -> str:
    kind = kind_of(code)
    first, last = KINDS[kind]
    wished = first + (int(code[9:]) - (200 if kind == "village" else 1))
    wanted = [wished] if first <= wished <= last else []
    for number in [*wanted, *range(first, last + 1)]:
        if (code[:9], f"{number:03d}") not in used:
            return f"{number:03d}"
    raise SegmentsUsedUp(code[:9])


def number(code: str, segment: str, serial: int) -> str:
    """The seventeen digits of a health record number. Raises NotAVillage, ValueError."""
    kind_of(code)
    if not 1 <= serial <= 99999:
        raise ValueError("a serial has one to five digits")
    return f"{code[:9]}{segment}{serial:05d}"
