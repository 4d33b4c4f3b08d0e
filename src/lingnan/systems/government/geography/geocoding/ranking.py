"""Which places are the likelier, and how likely when others are as good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lingnan.systems.government.geography.geocoding.reasons import Reason, reason
from lingnan.systems.government.geography.geocoding.roads import EXPLAINED, Place
from lingnan.systems.government.geography.geocoding.weighing import Belief

FOREMOST = 12  # beliefs for which the register is asked
SHARPNESS = 4  # how strongly the better of two takes what they share
LEAST = 0.02
MORE = 0.6  # of a larger unit's score is enough for what explains more
NEAR = 0.9  # a second that has so much of the first's confidence is as likely


@dataclass(frozen=True)
class Ranked:
    place: Place
    confidence: float
    reasons: list[Reason]


def foremost(found: Iterable[Belief]) -> list[Belief]:
    """The best belief of each unit and rest, those that explain most first."""
    best: dict[tuple[str, str], Belief] = {}
    for belief in found:
        key = (belief.unit.code, belief.rest)
        if key not in best or belief.score > best[key].score:
            best[key] = belief
    found = sorted(best.values(), key=_promise, reverse=True)
    least = max(FOREMOST, _level(found))
    return found[: min(least, 2 * FOREMOST)]


def _level(found: Sequence[Belief]) -> int:
    """How many are as promising as the first: none of those may be left out."""
    return sum(_promise(one) >= _promise(found[0]) * NEAR for one in found)


def _promise(belief: Belief) -> float:
    return belief.score * (1 - min(0.5, 0.02 * len(belief.rest)))


def ranked(places: Iterable[Place]) -> list[Ranked]:
    """Each place once, with the confidence that it has among the others."""
    best: dict[tuple[str, str], Place] = {}
    for place in places:
        if place.key not in best or place.score > best[place.key].score:
            best[place.key] = place
    held = sorted(best.values(), key=lambda one: (-one.score, one.key))
    held = _without_larger(held)
    weighed = [(one, _share(one, held)) for one in held]
    top = max((share for _one, share in weighed), default=0)
    kept = [(one, share) for one, share in weighed if share >= max(LEAST, top * 0.15)]
    kept.sort(key=lambda pair: (-pair[1], pair[0].key))
    return [Ranked(one, share, _reasons(one, share, kept)) for one, share in kept]


def _without_larger(held: Sequence[Place]) -> list[Place]:
    """Without places that only say less than a better one does."""
    kept: list[Place] = []
    for one in held:
        if any(_says_more(other, one) for other in held):
            continue
        below = [better for better in kept if one.belief.unit in better.belief.line]
        if not below or (one.address and one.address not in [better.address for better in kept]):
            kept.append(one)
    return kept


def _says_more(other: Place, one: Place) -> bool:
    """Whether a place within the other's unit explains text that the other leaves over."""
    within = one.belief.unit in other.belief.line[:-1]
    return within and len(other.rest) < len(one.rest) and other.score >= one.score * MORE


def _share(one: Place, held: Sequence[Place]) -> float:
    whole = sum(other.score**SHARPNESS for other in held)
    return min(1.0, _believed(one)) * one.score**SHARPNESS / whole if whole else 0.0


def _believed(one: Place) -> float:
    """The score as a confidence: without the weight that only ranks what has the road."""
    return one.score / EXPLAINED if one.road else one.score


def near(first: float, second: float) -> bool:
    """Whether two confidences do not decide between their places."""
    return second >= first * NEAR


def _reasons(one: Place, share: float, kept: Sequence[tuple[Place, float]]) -> list[Reason]:
    others = sum(near(share, other) for place, other in kept if place is not one)
    said = [reason("ambiguous", n=others)] if others else []
    return [*one.belief.reasons, *said]
