"""Who audits, and how far: supervisors, within their division and those below it."""

from lingnan.kernel.trust.api import Access, Actor, Body, official
from lingnan.systems.assurance.trust_governance.accesses import significant

AUDITS: Access = official("supervisor", functions=("supervision",))
ROLE, FUNCTION = "supervisor", "supervision"


def reach(who: Actor) -> str:
    """What the division codes within an auditor's reach begin with."""
    return significant(who.division)


def covers(who: Actor, division: str) -> bool:
    return AUDITS.permits(who) and bool(who.division) and division.startswith(reach(who))


def auditors_of(division: str) -> str:
    """The code of the body that audits a division: its own, else the nearest above; "" if none."""
    held = Body.objects.filter(function=FUNCTION, ended=False)
    for place in (division, f"{division[:4]}00", f"{division[:2]}0000"):
        body = held.filter(division=place).order_by("key").first()
        if body is not None:
            return str(body.code)
    return ""
