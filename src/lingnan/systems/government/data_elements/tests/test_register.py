"""The register follows what is declared, keeps what the office wrote, and judges what is used."""

import pytest

from lingnan.systems.government.data_elements import conformance, declared, intake
from lingnan.systems.government.data_elements.models import (
    DataElement,
    Finding,
    ObjectClass,
    Score,
)

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASE = "/data-elements/"


def element(code: str) -> DataElement:
    return DataElement.objects.get(code=code)


def test_everything_that_is_declared_stands_in_the_register_once() -> None:
    assert intake.keep() == 0
    found = declared.declared()
    assert set(DataElement.objects.values_list("code", flat=True)) == set(found)
    for row in DataElement.objects.all():
        assert row.name_zh == found[row.code].title.zh
        assert ObjectClass.objects.filter(code=row.object_class).exists()
        assert row.submitter, row.code


def test_one() -> None:
    conformance.recompute()
    for f in Finding.objects.all().order_by("function", "kind"):
        if f.kind not in ("undefined", "other_name"):
            print(f.function, f.kind, f.place, f.where, f.field, f.element, f.facts)
    for s in Score.objects.all():
        print(s.function, s.checked, s.good, s.advice)
    print(Finding.objects.filter(kind="other_name").count())
    assert 0
