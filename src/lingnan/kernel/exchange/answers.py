"""Answers that follow from a record type's declaration."""

from collections.abc import Mapping, Sequence
from typing import Any

from lingnan.kernel.exchange.catalogue import Answers
from lingnan.kernel.registry.api import Record
from lingnan.kernel.runtime.api import legal_time


def from_records(model: type[Record], subject: str) -> Answers:
    """Answers with the elements of a record type, newest record first.

    `subject` is the field by which the records know who is asked about: `key` where the
    record is the subject's own, else a field with this system's pseudonym.
    """

    def answer(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
        found: dict[Any, list[Mapping[str, Any]]] = {}
        rows = model.objects.filter(**{f"{subject}__in": asked}, ended=False)
        for record in rows.order_by("-valid_from", "-key"):
            found.setdefault(getattr(record, subject), []).append(_row(record))
        return found

    return answer


def _row(record: Record) -> Mapping[str, Any]:
    values = {code: getattr(record, name) for code, name in record.record.elements.items()}
    return {
        "values": {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()},
        "record": f"{record._meta.app_label}.{record._meta.model_name}",
        "version": record.version,
        "as_of": record.recorded_at.astimezone(legal_time.CHINA).date().isoformat(),
    }
