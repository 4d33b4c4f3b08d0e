"""Threads that take turns at what one of them does at a time."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial

from lingnan.kernel.exchange.turns import Turns

LONG = 10.0


def begun(what: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=what)
    thread.start()
    return thread


def waits(turns: Turns, count: int) -> None:
    """Until so many wait."""
    until = time.monotonic() + LONG
    while len(turns._waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_a_turn_goes_to_whoever_has_waited_longest() -> None:
    turns, order, threads = Turns(), list[int](), []

    def one(number: int) -> None:
        assert turns.take(LONG)
        order.append(number)
        turns.hand_on()

    assert turns.take(0)
    for number in range(5):
        threads.append(begun(partial(one, number)))
        waits(turns, number + 1)
    assert not order
    turns.hand_on()
    for thread in threads:
        thread.join(LONG)
    assert order == [0, 1, 2, 3, 4]


def test_its_holder_takes_it_again_and_gives_it_up_with_the_last() -> None:
    turns, seen = Turns(), list[bool]()
    assert turns.take(0) and turns.take(0)
    turns.hand_on()
    begun(lambda: seen.append(turns.take(0))).join(LONG)
    turns.hand_on()
    begun(lambda: seen.append(turns.take(0))).join(LONG)
    assert seen == [False, True]


def test_who_has_waited_long_enough_goes_on_without_and_holds_nobody_up() -> None:
    turns, got = Turns(), dict[str, bool]()
    assert turns.take(0)
    hasty = begun(lambda: got.__setitem__("hasty", turns.take(0.01)))
    waits(turns, 1)
    patient = begun(lambda: got.__setitem__("patient", turns.take(LONG)))
    hasty.join(LONG)
    assert got == {"hasty": False}
    turns.hand_on()
    patient.join(LONG)
    assert got == {"hasty": False, "patient": True}


def test_one_has_it_at_a_time_whoever_gives_up_waiting() -> None:
    turns, inside, most, had = Turns(), list[int](), list[int](), list[bool]()

    def one(seed: int) -> None:
        chance = random.Random(seed)
        for _round in range(150):
            mine = turns.take(chance.choice((0.0, 0.0002, 0.001, LONG)))
            had.append(mine)
            if mine:
                inside.append(seed)
                most.append(len(inside))
                if chance.random() < 0.1:
                    time.sleep(0.0005)
                inside.remove(seed)
                turns.hand_on()

    threads = [begun(partial(one, seed)) for seed in range(8)]
    for thread in threads:
        thread.join(60)
    assert len(had) == 8 * 150 and {True, False} == set(had)
    assert set(most) == {1}
    assert turns.take(0), "nobody has it any more"
