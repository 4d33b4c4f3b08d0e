"""Acts on the register keep it true: one household each, sizes that fit, a past that stays."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.exchange.api import conclude, follow, introduce, tell
from lingnan.kernel.runtime.api import as_of, legal_time
from lingnan.kernel.trust.api import Account, Actor, actor_of
from lingnan.standards import resident_number
from lingnan.systems.government.population.acts import (
    births,
    corrections,
    deaths,
    households,
    moves,
    residences,
)
from lingnan.systems.government.population.acts.births import Birth
from lingnan.systems.government.population.acts.households import Dwelling, members
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.models import (
    FormerIdentity,
    Household,
    LifeEvent,
    MigrationPaper,
    Resident,
)
from lingnan.systems.government.population.rules import kinship
from lingnan.systems.government.population.rules.residence import TooSoon
from tests.examples import examples
from tests.kernel.listening import LISTENER, listening
from tests.kernel.uses import FIRE, key_of, resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COUNTY = "440103"
DAY = timedelta(days=1)


def officer(role: str = "records_officer", county: str = COUNTY) -> Actor:
    found = actor_of(Account.objects.get(login=f"{county}-police-{role}"))
    assert found is not None
    return found


def home(least: int = 3, place: int = 0) -> Household:
    rows = Household.objects.filter(kind="family", size__gte=least, ended=False)
    return rows.order_by("key")[place]


def born(into: Household, sex: str = "1", days: int = 0, paper: str = "") -> Resident:
    parent = members(into.number)[0]
    told = Birth("陈小宝", sex, legal_time.today() - days * DAY, into, parent, "20",
                 paper or f"K{LifeEvent.objects.count()}", "")  # fmt: skip
    return births.enter(told, officer())


def later(days: int) -> None:
    legal_time.move_to(legal_time.now() + days * DAY)


def now(one: Any) -> Any:
    return type(one).objects.get(key=one.key)


def refused(code: str, act: Any, *args: Any) -> None:
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.code == code


def test_a_child_has_a_number_of_its_own_in_the_parents_household() -> None:
    into = home()
    first, second = born(into), born(into)
    numbers = [resident_number.parse(one.resident_number) for one in (first, second)]
    assert [one.sex for one in numbers] == ["male", "male"]
    assert all(resident_number.is_synthetic(one) for one in numbers)
    assert first.resident_number != second.resident_number
    assert (first.household, first.domicile) == (into.number, members(into.number)[0].domicile)
    assert now(into).size == into.size + 2 == len(members(into.number))


def test_a_number_is_never_given_again() -> None:
    into = home()
    first = born(into)
    deaths.enter(first, legal_time.today(), "", "D1", officer())
    assert born(into).resident_number != first.resident_number
    assert now(into).size == into.size + 1


def test_late_is_entered_and_told_and_a_certificate_serves_once() -> None:
    late = born(home(), days=40, paper="LATE")
    assert LifeEvent.objects.get(paper="LATE").late and late.valid_from == late.birth_date
    refused("certificate_used", lambda: born(home(), paper="LATE"))
    refused("future", lambda: born(home(), days=-1))


def test_who_was_born_before_the_household_was_founded_was_in_the_parents_of_that_day() -> None:
    old = home()
    parent = members(old.number)[-1]
    day = legal_time.today()
    later(10)
    where = Dwelling(old.division, old.township, old.address)
    new = households.split([parent], parent, where, day + 5 * DAY, officer())
    told = Birth("小", "1", day + 2 * DAY, new, now(parent), "20", "B1", "")
    child = births.enter(told, officer())
    assert child.household == new.number and now(new).size == 2
    for ago, number in ((2, old.number), (4, old.number), (5, new.number)):
        then: Any = as_of(Resident, child.key, day + ago * DAY)
        assert then.household == number
        whole([old.number, new.number], day + ago * DAY)
    found = Birth("小", "1", day, new, None, "99", "", "育婴机构")
    refused("household_later", births.enter, found, officer())


def test_a_foundling_is_entered_without_parent_or_certificate() -> None:
    into = home()
    told = Birth("安康", "2", legal_time.today(), into, None, "99", "", "育婴机构")
    child = births.enter(told, officer())
    assert child.sex == "2" and child.domicile == into.division
    assert LifeEvent.objects.get(note="弃婴").name == "安康"


def test_a_death_ends_the_record_and_is_undone_by_a_correction() -> None:
    later(10)
    one = members(home().number)[-1]
    into, died = home(), legal_time.today() - 3 * DAY
    deaths.enter(one, died, "", "D1", officer())
    assert now(one).ended and now(into).size == into.size - 1
    refused("dead", moves.within, [one], home(place=1), legal_time.today(), officer())
    refused("dead", deaths.enter, one, died, "", "D2", officer())
    deaths.undo(now(one), "张冠李戴", officer())
    assert not now(one).ended and now(into).size == into.size
    assert as_of(Resident, one.key, died) is not None
    said: Any = Resident.Version.objects.filter(key=one.key)
    assert said.filter(ended=True).exists(), "what was entered stays readable"
    refused("not_dead", deaths.undo, now(one), "again", officer())


def test_a_move_takes_one_from_here_and_brings_one_there() -> None:
    left, to = home(), home(place=1)
    one = members(left.number)[-1]
    moves.within([one], to, legal_time.today(), officer(), ["99"])
    assert now(one).household == to.number and now(one).address == to.address
    assert (now(left).size, now(to).size) == (left.size - 1, to.size + 1)


def test_who_moves_inside_the_province_is_never_without_a_household() -> None:
    one = members(home().number)[-1]
    paper = moves.issue_paper(one, "广州市越秀区", False, "工作调动", officer())
    assert now(one).household == one.household and not now(one).ended
    refused("paper_out", moves.issue_paper, one, "深圳市", False, "x", officer())
    rows = Household.objects.filter(ended=False).exclude(division=one.division)
    to = rows.order_by("key")[0]
    there = officer(county=to.division)
    assert moves.bearer(paper.number).key == one.key
    moves.use_paper(one, to, legal_time.today(), "99", True, there)
    assert (now(one).division, now(one).domicile) == (to.division, to.division)
    assert now(paper).state == "used"
    refused("no_paper", moves.bearer, paper.number)


def test_a_paper_is_valid_to_its_last_day() -> None:
    one = members(home().number)[-1]
    paper = moves.issue_paper(one, "深圳市", False, "工作调动", officer())
    later((paper.valid_until - legal_time.today()).days)
    assert moves.bearer(paper.number).key == one.key
    later(1)
    refused("no_paper", moves.bearer, paper.number)


def test_who_left_the_province_comes_back_to_the_old_record() -> None:
    into = home()
    one = members(into.number)[-1]
    moves.issue_paper(one, "湖南省长沙市", True, "工作调动", officer())
    assert now(one).ended and now(into).size == into.size - 1
    assert MigrationPaper.objects.get(state="left").name == one.name
    later(5)
    comer = moves.Comer(one.resident_number, one.name, one.sex, one.birth_date)
    back = moves.come_in(comer, home(place=1), legal_time.today(), "湘迁1", "99", officer())
    assert back.key == one.key and not back.ended
    refused("number_taken", moves.come_in, comer, home(), legal_time.today(), "x", "", officer())


def test_a_newcomer_keeps_a_number_of_an_abolished_county() -> None:
    number = resident_number.compose("440116", resident_number.parse(
        Resident.objects.all()[0].resident_number).birth_date, 101)  # fmt: skip
    read = resident_number.parse(number)
    comer = moves.Comer(number, "李归", "1", read.birth_date)
    where = Dwelling(COUNTY, home().township, "龙津东路99号")
    one = moves.come_in(comer, where, legal_time.today(), "护照E1", "02", officer())
    assert one.resident_number == number
    assert Household.objects.get(number=one.household).size == 1


def test_split_and_merge_and_heads() -> None:
    whole = home(4)
    rows = members(whole.number)
    households.appoint(rows[0], legal_time.today(), officer())
    assert now(rows[0]).relation == "02"
    households.relate(rows[1], "10", officer())
    child = kinship.child(rows[2].sex)
    households.relate(rows[2], child, officer())
    households.appoint(rows[1], legal_time.today(), officer())
    assert [now(one).relation for one in rows[:3]] == ["10", "02", child]
    everybody = members(whole.number)
    where = Dwelling(COUNTY, whole.township, whole.address)
    refused("nobody_left", households.split, everybody, everybody[0], where,
            legal_time.today(), officer())  # fmt: skip
    new = households.split([now(rows[2])], now(rows[2]), where, legal_time.today(), officer())
    assert new.number > whole.number and now(rows[2]).relation == "02"
    assert (now(whole).size, now(new).size) == (whole.size - 1, 1)
    households.merge(now(new), now(whole), legal_time.today(), officer())
    assert now(new).ended and now(whole).size == whole.size


def test_a_correction_takes_two_and_leaves_the_old_number_findable() -> None:
    one = members(home().number)[0]
    read = resident_number.parse(one.resident_number)
    free = births.free_number(read.division_code, read.birth_date, one.sex)
    told = corrections.Proposal("number", free, "编码错误", "出生医学证明")
    made = corrections.propose(one, told, officer())
    refused("same_person", corrections.decide, made, True, "核实", officer())
    assert now(one).resident_number == one.resident_number
    corrections.decide(made, True, "核实", officer("head"))
    assert now(one).resident_number == free
    assert FormerIdentity.objects.get(value=one.resident_number).kind == "number"
    refused("decided_already", corrections.decide, made, False, "再议", officer("head"))
    other = members(home(place=1).number)[0]
    old = corrections.Proposal("number", one.resident_number, "编码错误", "无")
    refused("number_taken", corrections.propose, other, old, officer())
    bad = corrections.Proposal("number", "440103199001010000", "编码错误", "无")
    refused("bad_number", corrections.propose, other, bad, officer())


def test_residence_and_permit_of_somebody_registered_elsewhere() -> None:
    rows = Resident.objects.filter(division=COUNTY, ended=False)
    guest = rows.exclude(domicile=COUNTY).order_by("key")[0]
    local = rows.filter(domicile=COUNTY).order_by("key")[0]
    since = legal_time.today() - 100 * DAY
    refused("registered_here", residences.register, local, since, "work", officer())
    residences.register(guest, since, "work", officer())
    with pytest.raises(TooSoon):
        residences.ask(guest, officer())
    later(100)
    residences.ask(guest, officer())
    made = residences.hand_out(guest, officer())
    assert made.permit and made.permit_until is not None
    refused("endorse_later", residences.endorse, guest, officer())
    later(366 + 30)
    again = residences.endorse(guest, officer())
    assert again.counted_from == legal_time.today(), "late: the years count anew"


def test_a_body_that_follows_is_told_the_kind_and_the_day_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = listening(monkeypatch)
    code, basis = "population.life_events", "《消防法》（2021-04-29）第十五条"
    elements = ("life_event.kind", "life_event.happened_on")
    conclude("T-LIFE", code, FIRE, "a_test", basis, elements, by="a test")
    one = Resident.objects.get(key=key_of(resident()))
    follow(code, FIRE, introduce(resident().subject, to=FIRE), "a_test", basis, elements,
           "T-1", LISTENER)  # fmt: skip
    deaths.enter(one, legal_time.today(), "", "D1", officer())
    assert tell()["told"] == 1
    (change,) = listener.heard
    today = legal_time.today().isoformat()
    assert {name: after for name, (_before, after) in change.elements.items()} == {
        "life_event.kind": "death", "life_event.happened_on": today,
    }  # fmt: skip


ACTS = ("birth", "death", "undo", "move", "split", "merge", "out", "back", "found")
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 3))


def whole(homes: list[str], day: Any) -> None:
    """Every living resident is in one household on record, and sizes are counts."""
    people: dict[str, int] = {}
    versions: Any = Resident.Version.objects
    keys = set(versions.filter(household__in=homes).values_list("key", flat=True))
    keys |= set(Resident.objects.filter(household__in=homes).values_list("key", flat=True))
    for key in keys:
        said: Any = as_of(Resident, key, day)
        if said is not None:
            people[said.household] = people.get(said.household, 0) + 1
    for number in homes:
        row = Household.objects.filter(number=number).first()
        held: Any = as_of(Household, row.key, day) if row else None
        assert (held.size if held else 0) == people.get(number, 0), (number, day)


@given(st.lists(STEP, min_size=1, max_size=8))
@settings(max_examples=examples(25), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_any_sequence_of_acts_keeps_the_register_true(
    steps: list[tuple[str, int, int, int]],
) -> None:
    from django.db import transaction

    with transaction.atomic():
        point = transaction.savepoint()
        instant = legal_time.now()
        start = legal_time.today()
        homes = [home(2, place).number for place in range(3)]
        for kind, a, b, back in steps:
            later(1)
            try:
                _step(kind, a, b, max(start, legal_time.today() - back * DAY), homes)
            except Refused:
                continue
        days = (legal_time.today() - start).days
        for ago in range(days + 1):
            whole(homes, start + ago * DAY)
        for number in homes:
            row = Household.objects.get(number=number)
            assert row.ended == (row.size == 0) and row.size == len(members(number))
        transaction.savepoint_rollback(point)
        legal_time.move_to(instant)


def _step(kind: str, a: int, b: int, day: Any, homes: list[str]) -> None:
    here, there = homes[a % len(homes)], homes[b % len(homes)]
    row, other = (Household.objects.get(number=number) for number in (here, there))
    people = members(here)
    gone = list(Resident.objects.filter(household__in=homes, ended=True).order_by("key"))
    if kind in ("undo", "back"):
        if gone and kind == "undo":
            deaths.undo(gone[a % len(gone)], "x", officer())
        elif gone:
            one = gone[a % len(gone)]
            comer = moves.Comer(one.resident_number, one.name, one.sex, one.birth_date)
            moves.come_in(comer, other, day, "x", "", officer())
        return
    if not people:
        return
    one = people[b % len(people)]
    where = Dwelling(row.division, row.township, row.address)
    if kind == "birth":
        told = Birth("小", "1", day, row, one, "", f"K{LifeEvent.objects.count()}", "")
        births.enter(told, officer())
    elif kind == "death":
        deaths.enter(one, day, "", "D", officer())
    elif kind == "move":
        moves.within([one], other, day, officer())
    elif kind == "found":
        homes.append(moves.within([one], where, day, officer()).number)
    elif kind == "split":
        homes.append(households.split([one], one, where, day, officer()).number)
    elif kind == "merge":
        households.merge(row, other, day, officer())
    elif kind == "out":
        moves.issue_paper(one, "湖南省", True, "x", officer())
