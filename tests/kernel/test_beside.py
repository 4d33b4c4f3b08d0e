"""Things that are made in a process beside."""

import os
import signal
from collections.abc import Iterator
from functools import partial

import pytest

from lingnan.kernel.runtime.temporal.beside import BrokeOff, made_beside

pytestmark = [pytest.mark.kernel]


def things(count: int, last: str) -> Iterator[tuple[int, int]]:
    for place in range(count):
        yield place, os.getpid()
    if last == "raise":
        raise ValueError("no more of these")
    if last == "die":
        os.kill(os.getpid(), signal.SIGKILL)


def test_they_come_in_their_order_from_another_process() -> None:
    made = list(made_beside(things(50, "")))
    assert [place for place, _pid in made] == list(range(50))
    assert {pid for _place, pid in made} != {os.getpid()}


@pytest.mark.parametrize(("last", "said"), [("raise", "no more of these"), ("die", "was killed")])
def test_what_ends_too_early_is_told(last: str, said: str) -> None:
    with pytest.raises(BrokeOff, match=said):
        list(made_beside(things(2, last)))


def test_who_takes_no_more_leaves_no_process() -> None:
    taken = made_beside(things(10_000, ""))
    _place, pid = next(taken)
    taken.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_calls_are_sent_along() -> None:
    assert next(made_beside([partial(max, 3)]))(5) == 5
