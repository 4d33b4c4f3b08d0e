"""Value domains: what an element may say, and whether what somebody asks for fits into it."""

from collections.abc import Sequence
from dataclasses import dataclass

DATATYPES = ("text", "integer", "number", "boolean", "date", "instant", "structure")
# What of a form or a column fits into an element: asked → element.
_FITS = {
    "text": {"text"},
    "integer": {"integer", "number"},
    "number": {"number"},
    "boolean": {"boolean"},
    "date": {"date"},
    "instant": {"instant"},
    "structure": {"structure"},
}
# Whatever a form's number is typed into, the element decides whether it is whole.
_ASKED = {"number": {"integer", "number"}}


class BadValues(ValueError):
    """A list of permissible values that cannot be read; `line` is the first bad one, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(str(line))
        self.line = line


@dataclass(frozen=True)
class Value:
    """A permissible value with its meaning in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Domain:
    """Datatype of `DATATYPES` ("" where it is unknown), greatest length in characters, values."""

    datatype: str
    length: int | None = None
    values: tuple[str, ...] = ()


def read_values(text: str) -> tuple[Value, ...]:
    """Permissible values, one a line: `code=中文=English`. Raises BadValues."""
    found: dict[str, Value] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("=")]
        if len(parts) not in (2, 3) or not all(parts) or parts[0] in found:
            raise BadValues(number)
        found[parts[0]] = Value(parts[0], parts[1], parts[-1])
    return tuple(found.values())


def written(values: Sequence[Value]) -> str:
    """The text that `read_values` reads."""
    return "\n".join(f"{one.code}={one.zh}={one.en}" for one in values)


def breaks(element: Domain, asked: Domain, of_form: bool = False) -> list[str]:
    """How what is asked or held goes beyond the element: datatype, length, values.

    Where the datatype does not fit, nothing else is compared.
    """
    if element.datatype and asked.datatype:
        known = (_ASKED if of_form else {}).get(asked.datatype, _FITS[asked.datatype])
        if element.datatype not in known:
            return ["datatype"]
    found = []
    if element.length and asked.length and not asked.values and asked.length > element.length:
        found.append("length")
    if element.values and asked.values and not set(asked.values) <= set(element.values):
        found.append("values")
    return found


def beyond(element: Domain, asked: Domain) -> list[str]:
    """The values asked for that the element does not have, in their order."""
    return [one for one in asked.values if one not in element.values]
