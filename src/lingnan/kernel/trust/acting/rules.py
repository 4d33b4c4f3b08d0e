"""What somebody may do who acts for another, and when it is over: pure rules.

民法典 (2020-05-28), unverified 未经核实: Art. 162 (what an agent does within the power binds the
principal), 165 (a written power names the agent, the things, the scope and the time), 173 (when it
ends: time passed, taken back or resigned, agent or principal dead, the represented firm ended);
Art. 23, 27 and 34 (parents are guardians, and represent the child).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

APPLY, RECORD, LOOKED = "apply", "record", "looked"
MESSAGES, CONSENT = "messages", "consent"
# What a power can be given for. A guardian has more: see the rules of the register of residents.
GIVEN = (APPLY, RECORD, LOOKED)
GUARDIANSHIP, POWER, REPRESENTATION = "guardianship", "power", "representation"
# How long at most, in days, and how many may stand at once: parameters of the platform, unverified.
MOST_DAYS, MOST_OPEN = 366, 20


@dataclass(frozen=True)
class Acting:
    """For whom somebody acts now, by what, and for which things.

    principal  what trust calls the person or firm; `code` is a firm's credit code
    agent      the account that acts
    over       why it is over ("" while it holds): then nothing is open any more
    """

    number: str
    basis: str
    principal: str
    kind: str
    name: str
    code: str = ""
    scope: frozenset[str] = field(default_factory=frozenset)
    agent: int = 0
    agent_name: str = ""
    over: str = ""

    def may(self, scope: str) -> bool:
        return not self.over and scope in self.scope


@dataclass(frozen=True)
class Given:
    """What is on record of a power. `closed` is declined, revoked or resigned, "" while open."""

    basis: str
    scope: tuple[str, ...]
    first: date
    last: date
    accepted: bool
    closed: str = ""


def over(given: Given, on: date, registers: str = "") -> str:
    """Why a power does not hold on a day; "" where it does. `registers` is what they say."""
    if given.closed:
        return given.closed
    if not given.accepted:
        return "offered"
    if on > given.last:
        # A child's guardian is told why the day is the last.
        return "grown_up" if given.basis == GUARDIANSHIP else "expired"
    return registers


def holds_for(given: Given, narrowed: Iterable[str] | None = None) -> frozenset[str]:
    """The things that it covers, never more than was given; `narrowed` by what a register says."""
    return frozenset(given.scope) & frozenset(given.scope if narrowed is None else narrowed)


def refused(scope: Iterable[str], first: date, last: date) -> str:
    """The field of a power that cannot be given so; "" where all can."""
    asked = set(scope)
    if not asked or not asked <= set(GIVEN):
        return "scope"
    if last < first or (last - first).days >= MOST_DAYS:
        return "last"
    return ""
