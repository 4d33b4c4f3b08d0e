"""The data dictionary says what is declared, to every official, as page, file and JSON."""

import csv
import io

import pytest

from lingnan.kernel.registry.api import record_types
from lingnan.kernel.registry.dictionary import NAMES, entries
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OFFICER = "440103-police-records_officer"


def test_every_register_stands_in_it_with_all_that_it_declares() -> None:
    found = {(one.record_type, one.field): one for one in entries()}
    for model in record_types():
        name = f"{model._meta.app_label}.{model._meta.model_name}"
        for field in (*model.record.columns, *model.record.elements.values()):
            assert (name, field) in found
        assert not {(name, own) for own in ("key", "version", "recorded_at")} & set(found)
    number = found["population.resident", "resident_number"]
    assert (number.element, number.type, number.length) == ("person.identity_number", "text", 18)
    assert number.masked and number.searchable and number.projected and number.obligatory
    sex = found["population.resident", "sex"]
    assert sex.codes_en == "1=male; 2=female" and sex.codes_zh == "1=男; 2=女" and sex.filterable
    assert found["legal_persons.individualbusiness", "operator"].withheld


def test_it_is_searched_in_both_languages_and_by_code() -> None:
    officer = Person(OFFICER)
    for words in ("person.birth_date", "出生", "residents birth"):
        page = officer.get(f"/desk/dictionary/?q={words}")
        assert officer.status == 200 and "birth_date" in page and "credit_code" not in page
    assert "没有找到" in officer.get("/desk/dictionary/?q=zzzz")
    assert "公共" not in officer.get("/desk/dictionary/?q=zzzz")


def test_page_file_and_api_say_the_same() -> None:
    officer = Person(OFFICER)
    officer.get("/desk/dictionary/table.csv?q=resident")
    lines = list(csv.DictReader(io.StringIO(officer.response.content.decode("utf-8-sig"))))
    told = officer.client.get("/api/records/dictionary?q=resident").json()
    assert tuple(lines[0]) == NAMES and len(lines) == len(told) > 5
    assert [line["field"] for line in lines] == [one["field"] for one in told]
    assert "population.resident" in officer.get("/desk/dictionary/")


def test_residents_do_not_read_it() -> None:
    resident = Person("resident-440103")
    resident.get("/desk/dictionary/")
    assert resident.status == 403
    assert resident.client.get("/api/records/dictionary").status_code == 403
