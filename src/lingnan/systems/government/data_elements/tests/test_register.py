"""The register follows what is declared, keeps what the office wrote, and judges what is used."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lingnan.kernel.duty.api import Clock, Task
from lingnan.kernel.runtime.api import Title, action
from lingnan.systems.government.data_elements import conformance, declared, intake, searching
from lingnan.systems.government.data_elements.models import (
    DataElement,
    ElementMapping,
    Finding,
    ObjectClass,
    Score,
    Standard,
)
from lingnan.systems.government.data_elements.rules import checks
from lingnan.systems.government.data_elements.rules.checks import Fault

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BY = {"by": "a test", "reason": "to see what follows"}


def element(code: str) -> DataElement:
    return DataElement.objects.get(code=code)


def changed(code: str, **values: Any) -> DataElement:
    with action(**BY) as act:
        return act.change(element(code), **values)


def with_declared(monkeypatch: pytest.MonkeyPatch, code: str, **values: Any) -> None:
    """A release that declares an element otherwise; without values, not at all."""
    found = declared.declared()
    one = found.pop(code)
    if values:
        found[code] = replace(one, **values)
    monkeypatch.setattr(declared, "declared", lambda: found)


def test_everything_that_is_declared_stands_in_the_register_once() -> None:
    assert intake.keep() == 0
    found = declared.declared()
    assert set(DataElement.objects.values_list("code", flat=True)) == set(found)
    for row in DataElement.objects.all():
        assert (row.name_zh, row.name_en) == (found[row.code].title.zh, found[row.code].title.en)
        assert ObjectClass.objects.filter(code=row.object_class).exists()
        assert row.submitter and row.registrar, row.code
    sex = element("person.sex")
    assert (sex.datatype, sex.values) == ("text", "1=男=male\n2=女=female")
    assert element("credit.food_bar").datatype == "", "computed: nobody declares what it looks like"
    assert Standard.objects.get(number="RFC 9162").mark == "unverified"
    assert ElementMapping.objects.get(element="person.sex", scheme="FHIR R4").pairs == [
        ("1", "male"), ("2", "female"),
    ]  # fmt: skip


def test_a_release_is_followed_and_what_was_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = element("business.name")
    title = Title("个体工商户字号", "Trade name")
    with_declared(monkeypatch, "business.name", title=title, length=150)
    assert intake.keep() == 1 and intake.keep() == 0
    after = element("business.name")
    assert (after.name_zh, after.length, after.edition) == (
        "个体工商户字号",
        150,
        before.edition + 1,
    )
    past: Any = DataElement.Version.objects.filter(key=before.key, version=before.version).get()
    assert (past.name_zh, past.length) == (before.name_zh, before.length)


def test_what_the_office_wrote_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    changed("business.name", length=100, edition=2)
    with_declared(monkeypatch, "business.name", length=150)
    assert intake.keep() == 1
    assert element("business.name").length == 100
    assert element("business.name").declared["length"] == 150


def test_what_is_declared_no_more_is_retired_and_can_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as later:
        with_declared(later, "food_licence.items")
        assert intake.keep() == 1 and intake.keep() == 0
        gone = element("food_licence.items")
        assert (gone.status, gone.home, gone.ended) == ("retired", "", False)
    assert intake.keep() == 1
    back = element("food_licence.items")
    assert back.status == "candidate" and back.home and back.key == gone.key


def test_an_element_of_the_office_alone_stays() -> None:
    with action(**BY) as act:
        act.create(
            DataElement, code="person.nickname", name_zh="曾用名", name_en="Former name",
            object_class="person", property_zh="曾用名", property_en="former name",
            status="candidate", registrar="gd-440000-data", submitter="gd-440000-police",
        )  # fmt: skip
    assert intake.keep() == 0
    assert element("person.nickname").status == "candidate"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"status": "standard"}, "definition_zh"),
        ({"definition_zh": "经营者在登记机关登记的姓和名。"}, "edition"),
        ({"values": "M", "edition": 2}, "values"),
    ],
)
def test_a_record_that_claims_what_is_not_so_is_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        changed("business.operator_name", **values)
    assert field in caught.value.message_dict


def test_a_mapping_needs_its_element() -> None:
    with pytest.raises(ValidationError), action(**BY) as act:
        act.create(ElementMapping, number="M9", element="no.such", scheme="x", target="y",
                   match="exact")  # fmt: skip


def test_the_nearest_is_found_first_of_many() -> None:
    rows = [
        {"code": f"thing{number}.f{number % 7}", "name_zh": f"水质监测值{number}", "name_en": "x",
         "object_class": f"thing{number % 40}", "property_zh": "值", "property_en": "value",
         "status": "candidate", "registrar": "r", "submitter": "s",
         "definition_zh": "断面的姓名标牌所示的读数。" if number == 7 else ""}
        for number in range(300)
    ]  # fmt: skip
    with action(**BY) as act:
        act.load(DataElement, rows)
    found = searching.find("姓名", {})
    assert [found.rows[0].code, found.rows[-1].code] == ["person.name", "thing7.f0"]
    assert searching.find("身份证号", {}).rows[0].code == "person.identity_number"
    first = searching.find("水质监测", {})
    second = searching.find("水质监测", {}, first.following)
    assert first.total == 300 and not {row.code for row in first.rows} & {
        row.code for row in second.rows
    }
    narrowed = searching.find("水质监测", {"object_class": "thing3"})
    assert narrowed.rows and {row.object_class for row in narrowed.rows} == {"thing3"}
    assert searching.find("，", {}).total == 0


def kinds(element_: str) -> set[tuple[str, str]]:
    rows = Finding.objects.filter(element=element_)
    return set(rows.values_list("kind", "place"))


def test_what_does_not_conform_is_found_and_goes_when_it_is_put_right() -> None:
    conformance.recompute()
    assert conformance.recompute() == 0
    assert ("length", "form") in kinds("person.name")
    assert ("values", "register") not in kinds("person.sex")
    changed("person.sex", values="1=男=male", edition=2)
    changed("business.registered_on", datatype="text", edition=2)
    changed("food_licence.state", status="retired", replaced_by="food_licence.number")
    changed("business.name", name_zh="经营场所")
    conformance.recompute()
    assert {("values", "register"), ("held_values", "register")} <= kinds("person.sex")
    assert ("datatype", "register") in kinds("business.registered_on")
    assert {("retired", "register"), ("retired", "resource")} <= kinds("food_licence.state")
    assert ("homonym", "register") in kinds("business.premises")
    changed("person.sex", values="1=男=male\n2=女=female", edition=3)
    conformance.recompute()
    assert not {("values", "register"), ("held_values", "register")} & kinds("person.sex")


def test_what_is_not_in_the_register_is_told() -> None:
    with action(**BY) as act:
        act.end(element("credit.food_bar"))
    conformance.recompute()
    assert kinds("credit.food_bar") == {("unregistered", "resource"), ("unregistered", "form")}


def test_a_body_owes_one_task_while_it_has_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    conformance.recompute()
    conformance.recompute()
    task = Task.objects.get(code="data_elements", body="gd-440000-tax", done_at=None)
    clock = Clock.objects.get(reference=task.reference)
    assert (clock.unit, clock.statutory, task.role) == ("working_day", 20, "data_officer")
    assert not Task.objects.filter(code="data_elements", body="gd-440000-police").exists()
    monkeypatch.setattr(checks, "of_use", lambda used, element: [])
    conformance.recompute()
    assert not Task.objects.filter(code="data_elements", done_at=None).exists()
    monkeypatch.setattr(checks, "of_use", lambda used, element: [Fault("length", {})])
    conformance.recompute()
    again = Task.objects.get(code="data_elements", body="gd-440000-tax", done_at=None)
    assert again.reference != task.reference


def test_the_score_counts_places_without_a_fault() -> None:
    conformance.recompute()
    for row in Score.objects.all():
        faulty = Finding.objects.filter(function=row.function, kind__in=checks.FAULTS)
        places = set(faulty.values_list("place", "where", "field", "element"))
        assert row.checked - row.good == len(places)
        assert row.advice == Finding.objects.filter(
            function=row.function, kind__in=checks.ADVICE).count()  # fmt: skip
