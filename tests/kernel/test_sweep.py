"""The worker's round: it asks only about what is due."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingnan.kernel.matters import cases
from lingnan.kernel.matters.api import Case, sweep
from lingnan.kernel.matters.models import Application
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
