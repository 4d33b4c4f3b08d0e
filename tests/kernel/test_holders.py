"""One authoritative holder of each element at any time, kept by the database itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lingnan.kernel.registry.api import elements, holding
from lingnan.kernel.registry.importing import jobs
from lingnan.kernel.registry.models import ElementHolder
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.runtime.temporal import guards, intervals
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.runtime.testing import at_once
from lingnan.systems.government.population.models import Household
from tests.kernel.editing import OFFICER, entry, fresh, home, page_of
from tests.kernel.province import ProvinceTestCase
from tests.kernel.sending import household, send, table
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ADDRESS, URL = "household.address", "/desk/holders/household.address/"
DATA = "440000-data-data_officer"


def stated(start: date, until: date | None, element: str = "test.element") -> ElementHolder:
    with marked():
        return ElementHolder.objects.create(
            key=keys.new_key(), element=element, function="police", valid_from=start,
            valid_to=until, basis="a test", by="a test", recorded_at=legal_time.now(),
        )  # fmt: skip


def told(**changes: str) -> dict[str, str]:
    day = (legal_time.today() + timedelta(days=5)).isoformat()
    return {"function": "market", "body": "", "start": day,
            "basis": "《试验规定》第一条", "reason": "职能划转"} | changes  # fmt: skip


def test_each_declared_element_has_its_holder() -> None:
    for code, (model, _field) in elements().items():
        row = holding.holder_on(code, legal_time.today())
        assert row is not None and row.function == model.record.holder, code
    assert holding.settle() == 0


@pytest.mark.parametrize(
    ("start", "until", "fits"),
    [
        (date(2020, 1, 1), date(2021, 1, 1), True),
        (date(2023, 1, 1), None, True),
        (date(2020, 1, 1), date(2021, 1, 2), False),
        (date(2020, 1, 1), None, False),
        (date(2021, 6, 1), date(2021, 7, 1), False),
        (date(2022, 12, 31), None, False),
    ],
)
def test_the_database_refuses_two_at_a_time(start: date, until: date | None, fits: bool) -> None:
    stated(date(2021, 1, 1), date(2023, 1, 1))
    if fits:
        stated(start, until)
        return
    with pytest.raises(DatabaseError, match=intervals.OVERLAP), transaction.atomic():
        stated(start, until)


def test_an_interval_cannot_be_drawn_over_another_later() -> None:
    stated(date(2021, 1, 1), date(2022, 1, 1))
    later = stated(date(2022, 1, 1), None)
    with pytest.raises(DatabaseError, match=intervals.OVERLAP), marked():
        ElementHolder.objects.filter(key=later.key).update(valid_from=date(2021, 12, 31))


def test_nobody_writes_past_the_marker_and_doctor_would_see() -> None:
    with pytest.raises(DatabaseError, match=guards.REFUSED), transaction.atomic():
        ElementHolder.objects.filter(element=ADDRESS).update(function="tax")
    table = ElementHolder._meta.db_table
    on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "no_overlap_{table}_update"{on}')
    assert guards.missing() == [table]


class AtOnce(ProvinceTestCase):
    def test_two_transactions_at_once(self) -> None:
        def act() -> Any:
            return stated(date(2024, 1, 1), None, "test.at_once")

        results = at_once(act, act)
        assert sorted(isinstance(one, ElementHolder) for one in results) == [False, True], results
        assert ElementHolder.objects.filter(element="test.at_once").count() == 1


@pytest.mark.usefixtures("free_address")
def test_an_element_passes_to_another_holder_from_a_day_on() -> None:
    officer, held = Person(DATA), home()
    assert "公安" in officer.get(URL)
    page = officer.post(URL, **told())
    assert officer.status == 200, page
    assert "职能划转" in page
    today = legal_time.today()
    assert holding.holder_on(ADDRESS, today).function == "police"  # type: ignore[union-attr]
    after = holding.holder_on(ADDRESS, today + timedelta(days=5))
    assert after is not None and after.function == "market"
    officer.post(URL, **told(function="police", start=today.isoformat()))
    assert officer.status == 422
    police = Person(OFFICER)
    police.post(f"{page_of(held)}change/", **entry(held, address="尚可改"))
    assert fresh(held).address == "尚可改"
    legal_time.move_to(legal_time.now() + timedelta(days=5))
    held = fresh(held)
    page = police.post(f"{page_of(held)}change/", **entry(held, address="不可改"))
    assert police.status == 422 and ADDRESS in page
    assert fresh(held).address == "尚可改"


@pytest.mark.usefixtures("free_address")
def test_a_file_states_nothing_that_another_body_holds() -> None:
    police, held = Person(OFFICER), home()
    same = household(held.number, address=held.address, size=str(held.size))
    rows = table(same, household(home(1).number, address="不可改1号"), household("KH00"))
    ready = send(police, table(household("KH01"))).checked()
    Person(DATA).post(URL, **told())
    assert send(police, table(household("KH02"))).checked().taken().one.state == "taken"
    legal_time.move_to(legal_time.now() + timedelta(days=5))
    # What stands already is stated by nobody anew; the rest is another body's to state.
    sent = send(police, rows).checked(changes="1")
    errors = sent.errors()
    assert set(errors) == {3, 4} and all("现由其他单位负责" in said for said in errors.values())
    # Checked while the police held it, and taken in when they no longer do.
    ready.taken()
    assert ready.one.state == "checking"
    jobs.run_waiting()
    assert ready.one.counts["bad"] == 1
    there = Household.objects.filter(number__in=("KH00", "KH01", "KH02"))
    assert [row.number for row in there] == ["KH02"] and fresh(home(1)).address != "不可改1号"


def test_bad_transfers_are_refused_in_words() -> None:
    officer, yesterday = Person(DATA), (legal_time.today() - timedelta(days=1)).isoformat()
    for bad in ({"start": yesterday}, {"start": "x"}, {"function": "nobody"}, {"body": "nowhere"},
                {"basis": ""}, {"reason": ""}, {"function": "police"}):  # fmt: skip
        officer.post(URL, **told(**bad))
        assert officer.status == 422, bad
    assert ElementHolder.objects.filter(element=ADDRESS).count() == 1
    officer.get("/desk/holders/no.such/")
    assert officer.status == 404


def test_only_the_provinces_data_officer_transfers() -> None:
    for login in ("440100-data-data_officer", "440000-police-data_officer"):
        other = Person(login)
        assert ADDRESS in other.get("/desk/holders/")
        other.post(URL, **told())
        assert other.status == 403
    assert Person(OFFICER).client.get("/desk/holders/").status_code == 403
