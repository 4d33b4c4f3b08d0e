"""What systems do again and again while the node runs: their module `rounds`, found by name.

It has `EVERY`, seconds between two rounds, and `round() -> int`, which returns how much was done.
A process may be killed in it and another may run it at the same moment. A round is short: what is
much is done in several.
"""

import logging
import time
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from lingnan.kernel.runtime.apps import System

logger = logging.getLogger(__name__)


class Rounds:
    """Remembers when each system's next round is due."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def run(self) -> dict[str, int]:
        """The rounds that are due; one that fails does not hold up the others."""
        found = {}
        for config in apps.get_app_configs():
            name = f"{config.name}.rounds"
            due = time.monotonic() >= self._next.get(config.label, 0.0)
            if not isinstance(config, System) or not due or find_spec(name) is None:
                continue
            module = import_module(name)
            self._next[config.label] = time.monotonic() + float(module.EVERY)
            try:
                found[config.label] = int(module.round())
            except Exception:
                logger.exception("a round of %s failed and is tried again", config.label)
        return found
