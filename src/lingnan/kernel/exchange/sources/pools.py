"""Open connections to databases, a few to each, given back after every question."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from lingnan.kernel.exchange.sources.driver import Connection
from lingnan.kernel.exchange.sources.failures import SourceFailure

MOST, PATIENCE, IDLE = 4, 2.0, 60.0
T = TypeVar("T")


class Pool(Generic[T]):
    """At most `MOST` connections; whoever comes when all are taken waits `PATIENCE` seconds."""

    def __init__(self, connect: Callable[[], T], close: Callable[[T], Any]) -> None:
        self._connect, self._close = connect, close
        self._free: list[tuple[float, T]] = []
        self._lock = threading.Lock()
        self._places = threading.Semaphore(MOST)

    @contextlib.contextmanager
    def taken(self) -> Iterator[T]:
        """One connection; after any failure it is closed. Raises SourceFailure("limit")."""
        if not self._places.acquire(timeout=PATIENCE):
            raise SourceFailure("limit", f"{MOST}")
        try:
            one = self._young() or self._connect()
            try:
                yield one
            except BaseException:
                self._end(one)
                raise
            with self._lock:
                self._free.append((time.monotonic(), one))
        finally:
            self._places.release()

    def _young(self) -> T | None:
        self.tidy()
        with self._lock:
            return self._free.pop()[1] if self._free else None

    def tidy(self) -> None:
        """Close what nobody has used for a while."""
        with self._lock:
            old = [one for since, one in self._free if time.monotonic() - since >= IDLE]
            self._free = [row for row in self._free if row[1] not in old]
        for one in old:
            self._end(one)

    def _end(self, one: T) -> None:
        with contextlib.suppress(Exception):
            self._close(one)

    def clear(self) -> None:
        """Close what nobody holds."""
        with self._lock:
            free, self._free = self._free, []
        for _since, one in free:
            self._end(one)


_pools: dict[tuple[int, Connection], Pool[Any]] = {}
_making = threading.Lock()


def pool_of(connection: Connection, connect: Callable[[], T], close: Callable[[T], Any]) -> Pool[T]:
    """The pool of a connection in this process."""
    mark = (os.getpid(), connection)
    with _making:
        if mark not in _pools:
            # A connection that was changed elsewhere is asked for no more, and would stay open.
            for other in _pools.values():
                other.tidy()
            _pools[mark] = Pool(connect, close)
        return _pools[mark]


def forget(connection: Connection) -> None:
    """Close what is open to a connection."""
    with _making:
        pool = _pools.pop((os.getpid(), connection), None)
    if pool is not None:
        pool.clear()
