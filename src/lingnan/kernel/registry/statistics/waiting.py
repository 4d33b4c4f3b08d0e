"""Counts that take long are made beside the request: it says so, and the next one has them.

The whole province in one table is seconds of work. Only what touches neither the database nor a
language may be made so: a columnar copy, which never changes, and numbers.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar

PATIENCE = 1.0
# What was asked for lately; everybody's questions are few.
KEPT = 32
T = TypeVar("T")

_beside: ContextVar[bool] = ContextVar("beside", default=False)
_made: OrderedDict[Hashable, Future[Any]] = OrderedDict()
_lock = Lock()
_worker = ThreadPoolExecutor(1, thread_name_prefix="counting")


class StillCounting(Exception):
    """The count goes on; whoever asks again gets it when it is there."""


@contextmanager
def beside() -> Iterator[None]:
    """Within it a count that takes more than a moment raises StillCounting and goes on."""
    token = _beside.set(True)
    try:
        yield
    finally:
        _beside.reset(token)


def made(key: Hashable, work: Callable[[], T]) -> T:
    """What the work makes: at once, or within `beside` by the one thread that counts.

    Raises StillCounting, and what the work raises.
    """
    if not _beside.get():
        return work()
    with _lock:
        future = _made.pop(key, None) or _worker.submit(work)
        _made[key] = future
        while len(_made) > KEPT:
            _made.popitem(last=False)
    if not wait([future], PATIENCE).done:
        raise StillCounting
    if future.exception() is not None:
        with _lock:
            _made.pop(key, None)
    found: T = future.result()
    return found
