"""What speaks for a unit in one reading of a text, and against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.geography.geocoding.names import HOWS, Match, Names, Unit
from lingnan.systems.government.geography.geocoding.reading import Reading
from lingnan.systems.government.geography.geocoding.reasons import Reason, reason

# How much is left of the belief after each kind of evidence. Set by what an official would accept,
# not fitted to cases.
SURE = {"exact": 1.0, "short": 0.97, "kind": 0.88, "bare": 0.82, "typo": 0.72}
FORMER = 0.95
MISSING = 0.985
CONTRADICTED = 0.45
DISORDERED = 0.9
PASSED = 0.88
REPEATED = 0.75
CONFIRMED = 0.9  # a slip in a name that goes with the other names
OF_ROAD = 0.55


@dataclass
class Belief:
    """A unit of the day that the text may mean, with the reasons."""

    unit: Unit
    line: tuple[Unit, ...]
    score: float
    rest: str
    reasons: list[Reason] = field(default_factory=list)


def title(unit: Unit) -> Title:
    return Title(unit.name, unit.name_en or unit.name)


def beliefs(names: Names, reading: Reading, text: str) -> Iterator[Belief]:
    """What the reading may mean: by its smallest unit and, where that is contradicted, the rest."""
    anchors = sorted(reading.matches, key=lambda match: -match.rank)
    for at, anchor in enumerate(anchors):
        found = [
            _belief(names, reading, text, anchor, unit, how, heir)
            for unit, how in anchor.hows.items()
            for heir in names.heirs(unit)
        ]
        # Of units with one name, those that the other names bear out leave no room for the rest.
        sound = [one for one in found if not any(r.code == "contradicts" for r in one.reasons)]
        yield from sound or found
        if sound or at == 1:
            return


def _belief(
    names: Names, reading: Reading, text: str, anchor: Match, unit: Unit, how: str, heir: Unit
) -> Belief:
    line = names.line(heir)
    belief = Belief(heir, line, 1.0, reading.rest)
    for match in reading.matches:
        known = (unit, how, heir) if match is anchor else _in_line(names, match, line)
        _weigh(names, belief, match, known, text)
        if reading.before_road(match, text):
            belief.score *= OF_ROAD
            belief.reasons.append(reason("part_of_road", text=text[match.start : match.end]))
    _inferred(belief, reading)
    if reading.repeated:
        belief.score *= REPEATED
    if reading.disordered:
        belief.score *= DISORDERED
        belief.reasons.append(reason("disordered"))
    if reading.passed:
        belief.score *= PASSED
        belief.reasons.append(reason("passed", text=reading.passed))
    return belief


def _in_line(names: Names, match: Match, line: tuple[Unit, ...]) -> tuple[Unit, str, Unit] | None:
    """The unit of a match that stands above (or where) the unit believed in; the surest."""
    found = [
        (unit, how, heir)
        for unit, how in match.hows.items()
        for heir in names.heirs(unit)
        if heir in line
    ]
    return min(found, key=lambda one: HOWS.index(one[1])) if found else None


def _weigh(
    names: Names, belief: Belief, match: Match, known: tuple[Unit, str, Unit] | None, text: str
) -> None:
    words = text[match.start : match.end]
    if known is None:
        belief.score *= CONTRADICTED
        belief.reasons.append(reason("contradicts", text=words, name=title(belief.unit)))
        return
    unit, how, heir = known
    confirmed = how == "typo" and belief.unit != heir
    belief.score *= CONFIRMED if confirmed else SURE[how]
    if unit == heir:
        belief.reasons.append(reason(how, text=words, name=title(unit)))
        return
    belief.score *= FORMER
    if unit.ends and unit.ends <= names.day:
        day = unit.ends.isoformat()
        belief.reasons.append(reason("former", text=words, name=title(heir), day=day))
    else:
        belief.reasons.append(reason("later", text=words, name=title(heir)))


def _inferred(belief: Belief, reading: Reading) -> None:
    """Levels that the text leaves out, known from the unit below."""
    named = {match.level for match in reading.matches}
    missing = [unit for unit in belief.line if unit.level not in named and unit.rank > 0]
    for unit in missing:
        belief.score *= MISSING
        belief.reasons.append(reason("inferred", low=title(belief.unit), name=title(unit)))
