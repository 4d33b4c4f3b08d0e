"""Running the library's coroutines, and keeping it quiet."""

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # Their tracebacks of broken documents say nothing that the report does not say.
    if logging.getLogger(_name).level == logging.NOTSET:
        logging.getLogger(_name).setLevel(logging.CRITICAL)


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run the library's coroutines to their end, inside an event loop's thread too."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
