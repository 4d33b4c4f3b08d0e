"""Moves: papers for those who leave, entry of those who come (户口登记条例 Art. 10, 13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingnan.kernel.runtime.api import Action, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import deaths, events
from lingnan.systems.government.population.acts.course import course
from lingnan.systems.government.population.acts.households import (
    Dwelling,
    adjust,
    checked,
    found,
    locked,
    move,
    noted,
    resident_now,
)
from lingnan.systems.government.population.acts.refusals import Refused, steadily
from lingnan.systems.government.population.models import (
    FormerIdentity,
    Household,
    MigrationPaper,
    Resident,
)
from lingnan.systems.government.population.rules import limits


@dataclass(frozen=True)
class Comer:
    """Who comes from elsewhere with a number of their own."""

    number: str
    name: str
    sex: str
    born: date


def within(
    who: Sequence[Resident],
    to: Household | Dwelling,
    day: date,
    by: Actor,
    relations: Sequence[str] = (),
    told: str = "",
) -> Household:
    """A move inside the post's county: the place of registration stays. Raises Refused."""

    def act_() -> Household:
        with action(by=by.signature, reason="户内住址变动") as act:
            home = move(act, who, to, day, relations or [""] * len(who))
            events.enter(act, who, "moved", day, by, told, note=noted(to, home.number))
            return home

    return steadily(act_)


def issue_paper(
    resident: Resident, place: str, outside: bool, reason: str, by: Actor
) -> MigrationPaper:
    """A migration paper (Art. 10). Who leaves the province leaves the register; who moves inside
    it stays registered until the paper is used: nobody is without a household. Raises Refused."""

    def act_() -> MigrationPaper:
        today = legal_time.today()
        with action(by=by.signature, reason="迁出登记") as act:
            homes = locked(resident.household)
            one = resident_now(resident.key)
            person = events.person_of(one.key)
            if _open(person, today) is not None:
                raise Refused("paper_out")
            if outside:
                act.end(one)
                adjust(act, homes[one.household], today, -1)
                events.enter(act, [one], "moved_out", today, by, note=place)
            return act.create(
                MigrationPaper,
                number=events.numbered(one.division),
                person=person,
                subject=one.key,
                name=one.name,
                from_division=one.division,
                to_place=place,
                purpose=reason,
                issued_on=today,
                valid_until=limits.limit("paper", today).last_day(today),
                state="left" if outside else "issued",
            )

    return steadily(act_)


def _open(person: str, on: date) -> MigrationPaper | None:
    rows = MigrationPaper.objects.filter(person=person, state="issued", valid_until__gte=on)
    return rows.first()


def bearer(number: str) -> Resident:
    """Whose paper it is. Raises Refused where it is unknown, used, or valid no more."""
    rows = MigrationPaper.objects.filter(number=number.strip(), state="issued")
    paper = rows.filter(valid_until__gte=legal_time.today()).first()
    if paper is None:
        raise Refused("no_paper")
    return resident_now(paper.subject)


def use_paper(
    resident: Resident,
    to: Household | Dwelling,
    arrived: date,
    relation: str,
    urban: bool,
    by: Actor,
) -> Household:
    """Entry at the new place with a valid paper, which is handed in (Art. 13). Raises Refused."""

    def act_() -> Household:
        today = legal_time.today()
        with action(by=by.signature, reason="迁入登记") as act:
            paper = _open(events.person_of(resident.key), today)
            if paper is None:
                raise Refused("no_paper")
            home = move(act, [resident], to, arrived, [relation], registered=True)
            act.change(paper, state="used")
            late = limits.late("arrival_urban" if urban else "arrival_rural", arrived, today)
            events.enter(act, [resident], "moved", arrived, by, paper=paper.number,
                         note=noted(to, home.number), late=late)  # fmt: skip
            return home

    return steadily(act_)


def come_in(
    comer: Comer,
    to: Household | Dwelling,
    arrived: date,
    paper: str,
    relation: str,
    by: Actor,
) -> Resident:
    """Somebody from outside the province, with the papers of Art. 13. Raises Refused.

    Who was in the register before has the old record again, from the day of arrival.
    """
    checked(arrived)

    def act_() -> Resident:
        with action(by=by.signature, reason="迁入登记") as act:
            known = Resident.objects.filter(resident_number=comer.number).first()
            home = _ready(act, to, arrived)
            one = (
                _created(act, comer, home, arrived, relation)
                if known is None
                else _again(act, known, home, arrived, relation)
            )
            late = limits.late("arrival_rural", arrived, legal_time.today())
            events.enter(
                act, [one], "moved_in", arrived, by, paper=paper, note=noted(to), late=late
            )
            return one

    return steadily(act_)


def _ready(act: Action, to: Household | Dwelling, day: date) -> Household:
    if not isinstance(to, Household):
        return found(act, to, day, 1)
    home = locked(to.number).get(to.number)
    if home is None or home.ended:
        raise Refused("no_household")
    if home.Version.objects.filter(key=home.key).exists() and day < course(home)[0].start:
        raise Refused("household_later")
    adjust(act, home, day, 1)
    return home


def _place(home: Household, relation: str) -> dict[str, str]:
    return {
        "household": home.number,
        "division": home.division,
        "township": home.township,
        "address": home.address,
        "domicile": home.division[:6],
        "relation": relation,
    }


def _created(act: Action, comer: Comer, home: Household, day: date, relation: str) -> Resident:
    if FormerIdentity.objects.filter(kind="number", value=comer.number).exists():
        raise Refused("number_taken")
    return act.create(
        Resident,
        valid_from=day,
        resident_number=comer.number,
        name=comer.name,
        sex=comer.sex,
        birth_date=comer.born,
        **_place(home, relation),
    )


def _again(act: Action, known: Resident, home: Household, day: date, relation: str) -> Resident:
    if not known.ended:
        raise Refused("number_taken")
    if deaths.ended_by(known) == "death":
        raise Refused("dead")
    if day < max(stretch.start for stretch in course(known)):
        raise Refused("earlier_than_last")
    return act.change(known, valid_from=day, ended=False, **_place(home, relation))
