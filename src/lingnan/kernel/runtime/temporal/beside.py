"""Making things in a process beside this one, while this one takes them."""

import multiprocessing
import os
import queue
import traceback
from collections.abc import Iterable, Iterator
from multiprocessing.context import ForkProcess
from typing import Any, TypeVar

T = TypeVar("T")
FORK = multiprocessing.get_context("fork")
# How many things may lie ready, and how often a process that says nothing is looked at.
AHEAD, SECONDS = 6, 1.0


class BrokeOff(Exception):
    """The process beside ended before it had made everything; the words are what it said."""


def made_beside(things: Iterable[T]) -> Iterator[T]:
    """The things in their order, the next ones made while one is worked with.

    They are made in a fork of this process, which must not ask a database nor draw keys: both
    belong to one process. Things are pickled. Raises BrokeOff.
    """
    made: Any = FORK.Queue(maxsize=AHEAD)
    process = FORK.Process(target=_make, args=(things, made), daemon=True)
    process.start()
    try:
        while True:
            kind, thing = _next(made, process)
            if kind == "end":
                return
            if kind == "fault":
                raise BrokeOff(thing)
            yield thing
    finally:
        process.kill()
        process.join()


def _next(made: Any, process: ForkProcess) -> Any:
    """What was made next: (kind, thing)."""
    while True:
        alive = process.is_alive()  # looked at first: what it said before its end still counts
        try:
            return made.get(timeout=SECONDS)
        except queue.Empty:
            if not alive:
                return "fault", "the process that makes them was killed"


def _make(things: Iterable[Any], made: Any) -> None:
    try:
        for thing in things:
            made.put(("thing", thing))
        made.put(("end", None))
    except BaseException:
        made.put(("fault", traceback.format_exc()))
    made.close()
    made.join_thread()
    # Without the clearing up of a process that ends: what it would close is not its own.
    os._exit(0)
