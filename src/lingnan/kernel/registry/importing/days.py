"""Days as people write them, and the declaration that one may lie in the future."""

import re
from datetime import date
from typing import Any

FORMS = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|(\d{2})(\d{2})|年(\d{1,2})月(\d{1,2})日)(?:[ T]00:00(?::00)?)?"
)


def days_to_come(value: Any) -> None:
    """A validator that refuses nothing: it declares that the field's day may lie in the future."""


def read_day(text: str) -> date:
    """2011-06-30, 2011/6/30, 2011.6.30, 20110630 or 2011年6月30日. Raises ValueError."""
    found = FORMS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, *rest = (int(part) for part in found.groups() if part is not None)
    return date(year, *rest)
