"""Ways to read the beginning of a text as names of divisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from lingnan.systems.government.geography.geocoding.names import Match, Names

Matches = Callable[[int], list[Match]]
MOST = 120  # readings of one text
AHEAD = 8  # characters before a name that may mean nothing
REACH = 40  # where names of divisions may begin
_OPENING = re.compile(r"^(?:(?:家庭|收货|联系|详细|现住|户籍)?(?:地址|住址)|中国|中华人民共和国)+")
# Full names of the other units of the first level (GB/T 2260).
_OUTSIDE = re.compile(
    "(?:中国)?((?:北京|天津|上海|重庆)市|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|海南"
    "|四川|贵州|云南|陕西|甘肃|青海|台湾)省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区)"
)
# 中山八路, 天河大道: a name before such words is most often a part of the road's.
_OF_ROAD = re.compile(r"[东西南北中新一二三四五六七八九十]{0,2}大?(?:路|道|街|巷|里|横|马路|广场)")


@dataclass(frozen=True)
class Reading:
    """Divisions named, what was passed over between them, and what comes after."""

    matches: tuple[Match, ...]
    passed: str
    rest: str

    @property
    def disordered(self) -> bool:
        """Whether a larger unit stands after a smaller one."""
        ranks = [match.rank for match in self.matches]
        return ranks != sorted(ranks)

    def before_road(self, match: Match, text: str) -> bool:
        """Whether the match is rather the beginning of a road's name."""
        last = match is self.matches[-1]
        return last and not match.whole and _OF_ROAD.match(text, match.end) is not None

    @property
    def repeated(self) -> bool:
        """Whether a level is named twice, once without its kind: 福田福田 is rather a town."""
        ranks = [match.rank for match in self.matches]
        return len(set(ranks)) < len(ranks) and not all(match.whole for match in self.matches)


def without_opening(text: str) -> str:
    """The text without words that every address may begin with."""
    return _OPENING.sub("", text)


def outside(text: str) -> str:
    """The other province that the text begins with, or an empty text."""
    found = _OUTSIDE.match(text)
    return found[1] if found else ""


def readings(names: Names, text: str) -> list[Reading]:
    """Up to `MOST` readings, those that take the longest names first; the last names nothing."""
    found: list[Reading] = []
    at = cache(lambda start: names.matches(text, start))
    for reading in _from(at, text, 0, (), ""):
        found.append(reading)
        if len(found) == MOST:
            break
    nothing = Reading((), "", text)
    return found if nothing in found else [*found, nothing]


def _from(
    matches: Matches, text: str, at: int, taken: tuple[Match, ...], passed: str
) -> Iterator[Reading]:
    if at < REACH and len(taken) < 6:
        here = matches(at)
        for match in here:
            if _may_follow(match, taken):
                yield from _from(matches, text, match.end, (*taken, match), passed)
        if not passed and all(match.weak for match in here):
            yield from _further(matches, text, at, taken)
    yield Reading(taken, passed, text[at:])


def _may_follow(match: Match, taken: tuple[Match, ...]) -> bool:
    """Smaller than all before it, or said again; out of order only under its full name."""
    if all(match.rank > other.rank for other in taken):
        return True
    again = [other for other in taken if other.rank == match.rank]
    if again and set(match.hows) & set(again[-1].hows):
        return True
    return match.certain and match.level != "township"


def _further(matches: Matches, text: str, at: int, taken: tuple[Match, ...]) -> Iterator[Reading]:
    """The next full name, when something else stands before it."""
    for start in range(at + 1, min(at + AHEAD + 1, len(text) - 2)):
        whole = [match for match in matches(start) if match.certain]
        following = [match for match in whole if _may_follow(match, taken)]
        for match in following:
            yield from _from(matches, text, match.end, (*taken, match), text[at:start])
        if following:
            return
