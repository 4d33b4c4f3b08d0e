"""Who belongs on a joint list: computed from events, never entered by hand.

punishment  an entry on the list of serious violations, or a revoked licence, while in force
incentive   an honour in force, and no bad event that is public or in force
Which events count is a default of the platform where no text was at hand (未经核实).
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from lingnan.systems.government.credit.rules.terms import (
    BAD,
    FOLDER,
    GRAVE,
    Facts,
    in_force,
    is_public,
)

LISTS = ("incentive", "punishment")


@cache
def measures() -> tuple[Mapping[str, Any], ...]:
    """The catalogue of measures: list, duty, body, what, basis."""
    text = (FOLDER / "measures.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["measures"])


def grounds(events: Iterable[tuple[str, Facts]], on: date) -> dict[str, str]:
    """List → number of the event for which a party belongs on it on a day."""
    known = sorted(events, key=lambda one: (one[1].decided_on, one[0]))
    held = [(number, one) for number, one in known if in_force(one, on)]
    found = {}
    grave = [number for number, one in held if one.kind in GRAVE]
    if grave:
        found["punishment"] = grave[0]
    bad = any(one.kind in BAD and (in_force(one, on) or is_public(one, on)) for _n, one in known)
    honours = [number for number, one in held if one.kind == "honour"]
    if honours and not bad:
        found["incentive"] = honours[0]
    return found
