"""Answers that follow from a record type's declaration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from lingnan.kernel.exchange import columns
from lingnan.kernel.registry.api import Record
from lingnan.kernel.runtime.api import legal_time

Row = Mapping[str, Any]
Kind = TypeVar("Kind", bound=Record)


@dataclass(frozen=True)
class FromRecords:
    """Answers with the elements of a record type, newest record first.

    `subject` is the field by which the records know who is asked about: `key` where the
    record is the subject's own, else a field with this system's pseudonym. A resource that
    answers so can be followed.
    """

    model: type[Record]
    subject: str

    def __call__(self, asked: Sequence[Any]) -> Mapping[Any, Sequence[Row]]:
        codes = list(self.model.record.elements)
        fields = list(self.model.record.elements.values())
        named = f"{self.model._meta.app_label}.{self.model._meta.model_name}"
        found: dict[Any, list[Row]] = {}
        told = (self.subject, "version", columns.RECORDED, *fields)
        for whom, version, recorded, *values in columns.read(self.model, self.subject, told, asked):
            said = {code: plain(value) for code, value in zip(codes, values, strict=True)}
            row = {"values": said, "record": named, "version": version}
            row["as_of"] = day_said(recorded)
            found.setdefault(whom, []).append(row)
        return found


from_records = FromRecords


def plain(value: Any) -> Any:
    """A value as the exchange carries it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def plainly(column: Sequence[Any]) -> list[Any]:
    """The same for a column; most have nothing to say otherwise."""
    odd = next((one for one in column if one is not None), None)
    return [plain(one) for one in column] if hasattr(odd, "isoformat") else list(column)


def answer_row(values: Mapping[str, Any], model: type[Record], newest: Record | None) -> Row:
    """One row of an answer: what is said of a register, and the newest record that says it.

    Without one, that nothing is on record is said as of today.
    """
    known = newest.recorded_at if newest is not None else legal_time.now()
    return {
        "values": {code: plain(value) for code, value in values.items()},
        "record": f"{model._meta.app_label}.{model._meta.model_name}",
        "version": newest.version if newest is not None else 0,
        "as_of": day_of(known),
    }


def day_of(at: datetime) -> str:
    """The day in China of an instant, in ISO 8601."""
    return at.astimezone(legal_time.CHINA).date().isoformat()


@lru_cache(maxsize=65536)
def day_said(at: str) -> str:
    """The same of an instant as `columns.RECORDED` has it."""
    found = datetime.fromisoformat(at)
    return day_of(found.replace(tzinfo=found.tzinfo or UTC))


def grouped(asked: Iterable[Any], records: Iterable[Kind], field: str) -> dict[Any, list[Kind]]:
    """The records by whom they are about, in their order; of whom there is none, an empty list.

    For answers in which that nothing is on record is said, too.
    """
    found: dict[Any, list[Kind]] = {one: [] for one in asked}
    for record in records:
        found[getattr(record, field)].append(record)
    return found
