"""The legal procedure is one table; what is not in it is refused."""

import itertools

import pytest

from lingnan.kernel.matters import procedure
from lingnan.kernel.matters.procedure import OutOfOrder, after, may

# 行政许可法 (2019-04-23), read anew from the law for this test: (state, event, next state).
ALLOWED = """
-          received          received
received   correction_asked  correction
received   not_accepted      not_accepted
received   accepted          in_review
received   deemed_accepted   in_review
received   withdrawn         withdrawn
correction corrected         received
correction withdrawn         withdrawn
in_review  step_done         in_review
in_review  suspended         suspended
in_review  extended          in_review
in_review  decided           decided
in_review  withdrawn         withdrawn
suspended  resumed           in_review
suspended  withdrawn         withdrawn
decided    delivered         delivered
decided    step_done         decided
delivered  step_done         delivered
in_review  supplemented      in_review
suspended  supplemented      suspended
received   record_read       received
correction record_read       correction
in_review  record_read       in_review
suspended  record_read       suspended
received   record_missed     received
correction record_missed     correction
in_review  record_missed     in_review
suspended  record_missed     suspended
delivered  rated             delivered
received   record_changed    received
received   record_ended      received
correction record_changed    correction
correction record_ended      correction
in_review  record_changed    in_review
in_review  record_ended      in_review
suspended  record_changed    suspended
suspended  record_ended      suspended
decided    record_changed    decided
decided    record_ended      decided
delivered  record_changed    delivered
delivered  record_ended      delivered
received   change_noted      received
correction change_noted      correction
in_review  change_noted      in_review
suspended  change_noted      suspended
decided    change_noted      decided
delivered  change_noted      delivered
received   record_read_anew  received
correction record_read_anew  correction
in_review  record_read_anew  in_review
suspended  record_read_anew  suspended
"""
TABLE = {
    (state.replace("-", ""), event): then
    for state, event, then in (line.split() for line in ALLOWED.strip().splitlines())
}
STATES = sorted({state for state, _ in TABLE} | set(TABLE.values()))
EVENTS = sorted({event for _, event in TABLE})


@pytest.mark.parametrize(("state", "event"), list(itertools.product(STATES, EVENTS)))
def test_an_event_follows_a_state_only_where_the_law_says_so(state: str, event: str) -> None:
    assert may(state, event) == ((state, event) in TABLE)
    if (state, event) in TABLE:
        assert after(state, event) == TABLE[state, event]
    else:
        with pytest.raises(OutOfOrder):
            after(state, event)


def test_the_procedure_knows_no_other_states_and_events() -> None:
    assert set(procedure.TRANSITIONS) == set(TABLE)


@pytest.mark.parametrize("state", ["not_accepted", "withdrawn"])
def test_what_is_closed_stays_closed(state: str) -> None:
    assert state in procedure.FINISHED
    assert not any(may(state, event) for event in EVENTS)
