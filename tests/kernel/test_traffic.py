"""The record of the traffic: written once, made smaller with time, no count lost or doubled."""

from datetime import UTC, datetime, timedelta

import pytest

from lingnan.kernel.exchange.api import Denied, several, single
from lingnan.kernel.exchange.models import Traffic
from lingnan.kernel.exchange.traffic import buckets, counting, keeping
from lingnan.kernel.exchange.traffic.counting import Line, counter
from tests.kernel.uses import IDENTITY, MARKET, evidence_down, identity

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LINE = Line(counting.OUT, "CN-GD/GOV/x/y", "CN-GD/GOV/z/w/s", "a", "b", counting.OK)


@pytest.fixture(autouse=True)
def nothing_before() -> None:
    """What other tests have counted in this process."""
    counter.take()


def written(at: datetime, number: int = 1, micro: int = 1000, span: int = 0,
            line: Line = LINE) -> None:  # fmt: skip
    durations = buckets.plain({buckets.bucket(micro): number})
    Traffic.objects.create(at=at, span=span, **line._asdict(), number=number, size=10 * number,
                           last=at + timedelta(seconds=59), durations=durations)  # fmt: skip


def test_uses_within_the_node_are_counted_by_how_they_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    single(identity())
    several([identity(), identity(purpose="none")])
    with pytest.raises(Denied):
        single(identity(purpose="none"))
    with evidence_down(monkeypatch):
        several([identity()])
    keeping.flush()
    found = {row.outcome: row for row in Traffic.objects.all()}
    assert {kind: row.number for kind, row in found.items()} == {
        counting.OK: 2, counting.DENIED: 2, counting.UNAVAILABLE: 1
    }  # fmt: skip
    for row in found.values():
        assert (row.way, row.client, row.service) == (counting.HERE, MARKET, IDENTITY)
        assert sum(buckets.read(row.durations).values()) == row.number
    assert keeping.flush() == 0, "what was written is not written again"


def test_what_cannot_be_written_now_is_written_later(monkeypatch: pytest.MonkeyPatch) -> None:
    single(identity())

    def full(*_rows: object, **_more: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(Traffic.objects, "bulk_create", full)
        assert keeping.flush() == 0
    single(identity())
    keeping.flush()
    assert sum(Traffic.objects.values_list("number", flat=True)) == 2


def test_a_name_that_is_too_long_keeps_no_other_from_being_written() -> None:
    counter.add(LINE._replace(client="CN-GD/GOV/" + "%28" * 300), 0.001)
    counter.add(LINE, 0.001)
    assert keeping.flush() == 2 and Traffic.objects.count() == 2


def test_parts_become_minutes_and_minutes_hours_and_no_count_is_lost() -> None:
    for second in range(12):
        written(NOON, number=second + 1, micro=1000 * 2**second)
    written(NOON + timedelta(minutes=1), number=5)
    written(NOON + timedelta(minutes=7), number=2, line=LINE._replace(outcome=counting.FAILED))
    keeping.roll(NOON + timedelta(minutes=10))
    minutes = Traffic.objects.order_by("at")
    assert [(row.span, row.number) for row in minutes] == [(60, 78), (60, 5), (60, 2)]
    written(NOON, number=100)
    keeping.roll(NOON + timedelta(hours=4, minutes=1))
    hours = {row.outcome: row for row in Traffic.objects.all()}
    assert {kind: (row.span, row.number, row.size) for kind, row in hours.items()} == {
        counting.OK: (3600, 183, 1830), counting.FAILED: (3600, 2, 20)
    }  # fmt: skip
    assert hours[counting.OK].last == NOON + timedelta(minutes=1, seconds=59)
    assert sum(buckets.read(hours[counting.OK].durations).values()) == 183
    assert keeping.roll(NOON + timedelta(hours=4, minutes=1)) == 0, "done once it stays"
    written(NOON, number=1)
    keeping.roll(NOON + timedelta(hours=4, minutes=1))
    assert Traffic.objects.get(outcome=counting.OK).number == 184, "a late part joins its hour"


def test_the_present_minute_is_left_to_who_still_writes_it_and_old_hours_are_forgotten() -> None:
    written(NOON)
    written(NOON - timedelta(days=91), span=3600)
    for hours in (0, 1, 8):
        written(NOON - timedelta(days=89, hours=hours), span=3600)
    written(NOON - timedelta(days=2), span=3600)
    keeping.roll(NOON + timedelta(seconds=100))
    midnight = NOON.replace(hour=0)
    assert sorted(Traffic.objects.values_list("at", "span", "number")) == [
        (midnight - timedelta(days=90), 86_400, 1), (midnight - timedelta(days=89), 86_400, 2),
        (NOON - timedelta(days=2), 3600, 1), (NOON, 0, 1),
    ]  # fmt: skip
