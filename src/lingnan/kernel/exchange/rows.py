"""Which rows of an answer an agreement lets through: conditions on their values.

    conditions = condition { ";" condition }
    condition  = element ( "=" | "!=" | ">=" | "<=" | "under" ) value { "|" value }

`under` asks whether a division's code lies below another one. The value `today` is the legal day,
`territory` the division of the body that asks. All conditions must hold; a value that is not on
record fulfils none. Nothing of it is evaluated as code.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lingnan.kernel.exchange.wording import NotATerm
from lingnan.kernel.registry.records import significant
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Body

TODAY, TERRITORY = "today", "territory"
_CONDITION = re.compile(r"([a-z][a-z0-9_.]{0,79}) *(!=|>=|<=|=| under ) *((?![=<>!])[^;]{1,200})")
LONGEST, MOST = 400, 10


@dataclass(frozen=True)
class Condition:
    element: str
    operator: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.element} {self.operator} {'|'.join(self.values)}"


@dataclass(frozen=True)
class Asker:
    """What the words of a condition stand for at a use: the legal day (ISO), the division's code
    by its significant digits, None where the body has none."""

    today: str
    territory: str | None

    def meant(self, word: str) -> str | None:
        """What a value stands for; None where it stands for nothing."""
        return {TODAY: self.today, TERRITORY: self.territory}.get(word, word)


def asker(consumer: str) -> Asker:
    """Who asks, today."""
    division = Body.objects.filter(code=consumer).values_list("division", flat=True).first()
    return Asker(legal_time.today().isoformat(), significant(division) if division else None)


@lru_cache(maxsize=1024)
def read(text: str) -> tuple[Condition, ...]:
    """The conditions of a text; of an empty one none. Raises NotATerm."""
    if not isinstance(text, str) or len(text) > LONGEST or not text.isprintable():
        raise NotATerm("rows")
    found = [_condition(one.strip()) for one in text.split(";")] if text.strip() else []
    if len(found) > MOST:
        raise NotATerm("rows")
    return tuple(found)


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    values = tuple(one.strip() for one in found[3].split("|")) if found else ()
    if found is None or not all(values):
        raise NotATerm("rows")
    return Condition(found[1], found[2].strip(), values)


def let_through(conditions: Sequence[Condition], who: Asker, values: Mapping[str, Any]) -> bool:
    """Whether a row fulfils all of them."""
    return all(_holds(one, who, values.get(one.element)) for one in conditions)


def _holds(one: Condition, who: Asker, value: Any) -> bool:
    if value is None or value == "":
        return False
    wanted = [meant for word in one.values if (meant := who.meant(word)) is not None]
    compared = [_compared(one.operator, value, word) for word in wanted]
    return all(compared) and bool(wanted) if one.operator == "!=" else any(compared)


def _compared(operator: str, value: Any, word: str) -> bool:
    if operator == "under":
        return str(value).startswith(significant(word))
    own, other = _alike(value, word)
    if own is None:
        return False
    return bool({
        "=": own == other, "!=": own != other, ">=": own >= other, "<=": own <= other,
    }[operator])  # fmt: skip


def _alike(value: Any, word: str) -> tuple[Any, Any]:
    """Both as numbers, or both as texts; None where a number is compared with what is none."""
    if isinstance(value, bool):
        return str(value).lower(), word
    if isinstance(value, int | float):
        try:
            return float(value), float(word)
        except ValueError:
            return None, None
    return str(value), word
