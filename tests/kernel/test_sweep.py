"""The worker's round: it catches up however much waits, and asks only about what is due."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingnan.kernel.matters import cases, ratings
from lingnan.kernel.matters.api import Case, sweep
from lingnan.kernel.matters.models import Application, Rating
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import SYSTEM
from tests.clockwork import advance
from tests.people import Person, file_business, file_fire

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def more(number: str, count: int) -> list[str]:
    """So many cases more that say the same as one."""
    said = Case.objects.get(number=number).application
    found = []
    for _ in range(count):
        plain = {f.attname: getattr(said, f.attname) for f in Application._meta.concrete_fields}
        made = Application.objects.create(**plain | {"reference": uuid.uuid4().hex})
        found.append(cases.receive(made, SYSTEM).number)
    return found


def queries() -> int:
    with CaptureQueriesContext(connection) as caught:
        assert sweep(new_day=False)["deemed_accepted"] == 0
    return len(caught)


@pytest.mark.parametrize("overdue", [False, True])
def test_a_round_asks_no_more_where_more_waits(overdue: bool) -> None:
    """Permits within their time; registrations also after it, which silence does not accept."""
    first = file_business(Person("resident-440103")) if overdue else file_permit()
    more(first, 2)
    if overdue:
        advance("9wd")
    sweep()
    few = queries()
    more(first, 27)
    if overdue:
        advance("9wd")
    assert Case.objects.filter(state="received").count() == 30
    assert queries() == few


def file_permit() -> str:
    return file_fire(Person("owner-440103"), "inspection")


def test_those_whose_day_has_come_are_accepted_and_no_others() -> None:
    first = file_permit()
    advance("3wd")
    later = more(first, 1)[0]
    legal_time.move_to(legal_time.now() + timedelta(days=5))
    assert sweep()["deemed_accepted"] == 1
    assert Case.objects.get(number=first).state == "in_review"
    assert Case.objects.get(number=later).state == "received"
    assert sweep()["deemed_accepted"] == 0


def finished(count: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cases that were finished eight days ago and nobody rated, and batches of two."""
    first = file_permit()
    numbers = [first, *more(first, count - 1)]
    monkeypatch.setattr(ratings, "BATCH", 2)
    rows = Case.objects.filter(number__in=numbers)
    rows.update(state="delivered", finished_on=legal_time.today())
    legal_time.move_to(legal_time.now() + timedelta(days=8))
    return numbers


def rated() -> int:
    assert Rating.objects.count() == Case.objects.filter(rated=True).count()
    return Rating.objects.count()


def test_ratings_by_default_catch_up_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finished(5, monkeypatch)
    assert sweep()["rated_by_default"] == 5 == rated()
    assert sweep()["rated_by_default"] == 0


class Killed(BaseException):
    """The process ends here."""


def failing(monkeypatch: pytest.MonkeyPatch, at: str, problem: BaseException) -> None:
    write = ratings._write

    def broken(case: Case, *said: Any) -> Any:
        found = write(case, *said)
        if case.number == at:
            raise problem
        return found

    monkeypatch.setattr(ratings, "_write", broken)


def test_killed_between_two_ratings_the_next_round_does_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = finished(5, monkeypatch)
    with monkeypatch.context() as patch:
        failing(patch, numbers[3], Killed())
        with pytest.raises(Killed):
            sweep()
    assert rated() == 3
    assert sweep()["rated_by_default"] == 2 and rated() == 5


def test_one_that_cannot_be_rated_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = finished(5, monkeypatch)
    with monkeypatch.context() as patch:
        failing(patch, numbers[1], OSError())
        assert sweep()["rated_by_default"] == 4 == rated()
    assert sweep()["rated_by_default"] == 1 and rated() == 5
