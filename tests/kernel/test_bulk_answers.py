"""Columns read without the ORM say what the records say."""

from typing import Any

import pytest

from lingnan.kernel.exchange import columns
from lingnan.kernel.exchange.answers import FromRecords
from lingnan.kernel.exchange.catalogue import declared
from lingnan.kernel.runtime.api import legal_time

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
FROM_RECORDS = {code: one.answer for code, one in declared().items()
                if isinstance(one.answer, FromRecords)}  # fmt: skip


@pytest.mark.parametrize("code", FROM_RECORDS)
def test_an_answer_is_what_the_records_say(code: str) -> None:
    source = FROM_RECORDS[code]
    model: Any = source.model
    rows = list(model.objects.filter(ended=False).order_by("-valid_from", "-key")[:40])
    asked = list({getattr(one, source.subject) for one in rows})
    wanted: dict[Any, list[Any]] = {}
    of_them = model.objects.filter(**{f"{source.subject}__in": asked}, ended=False)
    for one in of_them.order_by("-valid_from", "-key"):
        values = {name: getattr(one, field) for name, field in model.record.elements.items()}
        said = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}
        day = one.recorded_at.astimezone(legal_time.CHINA).date().isoformat()
        wanted.setdefault(getattr(one, source.subject), []).append((said, one.version, day))
    found = {
        whom: [(row["values"], row["version"], row["as_of"]) for row in told]
        for whom, told in source(asked).items()
    }
    assert found == wanted


def test_many_are_read_in_several_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    source = FROM_RECORDS["population.identity"]
    model: Any = source.model
    keys = list(model.objects.filter(ended=False).values_list("key", flat=True)[:30])
    monkeypatch.setattr(columns, "TOGETHER", 7)
    assert {row[0] for row in columns.read(model, "key", ("key", "name"), keys)} == set(keys)
