"""Corrections: one officer proposes, the head's post decides (户口登记条例 Art. 17, 18).

Names and numbers are proposed here, addresses in `addresses.py`; all are decided here.

A number is its holder's for life (居民身份证法 (2011-10-29) Art. 3): only one that was given in
error is corrected, never one that somebody wishes otherwise.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.runtime.api import Action, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.standards.resident_number import InvalidResidentNumber
from lingnan.systems.government.population.acts import addresses, events, telling
from lingnan.systems.government.population.acts.course import course
from lingnan.systems.government.population.acts.households import resident_now
from lingnan.systems.government.population.acts.refusals import Refused, steadily
from lingnan.systems.government.population.models import (
    Correction,
    FormerIdentity,
    Household,
    Resident,
)
from lingnan.systems.government.population.rules import numbers


@dataclass(frozen=True)
class Proposal:
    """What shall be changed (name or number), to what, on which grounds and papers."""

    kind: str
    after: str
    grounds: str
    papers: str


def propose(resident: Resident, told: Proposal, by: Actor) -> Correction:
    """Put a change before the head. Raises Refused."""
    with action(by=by.signature, reason="变更更正申请") as act:
        one = resident_now(resident.key)
        person = events.person_of(one.key)
        after = _sound(one, told)
        if Correction.objects.filter(person=person, kind=told.kind, state="proposed").exists():
            raise Refused("proposed_already")
        return act.create(
            Correction,
            number=events.numbered(one.division),
            person=person,
            subject=one.key,
            name=one.name,
            kind=told.kind,
            before=one.name if told.kind == "name" else one.resident_number,
            after=after,
            grounds=told.grounds,
            papers=told.papers,
            proposed_on=legal_time.today(),
            proposed_by=by.signature,
            account=by.account,
            state="proposed",
            division=one.division,
        )


def _sound(one: Resident, told: Proposal) -> str:
    if told.kind == "name":
        if told.after == one.name:
            raise Refused("no_change")
        return told.after
    try:
        number = numbers.recognised(told.after, legal_time.today()).number
    except (InvalidResidentNumber, numbers.NotBorn):
        raise Refused("bad_number") from None
    if number == one.resident_number:
        raise Refused("no_change")
    _free(one, number)
    return number


def _free(one: Resident, number: str) -> None:
    """A number is free where nobody has or had it, but for who had it themselves."""
    had = FormerIdentity.objects.filter(kind="number", value=number)
    if Resident.objects.filter(resident_number=number).exclude(key=one.key).exists():
        raise Refused("number_taken")
    if had.exclude(person=events.person_of(one.key)).exists():
        raise Refused("number_taken")


# What a decision corrects: the doubted fields that it may answer.
ANSWERED = {
    "name": frozenset({"name"}),
    "number": frozenset({"resident_number", "birth_date", "sex"}),
    "address": frozenset({"address"}),
}


def doubts(proposal: Correction) -> list[Any]:
    """The open doubts that a decision on a proposal could answer."""
    return telling.open_doubts(proposal, ANSWERED[proposal.kind])


def decide(
    proposal: Correction, grant: bool, words: str, by: Actor, answers: Collection[int] = ()
) -> None:
    """Grant or refuse; who proposed does not decide. Raises Refused.

    `answers`: keys of the doubts that the decision answers, when it is granted.
    """
    if by.account == proposal.account:
        raise Refused("same_person")

    def act_() -> None:
        with action(by=by.signature, reason=f"{proposal.number}：{words}"[:400]) as act:
            now = Correction.objects.select_for_update().filter(key=proposal.key).first()
            if now is None or now.state != "proposed":
                raise Refused("decided_already")
            if grant:
                answered = [one for one in doubts(now) if one.key in answers]
                rows = _apply(act, now, by)
                telling.answer_doubts(answered, rows, ANSWERED[now.kind], words, by)
            act.change(
                now,
                state="granted" if grant else "refused",
                decided_on=legal_time.today(),
                decided_by=by.signature,
                words=words,
            )

    steadily(act_)


def _apply(act: Action, now: Correction, by: Actor) -> list[Any]:
    """The records that say now what was to be said."""
    if now.kind == "address":
        return _apply_address(act, now, by)
    one = resident_now(now.subject)
    today = legal_time.today()
    if now.kind == "name":
        fields: dict[str, Any] = {"name": now.after}
        changed = act.change(one, **fields)
    else:
        number = numbers.recognised(now.after, today)
        _free(one, number.number)
        fields = {
            "resident_number": number.number,
            "birth_date": number.birth_date,
            "sex": numbers.SEXES[number.sex],
        }
        # What follows from the number was never otherwise: it holds since the record began.
        changed = act.correct(one, valid_from=course(one)[0].start, valid_to=None, **fields)
    act.create(
        FormerIdentity,
        person=now.person,
        kind=now.kind,
        value=now.before,
        replaced_on=today,
        grounds=now.grounds,
        division=one.division,
    )
    events.enter(act, [changed], now.kind, today, by, paper=now.number)
    return [changed]


def _apply_address(act: Action, now: Correction, by: Actor) -> list[Any]:
    who = addresses.apply(act, now)
    events.enter(act, who, now.kind, legal_time.today(), by, paper=now.number, note=now.household)
    telling.tell_of_address(who, now)
    homes = Household.objects.filter(number=now.household, ended=False)
    rows: list[Any] = [*who, *homes]
    return [one for one in rows if one.address == now.after]
