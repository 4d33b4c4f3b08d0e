"""Births: 户口登记条例 (1958-01-09) Art. 7, 9; 母婴保健法 (2017-11-04) Art. 23."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.runtime.api import Action, action, as_of, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population import places
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.acts.course import first_day
from lingnan.systems.government.population.acts.households import adjust, checked, locked
from lingnan.systems.government.population.acts.refusals import Refused, steadily
from lingnan.systems.government.population.models import (
    FormerIdentity,
    Household,
    LifeEvent,
    Resident,
)
from lingnan.systems.government.population.rules import limits, numbers


@dataclass(frozen=True)
class Birth:
    """What is told of a birth. `parent` is None for a foundling, who joins a household all the
    same: an institution's, or of who adopts it. `certificate` is the birth certificate's number."""

    name: str
    sex: str
    born: date
    home: Household
    parent: Resident | None
    relation: str
    certificate: str
    informant: str


def enter(birth: Birth, by: Actor) -> Resident:
    """Enter a child with a number of its own in its parent's household. Raises Refused.

    Late is told as late and entered all the same. Born before that household was founded, the
    child is in the one where its parent was on that day, until the day of the founding.
    """
    checked(birth.born)

    def act_() -> Resident:
        with action(by=by.signature, reason="出生登记") as act:
            then = _home_at_birth(birth)
            homes = locked(birth.home.number, then)
            home = homes.get(birth.home.number)
            if home is None or home.ended:
                raise Refused("no_household")
            _fits(birth)
            child = _created(act, birth, homes[then])
            if then == home.number:
                adjust(act, home, birth.born, 1)
            else:
                child = _followed(act, child, homes[then], home)
            late = limits.late("birth", birth.born, legal_time.today())
            note = "" if birth.parent else "弃婴"
            events.enter(act, [child], "birth", birth.born, by, birth.informant,
                         birth.certificate, note, late, birth.parent)  # fmt: skip
            return child

    return steadily(act_)


def _home_at_birth(birth: Birth) -> str:
    """The number of the household that was the parent's on the day of birth, if this one was not
    there yet. Raises Refused."""
    begun = first_day(birth.home)
    if begun is None or birth.born >= begun:
        return birth.home.number
    parent: Any = as_of(Resident, birth.parent.key, birth.born) if birth.parent else None
    home = Household.objects.filter(number=parent.household).first() if parent else None
    if home is None or as_of(Household, home.key, birth.born) is None:
        raise Refused("household_later")
    return home.number


def _followed(act: Action, child: Resident, then: Household, home: Household) -> Resident:
    """A child of one household from birth, of another from the day that this was founded."""
    begun = first_day(home)
    adjust(act, then, child.birth_date, 1, until=begun)
    adjust(act, home, begun or child.birth_date, 1)
    return act.change(
        child,
        valid_from=begun,
        household=home.number,
        division=home.division,
        township=home.township,
        address=home.address,
    )


def _fits(birth: Birth) -> None:
    parent = birth.parent
    if parent is not None:
        if not birth.certificate:
            raise Refused("no_certificate")
        if parent.household != birth.home.number or parent.birth_date >= birth.born:
            raise Refused("not_the_parent")
    if (
        birth.certificate
        and LifeEvent.objects.filter(kind="birth", paper=birth.certificate, ended=False).exists()
    ):
        raise Refused("certificate_used")


def _created(act: Action, birth: Birth, home: Household) -> Resident:
    domicile = birth.parent.domicile if birth.parent else home.division
    return act.create(
        Resident,
        valid_from=birth.born,
        resident_number=free_number(domicile, birth.born, birth.sex),
        name=birth.name,
        sex=birth.sex,
        birth_date=birth.born,
        division=home.division,
        township=home.township,
        address=home.address,
        urban=birth.parent.urban if birth.parent else False,
        domicile=domicile,
        household=home.number,
        relation=birth.relation,
        nation=birth.parent.nation if birth.parent else "",
    )


def free_number(division: str, born: date, sex: str) -> str:
    """A number that is nobody's and never was. Raises NumbersUsedUp."""
    codes = places.numbering_codes(division)
    for code in codes:
        try:
            return numbers.next_number([code], born, sex, _given(code, born))
        except numbers.NumbersUsedUp:
            continue
    raise numbers.NumbersUsedUp(division)


def _given(code: str, born: date) -> set[str]:
    """The numbers of a code and day that residents have, dead ones too, or once had."""
    span = numbers.shelf(code, born)
    held = Resident.objects.filter(resident_number__range=span)
    had = FormerIdentity.objects.filter(kind="number", value__range=span)
    return set(held.values_list("resident_number", flat=True)) | set(
        had.values_list("value", flat=True)
    )
