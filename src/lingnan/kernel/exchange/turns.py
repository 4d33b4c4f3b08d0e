"""Uses of one process take turns while they read.

Python runs one thread at a time. Threads that hand it to each other at every statement spend more
on that than on the statements; who waits at one lock costs nothing. Nobody waits long: whoever has
not had a turn in time goes on beside the others, so that one slow holder holds up none of them.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE = 0.05
"""Seconds that a use waits for its turn."""
_turn = threading.RLock()


@contextmanager
def taken() -> Iterator[None]:
    """For what is done inside. On a database server the reading waits elsewhere: no turns."""
    mine = connection.vendor == "sqlite" and _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turn.release()
