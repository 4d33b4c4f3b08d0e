"""People who live where they are not registered: 居住证暂行条例 (2015-11-26) Art. 2, 9, 10."""

from datetime import date

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.acts.households import checked, resident_now
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.models import Residence, Resident
from lingnan.systems.government.population.rules import limits, residence

PERMIT = clocks.named("residence_permit", "居住证", "Residence permit")


def of(resident: Resident) -> Residence | None:
    """The residence registration of somebody that is open."""
    rows = Residence.objects.filter(person=events.person_of(resident.key), left_on=None)
    return rows.filter(ended=False).first()


def register(resident: Resident, since: date, grounds: str, by: Actor) -> Residence:
    """Register that somebody lives here who is registered elsewhere. Raises Refused."""
    checked(since)
    with action(by=by.signature, reason="居住登记") as act:
        one = Resident.objects.select_for_update().get(key=resident.key)
        if one.ended:
            raise Refused("dead")
        if one.domicile[:6] == one.division[:6]:
            raise Refused("registered_here")
        if of(one) is not None:
            raise Refused("residence_open")
        return act.create(
            Residence,
            number=events.numbered(one.division),
            person=events.person_of(one.key),
            subject=one.key,
            name=one.name,
            domicile=one.domicile,
            division=one.division,
            address=one.address,
            registered_on=since,
            grounds=grounds,
        )


def ask(resident: Resident, by: Actor) -> Residence:
    """Take in the request for a permit, after half a year; a clock of 15 days runs for its making.

    Raises Refused, TooSoon.
    """
    today = legal_time.today()
    with action(by=by.signature, reason="居住证申领") as act:
        resident_now(resident.key)
        row = of(resident)
        if row is None or row.asked_on:
            raise Refused("permit_there" if row else "no_residence")
        residence.issued(row.registered_on, row.grounds, today)
        rule = limits.limit("permit_issue", today)
        days = {"unit": "calendar_day", "statutory": rule.days, "promised": rule.days}
        clocks.start(row.number, PERMIT, days, rule.basis, body=by.body, about=PERMIT)
        return act.change(row, asked_on=today)


def hand_out(resident: Resident, by: Actor) -> Residence:
    """The permit is made and handed out; its clock stops. Raises Refused."""
    today = legal_time.today()
    with action(by=by.signature, reason="居住证发放") as act:
        row = of(resident)
        if row is None or row.asked_on is None or row.permit:
            raise Refused("permit_there" if row else "no_residence")
        made = residence.issued(row.registered_on, row.grounds, today)
        clocks.stop(Clock.objects.get(reference=row.number, code=PERMIT), by.signature)
        return act.change(
            row,
            permit=f"P{row.number}"[:32],
            counted_from=made.counted_from,
            permit_until=made.until,
        )


def endorse(resident: Resident, by: Actor) -> Residence:
    """The yearly endorsement; late, the years count anew (Art. 10). Raises Refused."""
    today = legal_time.today()
    with action(by=by.signature, reason="居住证签注") as act:
        row = of(resident)
        if row is None or row.counted_from is None or row.permit_until is None:
            raise Refused("no_permit")
        held = residence.Permit(row.counted_from, row.permit_until)
        if not residence.may_endorse(held, today):
            raise Refused("endorse_later")
        after = residence.endorsed(held, today)
        return act.change(row, counted_from=after.counted_from, permit_until=after.until)


def leave(resident: Resident, on: date, by: Actor) -> Residence:
    """Somebody lives here no more. Raises Refused."""
    checked(on)
    with action(by=by.signature, reason="居住登记注销") as act:
        row = of(resident)
        if row is None or on < row.registered_on:
            raise Refused("no_residence")
        return act.change(row, left_on=on)
