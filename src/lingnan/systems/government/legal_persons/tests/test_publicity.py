"""What follows from what a firm publishes: 企业信息公示暂行条例 (2014-08-07) Art. 10, 13, 17."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.legal_persons.rules import publicity

DAYS = st.dates(date(2014, 10, 1), date(2060, 12, 31))
MAYBE = st.none() | DAYS


@given(MAYBE, MAYBE)
def test_no_correction_moves_the_last_day_back(before: date | None, now: date | None) -> None:
    left = publicity.still_due(before, now)
    assert left in (before, now)
    assert before is None or (left is not None and left <= before)


@given(DAYS)
def test_nobody_is_ordered_before_the_last_day_has_passed(due: date) -> None:
    assert not publicity.may_order(due, due)
    assert publicity.may_order(due, due + timedelta(days=1))
    assert not publicity.may_order(None, due)


def test_only_what_is_found_false_leads_to_the_list() -> None:
    grounds = {one: publicity.ground(one) for one in publicity.Outcome}
    assert {one for one, ground in grounds.items() if ground} == {publicity.Outcome.FALSE}
    assert publicity.Outcome.FALSE not in publicity.outcomes("question")
    assert publicity.answer_days() == 20
