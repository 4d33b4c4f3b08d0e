"""Answers that follow from a record type's declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.registry.api import Record
from lingnan.kernel.runtime.api import legal_time


@dataclass(frozen=True)
class FromRecords:
    """Answers with the elements of a record type, newest record first.

    `subject` is the field by which the records know who is asked about: `key` where the
    record is the subject's own, else a field with this system's pseudonym. A resource that
    answers so can be followed.
    """

    model: type[Record]
    subject: str

    def __call__(self, asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
        found: dict[Any, list[Mapping[str, Any]]] = {}
        rows = self.model.objects.filter(**{f"{self.subject}__in": asked}, ended=False)
        for record in rows.order_by("-valid_from", "-key"):
            found.setdefault(getattr(record, self.subject), []).append(_row(record))
        return found


from_records = FromRecords


def plain(value: Any) -> Any:
    """A value as the exchange carries it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _row(record: Record) -> Mapping[str, Any]:
    values = {code: getattr(record, name) for code, name in record.record.elements.items()}
    return {
        "values": {code: plain(value) for code, value in values.items()},
        "record": f"{record._meta.app_label}.{record._meta.model_name}",
        "version": record.version,
        "as_of": record.recorded_at.astimezone(legal_time.CHINA).date().isoformat(),
    }
