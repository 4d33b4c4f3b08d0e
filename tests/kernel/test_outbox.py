"""The outbox: what an act changed is written down with the act, or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.runtime.outbox import Changed
from lingnan.kernel.runtime.temporal.action import bring_all_into_force
from lingnan.kernel.trust.api import Body
from lingnan.systems.government.population.models import Resident
from tests.kernel.uses import key_of, resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

DAY = timedelta(days=1)


def subject() -> Resident:
    return Resident.objects.get(key=key_of(resident()))


def written() -> list[Changed]:
    """What the outbox holds of the resident, in order."""
    rows = Outgoing.objects.filter(key=subject().key).order_by("id")
    return [Changed.of(row) for row in rows]


def act() -> Any:
    return action(by="a test", reason="a test")


def test_a_change_names_versions_and_fields_and_no_value() -> None:
    with act() as a:
        a.change(subject(), address="花地大道1号", household="H1")
    row = Outgoing.objects.get(key=subject().key)
    today = legal_time.today()
    assert Changed.of(row) == Changed(
        "population.resident", subject().key, 1, 2, ("address", "household"), today, None
    )
    assert "花地" not in str(row.payload)


def test_an_act_that_fails_announces_nothing() -> None:
    with pytest.raises(ZeroDivisionError), act() as a:
        a.change(subject(), address="花地大道1号")
        raise ZeroDivisionError
    assert written() == []


def test_a_change_to_the_same_announces_nothing() -> None:
    with act() as a:
        a.change(subject(), address=subject().address)
    assert written() == []


def test_a_bulk_load_announces_nothing_and_a_creation_does() -> None:
    values = {
        f.name: getattr(subject(), f.name)
        for f in Resident._meta.concrete_fields
        if f.name not in ("key", "version", "valid_from", "recorded_at", "ended")
    }
    one, other = keys.new_key(), keys.new_key()
    with act() as a:
        a.load(Resident, [values | {"key": one, "resident_number": "1"}])
        number = "440199199001010019"
        a.create(Resident, **(values | {"key": other, "resident_number": number}))
    announced = Outgoing.objects.filter(key__in=[one, other])
    assert [(row.key, Changed.of(row).before) for row in announced] == [(other, None)]
    assert "resident_number" in Changed.of(announced[0]).fields


def test_what_trust_keeps_for_itself_is_not_announced() -> None:
    with act() as a:
        a.change(Body.objects.get(code="gd-440103-fire"), name_zh="另一个名称")
    assert not Outgoing.objects.filter(topic="trust.body").exists()


def test_a_future_change_is_announced_on_its_day() -> None:
    start = legal_time.today() + DAY
    with act() as a:
        a.change(subject(), valid_from=start, address="花地大道1号")
    assert written() == []
    bring_all_into_force()
    assert written() == []
    legal_time.move_to(legal_time.now() + DAY)
    bring_all_into_force()
    bring_all_into_force()
    assert [(c.before, c.after, c.start) for c in written()] == [(1, 2, start)]


def test_a_future_creation_is_announced_on_its_day() -> None:
    values = {
        f.name: getattr(subject(), f.name)
        for f in Resident._meta.concrete_fields
        if f.name not in ("key", "version", "valid_from", "recorded_at", "ended")
    }
    start = legal_time.today() + DAY
    with act() as a:
        made = a.create(
            Resident, valid_from=start, **(values | {"resident_number": "440199199001010019"})
        )
    assert not Outgoing.objects.filter(key=made.key).exists()
    legal_time.move_to(legal_time.now() + DAY)
    bring_all_into_force()
    row = Outgoing.objects.get(key=made.key)
    assert (Changed.of(row).before, Changed.of(row).after) == (None, 1)


def test_a_correction_of_the_past_is_announced_with_its_days() -> None:
    begin, end = legal_time.today(), legal_time.today() + 3 * DAY
    legal_time.move_to(legal_time.now() + 5 * DAY)
    with act() as a:
        a.correct(subject(), valid_from=begin, valid_to=end, address="花地大道1号")
    assert [(c.before, c.after, c.start, c.until) for c in written()] == [(1, 2, begin, end)]
    assert subject().version == 1


def test_an_interval_over_today_is_announced_twice_when_it_begins_and_when_it_ends() -> None:
    end = legal_time.today() + 2 * DAY
    with act() as a:
        a.correct(subject(), valid_from=legal_time.today(), valid_to=end, address="花地大道1号")
    legal_time.move_to(legal_time.now() + 3 * DAY)
    bring_all_into_force()
    assert [(c.before, c.after, c.fields) for c in written()] == [
        (1, 2, ("address",)),
        (2, 1, ("address",)),
    ]


def test_an_end_is_announced() -> None:
    with act() as a:
        a.end(subject())
    assert [(c.before, c.after, c.fields) for c in written()] == [(1, 2, ("ended",))]
