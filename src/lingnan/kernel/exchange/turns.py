"""Uses of one process take turns while they read.

Python runs one thread at a time. Threads that hand it to each other at every statement spend more
on that than on the statements; who waits for a turn costs nothing. A turn is handed to whoever has
waited longest: one that is only woken to try for it would find it taken again, and sleep again.
Nobody waits long: whoever has not had a turn in time goes on beside the others, so that one slow
holder holds up none of them.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE = 0.05
"""Seconds that a use waits for its turn."""


class _Waiting:
    """One that waits; `lock` is held until the turn is its own."""

    __slots__ = ("lock", "thread")

    def __init__(self, thread: int) -> None:
        self.thread = thread
        self.lock = threading.Lock()
        self.lock.acquire()


class Turns:
    """A lock that its holder may take again, handed on in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._holder, self._depth = 0, 0

    def take(self, patience: float) -> bool:
        """Whether it came to be one's own in so many seconds."""
        me = threading.get_ident()
        with self._guard:
            if self._depth == 0 or self._holder == me:
                self._holder = me
                self._depth += 1
                return True
            own = _Waiting(me)
            self._waiting.append(own)
        if own.lock.acquire(timeout=patience):
            return True
        with self._guard:
            if self._holder == me:
                return True
            self._waiting.remove(own)
            return False

    def hand_on(self) -> None:
        """Let it go: to whoever waits first."""
        with self._guard:
            self._depth -= 1
            if self._depth == 0 and self._waiting:
                following = self._waiting.popleft()
                self._holder, self._depth = following.thread, 1
                following.lock.release()


_turns = Turns()


@contextmanager
def taken() -> Iterator[None]:
    """For what is done inside. On a database server the reading waits elsewhere: no turns."""
    mine = connection.vendor == "sqlite" and _turns.take(PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turns.hand_on()
