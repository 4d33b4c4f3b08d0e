"""What only an act of the system changes is changed by no hand and no file, and says where."""

from typing import Any

import pytest

from lingnan.kernel.registry.importing import jobs
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.population.models import Household, LifeEvent, Resident
from tests.kernel.editing import (
    HEAD,
    HOUSEHOLDS,
    OFFICER,
    RESIDENTS,
    entry,
    fresh,
    home,
    one,
    page_of,
)
from tests.kernel.sending import CITY_HEAD, household, send, table
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
API = "/api/records/population/resident"
CHANGES = [("name", "新名"), ("resident_number", "440103199001010017"), ("sex", "9"),
           ("birth_date", "1999-01-01"), ("address", "别处1号"), ("township", "440103002"),
           ("division", "440104"), ("domicile", "440104"), ("household", "K1"),
           ("relation", "10")]  # fmt: skip


@pytest.mark.parametrize("field, value", CHANGES)
def test_no_hand_changes_it(field: str, value: str) -> None:
    officer, resident = Person(OFFICER), one()
    page = officer.post(f"{page_of(resident)}change/", **entry(resident, **{field: value}))
    assert officer.status == 422 and "此项只能通过办理业务变更：户口登记" in page
    body = {"values": {field: value}, "reason": "核对", "version": resident.version}
    ref = page_of(resident).split("/")[-2]
    answer = officer.client.patch(f"{API}/{ref}", body, content_type="application/json")
    assert answer.status_code == 422 and set(answer.json()["errors"]) == {field}
    assert fresh(resident).version == resident.version


def test_the_form_shows_it_with_the_way_and_does_not_ask() -> None:
    officer, resident = Person(OFFICER), one()
    form = officer.get(f"{page_of(resident)}change/")
    ref = page_of(resident).split("/")[-2]
    for way in ("correction/", "relation/", ""):
        assert f'href="/desk/population/residents/{ref}/{way}"' in form, way
    assert 'name="v_name"' not in form and 'name="v_education"' in form
    assert resident.name in form and resident.address in form
    page = officer.get(page_of(resident))
    assert f'href="/desk/population/residents/{ref}/correction/"' in page
    assert f"{page_of(resident)}end/" not in page and f"{page_of(resident)}change/" in page


def test_residents_begin_and_end_at_the_counter() -> None:
    officer, resident = Person(OFFICER), one()
    assert f"{RESIDENTS}new/" not in (page := officer.get(RESIDENTS))
    assert 'href="/desk/population/"' in page
    there = page_of(resident).replace("records/population/resident", "population/residents")
    ways = {f"{RESIDENTS}new/": "/desk/population/", f"{page_of(resident)}end/": there}
    for url, way in ways.items():
        assert (
            f'href="{way}"' in officer.get(url) and '<form method="post" class' not in officer.text
        )
        officer.post(url, step="do", version=str(resident.version), reason="试一试")
        assert officer.status == 422 and "户口登记" in officer.text, url
    json: dict[str, Any] = {"content_type": "application/json"}
    body: dict[str, Any] = {"values": {"name": "新人"}, "reason": "试一试"}
    assert officer.client.post(API, body, **json).status_code == 422
    url = f"{API}/{page_of(resident).split('/')[-2]}/end"
    body = {"reason": "试一试", "version": resident.version}
    assert officer.client.post(url, body, **json).status_code == 422
    assert not fresh(resident).ended


def test_a_size_is_neither_typed_nor_changed() -> None:
    officer, held = Person(OFFICER), home()
    officer.post(f"{page_of(held)}change/", **entry(held, size="9"))
    assert officer.status == 422 and "户内人员变动" in officer.text
    told = {"v_number": "H-SIZE", "v_kind": "family", "v_address": "文昌北路1号", "v_size": "7",
            "v_township": "440103001", "v_division": "440103", "reason": "立户",
            "step": "do"}  # fmt: skip
    officer.post(f"{HOUSEHOLDS}new/", **told)
    assert officer.status == 422 and not Household.objects.filter(number="H-SIZE").exists()
    told.pop("v_size")
    officer.post(f"{HOUSEHOLDS}new/", **told)
    assert Household.objects.get(number="H-SIZE").size == 0 and fresh(held).size == held.size


NAMES = (
    "resident_number,name,sex,birth_date,division,township,address,urban,domicile,household,nation"
)


def line(resident: Resident, **changes: Any) -> str:
    said = {name: getattr(resident, name) for name in NAMES.split(",")} | changes
    return ",".join(str(int(v) if isinstance(v, bool) else v) for v in said.values())


def test_a_file_brings_a_stock_and_changes_no_such_fact() -> None:
    officer, first, second, third = Person(OFFICER), one(), one(1), one(2)
    held = Household.objects.get(number=first.household).size
    rows = [line(first, name="新名"), line(second, nation="08"), line(third),
            line(one(3), household="K1", address="别处1号"),
            line(first, resident_number="440103199001010017", name="老户（合成）")]  # fmt: skip
    sent = send(officer, table(*rows, names=NAMES), "人口.csv", RESIDENTS).checked(changes="1")
    errors = sent.errors()
    assert set(errors) == {2, 5}
    assert "姓名" in errors[2] and "只能通过办理业务变更：户口登记：更正姓名、号码" in errors[2]
    assert "住址" in errors[5] and "户号" in errors[5]
    english = Person(OFFICER, "en").get(f"/desk/imports/{sent.ref}/")
    assert "is changed by an act alone: Counter: correct a name or number" in english
    events = LifeEvent.objects.count()
    sent.taken("take_good", confirmed_by=HEAD)
    assert sent.one.state == "taken" and fresh(first).name == first.name
    assert fresh(second).nation == "08"
    new = Resident.objects.get(resident_number="440103199001010017")
    assert new.version == 1 and LifeEvent.objects.count() == events
    assert Household.objects.get(number=first.household).size == held


def test_a_name_corrected_since_the_check_is_not_taken_back() -> None:
    officer, first, second = Person(OFFICER), one(), one(1)
    rows = [line(first, nation="08"), line(second, nation="08")]
    sent = send(officer, table(*rows, names=NAMES), "人口.csv", RESIDENTS).checked(changes="1")
    assert sent.one.counts["changed"] == 2
    with action(by="the counter", reason="a correction") as act:
        act.change(first, name="正名")
    sent.taken("take_all", confirmed_by=CITY_HEAD)
    assert sent.one.state == "checking"
    jobs.run_waiting()
    assert sent.one.state == "checked" and sent.one.counts["bad"] == 1
    assert (fresh(first).name, fresh(first).nation) == ("正名", first.nation)
    sent.taken("take_good", confirmed_by=CITY_HEAD)
    assert (fresh(first).name, fresh(second).nation) == ("正名", "08")


def test_a_file_changes_no_size_of_a_household() -> None:
    head, held = Person(HEAD), home()
    row = household(held.number, size=str(held.size + 1), address=held.address)
    sent = send(head, table(row)).checked(changes="1")
    assert "户内人数：只能通过办理业务变更" in sent.errors()[2]
    assert fresh(held).size == held.size
