"""Giving memory back after the copies were read: a node's processes live long and do so rarely."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def given_back() -> Iterator[None]:
    """What the block took and let go of returns to the machine; Linux alone can be asked to."""
    try:
        yield
    finally:
        if "pyarrow" in sys.modules:
            sys.modules["pyarrow"].default_memory_pool().release_unused()
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
