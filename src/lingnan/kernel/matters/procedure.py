"""The legal procedure of a licence: one explicit state machine for every matter.

Articles are those of 行政许可法 (2019-04-23) unless a matter's own law says otherwise.
"""

from types import MappingProxyType

# (state, event) → state. What is not here is refused.
TRANSITIONS = MappingProxyType(
    {
        ("", "received"): "received",
        ("received", "correction_asked"): "correction",  # Art. 32(4)
        ("received", "not_accepted"): "not_accepted",  # Art. 32(1), (2)
        ("received", "accepted"): "in_review",  # Art. 32(5)
        ("received", "deemed_accepted"): "in_review",  # Art. 32(4)
        ("received", "withdrawn"): "withdrawn",
        ("correction", "corrected"): "received",
        ("correction", "withdrawn"): "withdrawn",
        ("in_review", "step_done"): "in_review",
        ("in_review", "supplemented"): "in_review",  # promised at acceptance
        ("suspended", "supplemented"): "suspended",
        ("in_review", "record_read"): "in_review",  # a record made meanwhile
        ("received", "record_read"): "received",
        ("correction", "record_read"): "correction",
        ("suspended", "record_read"): "suspended",
        ("in_review", "record_missed"): "in_review",  # what would have made it ended
        ("received", "record_missed"): "received",
        ("correction", "record_missed"): "correction",
        ("suspended", "record_missed"): "suspended",
        ("in_review", "suspended"): "suspended",  # Art. 45
        ("in_review", "extended"): "in_review",  # Art. 42
        ("in_review", "decided"): "decided",  # Art. 38
        ("in_review", "withdrawn"): "withdrawn",
        ("suspended", "resumed"): "in_review",
        ("suspended", "withdrawn"): "withdrawn",
        ("decided", "delivered"): "delivered",  # Art. 44
        ("decided", "step_done"): "decided",
        ("delivered", "step_done"): "delivered",
        ("delivered", "rated"): "delivered",
    }
    # What is told of a record on which the case rests, and what its body does about that.
    | {
        (state, event): state
        for state in ("received", "correction", "in_review", "suspended", "decided", "delivered")
        for event in ("record_changed", "record_ended", "change_noted")
    }
    | {
        (state, "record_read_anew"): state
        for state in ("received", "correction", "in_review", "suspended")
    }
)
FINISHED = frozenset({"not_accepted", "withdrawn", "delivered"})


class OutOfOrder(Exception):
    """The step does not follow from the state that the case is in."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"{event} does not follow {state or 'nothing'}")
        self.state, self.event = state, event


def after(state: str, event: str) -> str:
    """The state after an event. Raises OutOfOrder."""
    try:
        return TRANSITIONS[(state, event)]
    except KeyError:
        raise OutOfOrder(state, event) from None


def may(state: str, event: str) -> bool:
    return (state, event) in TRANSITIONS
