"""What rooms and systems do once on each legal day: their module `daily`, found by name.

It has `daily() -> int`, which returns how much was done. A process may be killed in it and
another may run it at the same moment, so it must be right to run it again.
"""

import logging
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.apps import Room, System

logger = logging.getLogger(__name__)


class Daily:
    """Remembers who has done the day, so that only what failed is tried again."""

    def __init__(self) -> None:
        self._done: dict[str, date] = {}

    def run(self) -> dict[str, int]:
        """Let everybody do the day who has not; one that fails does not hold up the others."""
        today, found = legal_time.today(), {}
        for label, module in _modules().items():
            if self._done.get(label) == today:
                continue
            try:
                found[label] = import_module(module).daily()
            except Exception:
                logger.exception("the day of %s failed and is tried again", label)
            else:
                self._done[label] = today
        return found


def run() -> dict[str, int]:
    """The day of everybody, whoever has done it already: after legal time was moved."""
    return Daily().run()


def _modules() -> dict[str, str]:
    """Label → module of those who declare a day, rooms before systems."""
    configs = [one for one in apps.get_app_configs() if isinstance(one, Room | System)]
    return {
        one.label: f"{one.name}.daily"
        for one in sorted(configs, key=lambda one: isinstance(one, System))
        if find_spec(f"{one.name}.daily")
    }
