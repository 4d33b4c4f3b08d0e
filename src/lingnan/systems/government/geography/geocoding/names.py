"""The names of all divisions, current and former, as people write them: an index in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from lingnan.systems.government.geography.geocoding.characters import normal
from lingnan.systems.government.geography.geocoding.forms import spellings, with_one_slip

RANKS = {"province": 0, "city": 1, "county": 2, "township": 3}
# How a form stands to the name, the surest first.
HOWS = ("exact", "short", "kind", "bare", "typo")


@dataclass(frozen=True, slots=True)
class Unit:
    """A division under one code and name; `ends` is the first day no longer."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str
    begins: date | None = None
    ends: date | None = None
    successors: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return RANKS[self.level]

    def holds(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (
            self.ends is None or day < self.ends
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the text that may name any of these units of one level."""

    start: int
    end: int
    level: str
    hows: dict[Unit, str] = field(hash=False)

    @property
    def rank(self) -> int:
        return RANKS[self.level]

    @property
    def certain(self) -> bool:
        """Under a full name long enough to be no chance."""
        return self.whole and self.end - self.start > 2

    @property
    def weak(self) -> bool:
        """Whether only a guess: with another kind or none, or with a slip."""
        return set(self.hows.values()) <= {"kind", "bare", "typo"}

    @property
    def whole(self) -> bool:
        return "exact" in self.hows.values()


class Names:
    """Every form of every name, and which unit stood in its place on one day."""

    def __init__(self, units: Iterable[Unit], day: date) -> None:
        self.day = day
        self._rows: dict[str, list[Unit]] = defaultdict(list)
        self._forms: dict[str, dict[Unit, str]] = defaultdict(dict)
        self._slips: dict[str, set[Unit]] = defaultdict(set)
        self._before: dict[str, set[str]] = defaultdict(set)
        self._children: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            self._add(unit)
        self.longest = max((len(form) for form in self._forms), default=0)
        for rows in self._rows.values():
            for unit in rows:
                if unit.holds(day):
                    for parent in self._places(unit.parent):
                        self._children[parent].append(unit.code)
        self._heirs: dict[Unit, tuple[Unit, ...]] = {}
        self._lines: dict[str, tuple[Unit, ...]] = {}

    def _add(self, unit: Unit) -> None:
        self._rows[unit.code].append(unit)
        for successor in unit.successors:
            self._before[successor].add(unit.code)
        name = normal(unit.name)
        for form, how in spellings(name, unit.level):
            known = self._forms[form].get(unit, HOWS[-1])
            self._forms[form][unit] = min(known, how, key=HOWS.index)
        for slip in with_one_slip(name):
            self._slips[slip].add(unit)

    def current(self, code: str) -> Unit | None:
        """The unit that bears a code on the day, or None."""
        return next((row for row in self._rows.get(code, ()) if row.holds(self.day)), None)

    def heirs(self, unit: Unit) -> tuple[Unit, ...]:
        """Who stood on the day where the unit stands: itself, or who came after or before it."""
        if unit not in self._heirs:
            found = [self.current(code) for code in self._places(unit.code, unit)]
            self._heirs[unit] = tuple(one for one in found if one is not None)
        return self._heirs[unit]

    def _places(self, code: str, unit: Unit | None = None) -> list[str]:
        """Codes in force on the day for the territory of a code."""
        asked, seen, found = [code], {code}, list[str]()
        while asked:
            one = asked.pop(0)
            if (unit is None or one != code or unit.holds(self.day)) and self.current(one):
                found.append(one)
                continue
            for row in self._rows.get(one, ()):
                ended = row.ends is not None and row.ends <= self.day
                near = row.successors if ended else sorted(self._before[one])
                asked += [other for other in near if other not in seen]
                seen.update(near)
        return found

    def line(self, unit: Unit) -> tuple[Unit, ...]:
        """The unit of the day with those above it, the province first."""
        if unit.code not in self._lines:
            above = [self.current(code) for code in self._places(unit.parent)]
            parent = next((one for one in above if one is not None), None)
            up = self.line(parent) if parent is not None and parent.rank < unit.rank else ()
            self._lines[unit.code] = (*up, unit)
        return self._lines[unit.code]

    def counties(self, unit: Unit) -> tuple[str, ...] | None:
        """Codes that addresses within the unit may bear as their division; None for all."""
        if unit.level == "province":
            return None
        if unit.level == "township":
            return tuple(self._places(unit.parent))
        below = [unit.code]
        if unit.level == "city":
            below += [code for code in self._children[unit.code] if len(code) == 6]
        return tuple(below)

    def matches(self, text: str, start: int) -> list[Match]:
        """What may be named from a place of the text on, the longest first."""
        found: list[Match] = []
        seen: set[Unit] = set()
        for length in range(min(self.longest, len(text) - start), 1, -1):
            hows = self._forms.get(text[start : start + length], {})
            # 萝岗 in 萝岗区 is not the street office of that name, nor 广州 in 广州市 a short form.
            full = any(match.whole for match in found)
            fit = {u: how for u, how in hows.items() if how == "exact" or not (full or u in seen)}
            seen.update(fit)
            found += _by_level(start, start + length, self._living(fit))
        if not any(match.end - start > 2 and not match.weak for match in found):
            found += self._slipped(text, start)
        return found

    def _living(self, hows: dict[Unit, str]) -> dict[Unit, str]:
        """Without units of other days where one of the day is meant as well or better."""
        levels = {unit.level for unit in hows if unit.holds(self.day)}
        return {
            unit: how
            for unit, how in hows.items()
            if how == "exact" or unit.level not in levels or unit.holds(self.day)
        }

    def _slipped(self, text: str, start: int) -> Iterator[Match]:
        """Names that differ in one character from what stands here."""
        for length in range(min(9, len(text) - start), 2, -1):
            segment = text[start : start + length]
            units = {unit for slip in with_one_slip(segment, True) for unit in self._slips[slip]
                     } if segment[-1] in "市区县镇乡道" else set()  # fmt: skip
            known = self._forms.get(segment, {})
            yield from _by_level(start, start + length, dict.fromkeys(units - set(known), "typo"))

    def sizes(self) -> tuple[int, int]:
        """How many forms and how many slips are held."""
        return len(self._forms), len(self._slips)


def _by_level(start: int, end: int, hows: dict[Unit, str]) -> list[Match]:
    levels: dict[str, dict[Unit, str]] = {}
    for unit, how in hows.items():
        levels.setdefault(unit.level, {})[unit] = how
    return [Match(start, end, level, units) for level, units in levels.items()]
