"""The credit register: events in, yes or no out."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange.api import Denied, introduce, single
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.credit.models import CreditEvent
from lingnan.systems.government.credit.rules import periods
from tests.kernel.uses import MARKET, about, identity, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASIS = "《食品安全法》（2021-04-29）第一百三十五条"
REGISTER = "/desk/records/credit/creditevent/"


def enter(kind: str, decided_on: date, trade: str = "food") -> CreditEvent:
    """An event about the resident, as its source would enter it."""
    with action(by="a test", reason="entered") as act:
        return act.create(
            CreditEvent,
            number=f"T-{kind}-{decided_on}",
            person=introduce(resident().subject, to="credit"),
            name="某饮食店",
            kind=kind,
            trade=trade,
            what="事由",
            basis="《食品安全法》（2021-04-29）第一百二十四条",
            source=MARKET,
            source_name="某局",
            decided_on=decided_on,
            division="440103",
        )


def barred() -> str:
    """What the market regulator hears of the resident when it asks for a food licence."""
    subject = introduce(resident().subject, to=MARKET)
    answer = single(identity(
        resource="credit.standing", purpose="food_licence", basis=BASIS,
        subjects=(subject,), elements=("credit.food_bar",),
    ))[0]  # fmt: skip
    assert len(answer.rows) == 1
    return str(answer.values()["credit.food_bar"])


def standing() -> dict[str, Any]:
    """All that the register would say of the resident."""
    from lingnan.systems.government.credit.resources import standing as answer

    person = introduce(resident().subject, to="credit")
    values: dict[str, Any] = dict(answer([person])[person][0]["values"])
    return values


def test_no_entry_is_an_answer_and_it_is_written_down() -> None:
    before = len(about(key_of(resident())))
    assert barred() == "no"
    assert len(about(key_of(resident()))) == before + 1


def test_a_revoked_food_licence_bars_for_five_years_from_the_decision() -> None:
    today = legal_time.today()
    almost = periods.years_after(today, -5) + timedelta(days=1)
    enter("revocation", almost - timedelta(days=1))
    assert barred() == "no"
    enter("revocation", almost)
    assert barred() == "yes"


@pytest.mark.parametrize(
    ("kind", "trade"), [("revocation", "other"), ("penalty", "food"), ("abnormal_list", "other")]
)
def test_nothing_else_bars(kind: str, trade: str) -> None:
    enter(kind, legal_time.today(), trade)
    assert barred() == "no"


def test_an_event_entered_by_mistake_bars_nobody() -> None:
    event = enter("revocation", legal_time.today())
    with action(by="a test", reason="another person") as act:
        act.end(event)
    assert barred() == "no"


def test_a_decision_of_tomorrow_bars_nobody_today() -> None:
    enter("revocation", legal_time.today() + timedelta(days=1))
    assert barred() == "no"


@pytest.mark.parametrize("listed", ["abnormal_list", "serious_list"])
def test_who_is_on_a_list_is_on_it_until_the_entry_ends(listed: str) -> None:
    today = legal_time.today()
    event = enter(listed, today - timedelta(days=9), "other")
    others = {"credit.food_bar", "credit.abnormal_list", "credit.serious_list"}
    others.remove(f"credit.{listed}")
    assert standing() == {f"credit.{listed}": "yes"} | dict.fromkeys(others, "no")
    with action(by="a test", reason="removed") as act:
        act.change(event, ended_on=today)
    assert standing()[f"credit.{listed}"] == "no"


def test_it_tells_only_what_the_agreement_names() -> None:
    subject = introduce(resident().subject, to=MARKET)
    with pytest.raises(Denied):
        single(identity(
            resource="credit.standing", purpose="food_licence", basis=BASIS,
            subjects=(subject,), elements=("credit.serious_list",),
        ))  # fmt: skip


def test_the_demonstration_bars_nobody_who_can_sign_in() -> None:
    events = list(CreditEvent.objects.all())
    assert events and {event.kind for event in events} <= dict(CreditEvent.KINDS).keys()
    assert standing() == dict.fromkeys(standing(), "no")
    for event in events:
        assert event.decided_on <= legal_time.today()


def test_the_register_is_for_credit_bodies() -> None:
    event = enter("revocation", legal_time.today())
    page = Person("440100-credit-data_officer").post(REGISTER, q=event.number)
    assert event.name in page and event.person not in page
    for login in ("440103-market-reviewer", "resident-440103"):
        person = Person(login)
        person.get(REGISTER)
        assert person.status in (403, 404)


@given(st.dates(date(2011, 1, 1), date(2060, 12, 31)), st.integers(1, 20))
def test_years_are_counted_to_the_same_day(day: date, years: int) -> None:
    then = periods.years_after(day, years)
    assert then.year == day.year + years and then.month == day.month
    assert then.day == day.day or (day.month, day.day, then.day) == (2, 29, 28)


@pytest.mark.parametrize(
    ("kind", "trade", "years"),
    [
        ("revocation", "food", 5),
        ("revocation", "other", 3),
        ("penalty", "food", 3),
        ("serious_list", "other", 5),
    ],
)
def test_what_ends_by_itself(kind: str, trade: str, years: int) -> None:
    day = date(2026, 3, 2)
    assert periods.end_of(kind, trade, day) == date(2026 + years, 3, 2)
    assert periods.end_of("abnormal_list", trade, day) is None
    assert periods.kept_until(day) == date(2031, 3, 2)
