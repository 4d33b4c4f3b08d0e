"""Records keep what was true, and what was known, on any day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.exchange.api import Agreement, conclude
from lingnan.kernel.matters.api import sweep
from lingnan.kernel.runtime.api import Conflict, action, keys, legal_time
from lingnan.kernel.runtime.temporal import action as temporal
from lingnan.kernel.runtime.temporal.history import as_of, statements
from lingnan.kernel.runtime.testing import at_once
from lingnan.kernel.trust.api import Body
from tests.examples import examples
from tests.kernel.province import ProvinceTestCase

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def act() -> Any:
    return action(by="a test", reason="to see")


def values() -> dict[str, Any]:
    code = f"test-{keys.new_key()}"
    return {"code": code, "name_zh": "甲", "name_en": "A", "tier": "city", "division": "440100",
            "function": "market"}  # fmt: skip


def made(valid_from: date | None = None, **changes: Any) -> Body:
    with act() as acting:
        return acting.create(Body, valid_from=valid_from, **(values() | changes))


def loaded(valid_from: date) -> Body:
    row = values() | {"key": keys.new_key(), "valid_from": valid_from}
    with act() as acting:
        acting.load(Body, [row])
    return Body.objects.get(key=row["key"])


def fresh(body: Body) -> Body:
    return Body.objects.get(key=body.key)


def advance(days: int) -> date:
    return legal_time.move_to(legal_time.now() + timedelta(days=days)).date()


def name_on(body: Body, day: date, known: datetime | None = None) -> str | None:
    row = as_of(Body, body.key, day, known)
    return None if row is None else row.name_zh  # type: ignore[union-attr]


def test_a_new_record_has_its_first_version() -> None:
    body, today = made(), legal_time.today()
    assert [s.version.version for s in statements(body)] == [1]
    assert name_on(body, today) == "甲"
    assert name_on(body, today - timedelta(days=1)) is None


def test_bad_values_are_refused_and_nothing_is_written() -> None:
    body = made()
    with pytest.raises(ValidationError):
        made(tier="village")
    with pytest.raises(ValidationError), act() as acting:
        acting.change(body, tier="village")
    assert fresh(body).tier == "city" and len(statements(body)) == 1


def test_a_change_leaves_what_held_before() -> None:
    body, today = made(date(2020, 1, 1)), legal_time.today()
    with act() as acting:
        acting.change(body, name_zh="乙")
    assert fresh(body).name_zh == "乙"
    assert name_on(body, today - timedelta(days=1)) == "甲"
    assert name_on(body, today) == "乙"


def test_a_history_says_who_changed_what_and_why() -> None:
    body = made()
    with action(by="甲员", reason="更名") as acting:
        acting.change(body, name_zh="乙")
    newest = statements(body)[0]
    assert (newest.version.changed_by, newest.version.reason) == ("甲员", "更名")
    assert [(d.field, d.before, d.after) for d in newest.differences] == [("name_zh", "甲", "乙")]


def test_a_correction_of_the_past_does_not_hide_what_was_known() -> None:
    body, known = made(date(2020, 1, 1)), legal_time.now()
    advance(3)
    with act() as acting:
        acting.correct(body, valid_from=date(2021, 1, 1), valid_to=date(2022, 1, 1), name_zh="丙")
    assert name_on(body, date(2021, 6, 1)) == "丙"
    assert name_on(body, date(2021, 6, 1), known) == "甲"
    assert (name_on(body, date(2020, 6, 1)), name_on(body, date(2022, 1, 1))) == ("甲", "甲")
    assert fresh(body).name_zh == "甲"


def test_a_correction_touches_only_what_it_states() -> None:
    """Another field that had changed meanwhile stays on each day as it was."""
    body = made(date(2020, 1, 1))
    with act() as acting:
        body = acting.change(body, valid_from=date(2024, 1, 1), name_zh="乙")
        acting.correct(body, valid_from=date(2023, 1, 1), valid_to=date(2025, 1, 1), name_en="B")
    held = {
        day: as_of(Body, body.key, date(*day)) for day in [(2023, 6, 1), (2024, 6, 1), (2025, 6, 1)]
    }
    assert [(b.name_zh, b.name_en) for b in held.values()] == [  # type: ignore[union-attr]
        ("甲", "B"), ("乙", "B"), ("乙", "A")]  # fmt: skip


def test_the_past_of_an_ended_record_can_be_corrected() -> None:
    body = made(date(2020, 1, 1))
    with act() as acting:
        body = acting.end(body)
        acting.correct(body, valid_from=date(2021, 1, 1), valid_to=date(2022, 1, 1), name_zh="丙")
    assert name_on(body, date(2021, 6, 1)) == "丙"
    assert name_on(body, legal_time.today()) is None


def test_a_correction_until_a_day_to_come_ends_on_that_day() -> None:
    body, today = made(date(2020, 1, 1)), legal_time.today()
    with act() as acting:
        acting.correct(body, valid_from=today, valid_to=today + timedelta(days=2), name_zh="临")
    assert fresh(body).name_zh == "临"
    advance(2)
    sweep()
    assert fresh(body).name_zh == "甲" == name_on(body, legal_time.today())


def test_a_future_change_waits_until_its_day() -> None:
    body, today = made(), legal_time.today()
    with act() as acting:
        acting.change(body, valid_from=today + timedelta(days=3), name_zh="乙")
    for _ in range(2):
        advance(1)
        assert sweep()["in_force"] == 0
        assert fresh(body).name_zh == "甲"
    assert name_on(body, today + timedelta(days=3)) == "乙"
    advance(1)
    assert sweep()["in_force"] == 1
    assert (fresh(body).name_zh, fresh(body).version) == ("乙", 2)
    assert sweep()["in_force"] == 0


def test_a_change_made_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between finding that a version has come and writing it another act changes the record."""
    body, today = made(), legal_time.today()
    with act() as acting:
        acting.change(body, valid_from=today + timedelta(days=3), name_zh="乙")
    advance(3)
    real = temporal.marked

    @contextmanager
    def late() -> Iterator[None]:
        monkeypatch.setattr(temporal, "marked", real)
        with act() as acting:
            acting.change(fresh(body), name_zh="丙")
        with real():
            yield

    monkeypatch.setattr(temporal, "marked", late)
    assert temporal.bring_into_force(Body) == 0
    assert (fresh(body).name_zh, fresh(body).version) == ("丙", 3)


def test_a_fact_that_came_meanwhile_is_brought_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sweepers find the same record that is not in force yet; neither fails."""
    body, real = made(legal_time.today() + timedelta(days=2)), temporal.marked
    advance(2)

    @contextmanager
    def late() -> Iterator[None]:
        monkeypatch.setattr(temporal, "marked", real)
        assert temporal.bring_into_force(Body) == 1
        with real():
            yield

    monkeypatch.setattr(temporal, "marked", late)
    assert temporal.bring_into_force(Body) == 0
    assert fresh(body).name_zh == "甲"


def test_all_record_types_come_into_force_together() -> None:
    body, today = made(), legal_time.today()
    with act() as acting:
        acting.change(body, valid_from=today + timedelta(days=1), name_zh="乙")
        conclude("TEST-DAY", "a.b", body.code, "p", "b", ["e"], "t")
        agreement = Agreement.objects.get(number="TEST-DAY")
        acting.change(agreement, valid_from=today + timedelta(days=1), purpose="q")
    advance(1)
    assert temporal.bring_all_into_force() == 2
    assert fresh(body).name_zh == "乙"
    assert Agreement.objects.get(number="TEST-DAY").purpose == "q"


def test_a_change_today_leaves_a_waiting_change_of_another_field() -> None:
    body, today = made(), legal_time.today()
    with act() as acting:
        acting.change(body, valid_from=today + timedelta(days=3), name_zh="乙")
        acting.change(body, name_en="B")
    advance(3)
    sweep()
    assert (fresh(body).name_zh, fresh(body).name_en) == ("乙", "B")


def test_an_ended_record_stays_readable() -> None:
    body, today = made(date(2020, 1, 1)), legal_time.today()
    with act() as acting:
        acting.end(body)
    assert fresh(body).ended
    assert name_on(body, today) is None
    assert name_on(body, today - timedelta(days=1)) == "甲"


def test_a_bulk_load_writes_no_version_until_the_first_change() -> None:
    body = loaded(date(2019, 5, 1))
    assert statements(body) == []
    assert name_on(body, date(2019, 5, 1)) == "甲" and name_on(body, date(2019, 4, 30)) is None
    with act() as acting:
        acting.change(body, name_zh="乙")
    assert [(s.version.version, s.version.name_zh) for s in statements(body)] == [
        (2, "乙"), (1, "甲")]  # fmt: skip
    assert name_on(body, date(2019, 5, 1)) == "甲"


def test_a_stale_copy_cannot_be_changed() -> None:
    body = made()
    stale = fresh(body)
    with act() as acting:
        acting.change(body, name_zh="乙")
    with pytest.raises(Conflict), act() as acting:
        acting.change(stale, name_zh="丙")
    with pytest.raises(Conflict), act() as acting:
        acting.change(stale, valid_from=legal_time.today() + timedelta(days=9), name_zh="丙")
    assert fresh(body).name_zh == "乙" and len(statements(body)) == 2


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    body = made()
    with pytest.raises(ValueError, match="interval"), act() as acting:
        acting.correct(body, valid_from=date(2022, 1, 1), valid_to=date(2022, 1, 1), name_zh="丙")


class ConcurrentChanges(ProvinceTestCase):
    def test_of_two_changes_at_once_one_is_told_of_the_other(self) -> None:
        body = made()

        def change(name: str) -> Any:
            with act() as acting:
                return acting.change(fresh_copy, name_zh=name)

        fresh_copy = fresh(body)
        results = at_once(lambda: change("乙"), lambda: change("丙"))
        conflicts = [r for r in results if isinstance(r, Conflict)]
        winner = [r for r in results if isinstance(r, Body)]
        assert len(conflicts) == len(winner) == 1, results
        assert fresh(body).name_zh == winner[0].name_zh
        assert [s.version.version for s in statements(body)] == [2, 1]


# A naive model: for each instant at which something became known, what each day says.
SPAN = 24
Day = tuple[str, bool]


@dataclass
class Model:
    """Every day's (name, ended); a snapshot is kept for each instant."""

    days: list[Day | None] = field(default_factory=lambda: [None] * SPAN)
    snapshots: list[tuple[datetime, list[Day | None]]] = field(default_factory=list)

    def state(self, start: int, until: int | None, name: str | None, ended: bool) -> None:
        before = list(self.days)
        for day in range(start, SPAN if until is None else until):
            held, over = next(said for said in before[day:] if said is not None)
            self.days[day] = (name or held, ended or over)

    def keep(self) -> None:
        self.snapshots.append((legal_time.now(), list(self.days)))


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["change", "correct", "end"]),
        st.integers(0, SPAN - 2),
        st.integers(1, 10),
        st.sampled_from("乙丙丁戊"),
        st.integers(0, 2),
    ),
    max_size=5,
)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(born=st.integers(0, 12), load=st.booleans(), operations=OPERATIONS)
def test_any_sequence_of_statements_reads_back_as_it_was_made(
    born: int, load: bool, operations: list[tuple[str, int, int, str, int]]
) -> None:
    origin = legal_time.today() - timedelta(days=SPAN // 2)
    body = loaded(origin + timedelta(days=born)) if load else made(origin + timedelta(days=born))
    model = Model()
    model.days[born:] = [("甲", False)] * (SPAN - born)
    model.keep()
    for kind, start, length, name, pause in operations:
        advance(pause)
        sweep()
        day, until = origin + timedelta(days=start), min(start + length, SPAN)
        with act() as acting:
            body = fresh(body)
            if kind == "change":
                acting.change(body, valid_from=day, name_zh=name)
                model.state(start, None, name, False)
            elif kind == "end":
                acting.end(body, on=day)
                model.state(start, None, None, True)
            else:
                acting.correct(body, valid_from=day, valid_to=origin + timedelta(days=until),
                               name_zh=name)  # fmt: skip
                model.state(start, until, name, False)
        if model.snapshots[-1][0] == legal_time.now():
            model.snapshots.pop()
        model.keep()
    for known, days in model.snapshots:
        for offset, says in enumerate(days):
            expected = None if says is None or says[1] else says[0]
            assert name_on(body, origin + timedelta(days=offset), known) == expected
    sweep()
    now = model.days[(legal_time.today() - origin).days]
    assert now is None or (fresh(body).name_zh, fresh(body).ended) == now
