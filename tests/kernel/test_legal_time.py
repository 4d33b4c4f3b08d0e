"""Legal time: a demonstration's stands still until it is moved; a real node's cannot be."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.runtime.api import legal_time
from lingnan.portal import operator_key
from tests.people import Person

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


def post(client: Client, body: str, **headers: str) -> Any:
    return client.post("/operating/clock/", body, content_type="application/json", headers=headers)


def step(far: str) -> str:
    return json.dumps({"advance": far})


@pytest.fixture
def operator() -> dict[str, str]:
    return {"Authorization": f"Bearer {operator_key.read_or_make()}"}


@pytest.mark.kernel
def test_a_demonstration_starts_on_its_business_date_whatever_today_is() -> None:
    assert legal_time.today() == START


@pytest.mark.kernel
def test_legal_time_moves_forward_and_never_back() -> None:
    moved = legal_time.move_to(legal_time.now() + timedelta(days=2))
    assert legal_time.now() == moved
    with pytest.raises(ValueError, match="never goes back"):
        legal_time.move_to(moved - timedelta(seconds=1))
    assert legal_time.now() == moved


@pytest.mark.kernel
def test_one_request_sees_one_instant() -> None:
    with legal_time.hold() as held:
        from lingnan.kernel.runtime.models import BusinessInstant

        BusinessInstant.objects.create(instant=held + timedelta(days=1))
        assert legal_time.now() == held
    assert legal_time.now() == held + timedelta(days=1)


def test_a_real_node_has_the_systems_time_and_refuses_to_move(settings: Any) -> None:
    settings.MODE = "real"
    assert legal_time.today() != START
    with pytest.raises(legal_time.RealNode):
        legal_time.move_to(legal_time.now() + timedelta(days=1))


def test_a_real_node_refuses_over_http_even_its_operator(
    settings: Any, operator: dict[str, str]
) -> None:
    settings.MODE = "real"
    answer = post(Client(), step("1d"), **operator)
    assert answer.status_code == 403
    settings.MODE = "demonstration"
    assert legal_time.today() == START


def test_the_operator_moves_it_over_http_in_working_days(operator: dict[str, str]) -> None:
    answer = post(Client(), step("6wd"), **operator)
    assert (answer.status_code, answer.json()["business_date"]) == (200, "2026-03-10")
    assert legal_time.today() == date(2026, 3, 10)


def test_a_signed_in_operator_moves_it() -> None:
    operator = Person("440000-data-operator")
    assert post(operator.client, step("1d")).status_code == 200


@pytest.mark.parametrize("login", ["resident-440103", "440103-market-clerk", "440103-fire-head",
                                   "440000-data-data_officer"])  # fmt: skip
def test_nobody_else_moves_it(login: str) -> None:
    assert post(Person(login).client, step("1d")).status_code in (401, 403)
    assert legal_time.today() == START


@pytest.mark.parametrize("key", ["", "Bearer ", "Bearer wrong", "Bearer clé"])
def test_a_wrong_key_does_not_move_it(key: str) -> None:
    operator_key.read_or_make()
    assert post(Client(), step("1d"), **({"Authorization": key} if key else {})).status_code == 401


@pytest.mark.parametrize("body", [
    "", "{", "[]", "5", '{"advance": 5}', step("-1d"), step("1.5wd"), step("1 month"),
    step("99999d"),
])  # fmt: skip
def test_a_request_that_says_nothing_clear_is_refused(body: str, operator: dict[str, str]) -> None:
    assert post(Client(), body, **operator).status_code == 400
    assert legal_time.today() == START


@pytest.mark.parametrize("far", ["999wd", "9999d"])
def test_it_does_not_move_where_no_calendar_is_announced(
    far: str, operator: dict[str, str]
) -> None:
    assert post(Client(), step(far), **operator).status_code == 409
    assert legal_time.today() == START
