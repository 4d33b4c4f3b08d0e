"""Why an act cannot be done, and doing it again where two counters met."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError

from lingnan.kernel.runtime.api import Conflict

T = TypeVar("T")
ATTEMPTS = 5


class Refused(Exception):
    """The register cannot say what was asked of it; `code` is put into words by the pages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def steadily(act: Callable[[], T]) -> T:
    """Do a whole act again when another one took its number or changed its household meanwhile."""
    for attempt in range(ATTEMPTS):
        try:
            return act()
        except (Conflict, IntegrityError):
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError
