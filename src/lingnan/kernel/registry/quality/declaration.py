"""Rules of quality: what must hold of each row of a register. Declared, never SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lingnan.kernel.runtime.api import Title


@dataclass(frozen=True)
class Filled:
    """Completeness: the field says something."""

    field: str


@dataclass(frozen=True)
class Shaped:
    """Format: the whole of the field matches a regular expression (RE2)."""

    field: str
    pattern: str


@dataclass(frozen=True)
class Accepted:
    """A test of a standard, `accepts(value) -> bool`, such as a checksum."""

    field: str
    accepts: Callable[[str], bool]


@dataclass(frozen=True)
class Agrees:
    """Consistency: what is read out of one field (`read(value) -> text`) is what another says.

    A date is compared as YYYY-MM-DD; `read` returning None says nothing and is no agreement.
    """

    field: str
    read: Callable[[str], str | None]
    other: str


@dataclass(frozen=True)
class Unique:
    """No two rows that hold say the same."""

    field: str


@dataclass(frozen=True)
class Ordered:
    """The date of `field` is not after that of `other`; an empty one is not in the way."""

    field: str
    other: str


@dataclass(frozen=True)
class NotAhead:
    """Timeliness: the date is not after the day on which it is checked."""

    field: str


@dataclass(frozen=True)
class Refers:
    """The value is the `target` of a row of another record type of the same system, by its name."""

    field: str
    record_type: str
    target: str


Check: TypeAlias = Filled | Shaped | Accepted | Agrees | Unique | Ordered | NotAhead | Refers


@dataclass(frozen=True)
class Applies:
    """To which rows a rule applies: those whose field says something, or one of `values`."""

    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class QualityRule:
    """One rule. Good rows by the rows to which it applies are its score.

    `applies` None: all rows. The fields of both stand in `projected`.
    """

    code: str
    title: Title
    check: Check
    applies: Applies | None = None
