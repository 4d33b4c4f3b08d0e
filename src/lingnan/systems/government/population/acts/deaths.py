"""Deaths: 户口登记条例 (1958-01-09) Art. 8; one entered in error is undone by a correction."""

from datetime import date

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.acts.course import course, member_since
from lingnan.systems.government.population.acts.households import (
    adjust,
    checked,
    locked,
    resident_now,
)
from lingnan.systems.government.population.acts.refusals import Refused, steadily
from lingnan.systems.government.population.models import LifeEvent, Resident
from lingnan.systems.government.population.rules import limits


def enter(resident: Resident, died: date, informant: str, paper: str, by: Actor) -> None:
    """The record ends on the day of death; its number is never given again. Raises Refused."""
    checked(died)

    def act_() -> None:
        with action(by=by.signature, reason="死亡登记") as act:
            homes = locked(resident.household)
            one = resident_now(resident.key)
            if one.household not in homes:
                raise Refused("moved_meanwhile")
            if died < member_since(one):
                raise Refused("earlier_than_last")
            act.end(one, on=died)
            adjust(act, homes[one.household], died, -1)
            late = limits.late("death", died, legal_time.today())
            events.enter(act, [one], "death", died, by, informant, paper, late=late)

    steadily(act_)


def ended_by(resident: Resident) -> str:
    """death or moved_out: why a record has ended; empty where it holds."""
    if not resident.ended:
        return ""
    rows = LifeEvent.objects.filter(person=events.person_of(resident.key))
    last = rows.filter(kind__in=("death", "moved_out")).order_by("-key").first()
    return last.kind if last else "death"


def undo(resident: Resident, grounds: str, by: Actor) -> None:
    """Somebody entered as dead lives: from that day on the record holds again. Raises Refused.

    What was known in between stays readable, as every correction's past does.
    """

    def act_() -> None:
        with action(by=by.signature, reason=f"死亡登记更正：{grounds}"[:400]) as act:
            homes = locked(resident.household)
            one = resident_now(resident.key, alive=False)
            if ended_by(one) != "death":
                raise Refused("not_dead")
            died = next(s.start for s in course(one) if s.said.ended)
            act.correct(one, valid_from=died, valid_to=None, ended=False)
            adjust(act, homes[one.household], died, 1)
            events.enter(act, [one], "death_undone", died, by, note=grounds)

    steadily(act_)
