"""The one test class that empties guarded tables: everything else is rolled back.

Threads and second connections see only what is committed, so a test of them cannot be rolled
back. After it every table is emptied, with the write guards laid aside for that moment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.db import connection, connections
from django.test import TransactionTestCase

from lingnan.kernel.runtime.temporal import guards
from lingnan.kernel.runtime.text import index as text


@contextmanager
def guards_aside() -> Iterator[None]:
    """No guard stands in this block; all stand again after it, whatever happened."""
    guards.remove()
    try:
        yield
    finally:
        guards.install()


class CommittedTestCase(TransactionTestCase):
    """Each test commits for real. `lay_out` fills the tables when a test finds them empty."""

    def lay_out(self) -> None:
        """What every test of the class needs; called before each."""

    def setUp(self) -> None:
        super().setUp()
        self.lay_out()

    def _fixture_teardown(self) -> None:
        with guards_aside():
            super()._fixture_teardown()  # type: ignore[misc]
            text.clear()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads of their own connections; what each returned, or its exception."""
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            results[place] = acts[place]()
        except Exception as problem:  # the caller looks at it
            results[place] = problem
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.ensure_connection()
    return results
