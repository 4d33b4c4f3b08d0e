"""Entering, changing, correcting and ending records by hand."""

from datetime import timedelta
from typing import Any

import pytest

from lingnan.kernel.registry.editing.entry import validated
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.runtime.temporal.history import as_of
from lingnan.systems.government.population.models import Household, Resident
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
from tests.people import Person

pytestmark = [
    pytest.mark.django_db, pytest.mark.kernel, pytest.mark.usefixtures("free_address"),
]  # fmt: skip
API = "/api/records/population/household"


def household(**changes: Any) -> dict[str, Any]:
    told = {"v_number": "H-TEST-1", "v_kind": "family", "v_address": "文昌北路1号",
            "v_township": "440103001", "v_division": "440103", "reason": "新立户", "step": "do",
            "valid_from": legal_time.today().isoformat()}  # fmt: skip
    return told | changes


def test_a_change_is_seen_before_it_is_done() -> None:
    officer, held = Person(OFFICER), home()
    form = officer.get(f"{page_of(held)}change/")
    assert f'value="{held.address}"' in form or held.address in form
    told = entry(held, address="中山七路8号", step="preview")
    preview = officer.post(f"{page_of(held)}change/", **told)
    assert held.address in preview and "中山七路8号" in preview
    assert fresh(held).address == held.address
    officer.post(f"{page_of(held)}change/", **(told | {"step": "do"}))
    assert officer.url == page_of(held)
    changed = fresh(held)
    assert (changed.address, changed.version) == ("中山七路8号", 2)
    newest: Any = Household.Version.objects.get(key=held.key, version=2)
    assert newest.reason == "户口簿核对" and OFFICER.rpartition("-")[2] in newest.changed_by


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost() -> None:
    officer, held = Person(OFFICER), home()
    bad = entry(held, address="甲" * 201, township="新的", valid_from="2026-02-30", reason="")
    page = officer.post(f"{page_of(held)}change/", **bad)
    assert officer.status == 422
    assert "甲" * 201 in page and 'value="新的"' in page
    for field in ("id_v_address", "id_valid_from", "id_reason"):
        assert f'href="#{field}"' in page and f'id="{field}-error"' in page, field
    assert fresh(held).version == held.version


@pytest.mark.parametrize(
    "bad",
    [{"kind": "9"}, {"kind": ""}, {"address": " "}, {"township": "4" * 13},
     {"valid_from": "9999-12-31"}, {"valid_from": "0000-00-00"}, {"valid_to": "2000-01-01"}],
)  # fmt: skip
def test_no_bad_value_gets_in(bad: dict[str, str]) -> None:
    officer, held = Person(OFFICER), home()
    officer.post(f"{page_of(held)}change/", **entry(held, **bad))
    assert officer.status == 422 and fresh(held).version == held.version


def test_what_another_record_has_already_is_refused_in_words() -> None:
    officer, taken = Person(OFFICER), home().number
    officer.post(f"{HOUSEHOLDS}new/", **household(v_number=taken))
    assert officer.status == 422 and "id_v_number-error" in officer.text


def test_a_change_meanwhile_is_told_and_not_overwritten() -> None:
    officer, held = Person(OFFICER), home()
    told = entry(held, township="新街")
    with action(by="a colleague", reason="moved") as act:
        act.change(held, address="别处9号")
    page = officer.post(f"{page_of(held)}change/", **told)
    assert officer.status == 409
    assert "别处9号" in page and 'value="新街"' in page
    assert fresh(held).version == 2 and fresh(held).township != "新街"


def test_the_past_is_corrected_and_today_stays() -> None:
    officer, held, today = Person(OFFICER), home(), legal_time.today()
    # The register was loaded today: what held before is stated first.
    a, b = today - timedelta(days=40), today - timedelta(days=10)
    told = entry(held, address="旧址", valid_from=a.isoformat(), valid_to=b.isoformat())
    officer.post(f"{page_of(held)}change/", **told)
    assert officer.status == 200 and officer.url == page_of(held), officer.text
    assert fresh(held).address == held.address
    then: Any = as_of(Household, held.key, today - timedelta(days=20))
    assert then.address == "旧址"
    form = officer.get(f"{page_of(held)}change/?on={(today - timedelta(days=20)).isoformat()}")
    assert "旧址" in form


def test_a_future_change_waits_for_its_day() -> None:
    officer, held = Person(OFFICER), home()
    day = legal_time.today() + timedelta(days=3)
    told = entry(held, address="新址", valid_from=day.isoformat())
    officer.post(f"{page_of(held)}change/", **told)
    assert officer.status == 200 and fresh(held).address == held.address
    waits: Any = as_of(Household, held.key, day)
    assert waits.address == "新址"


def test_a_household_is_entered_and_ended() -> None:
    officer = Person(OFFICER)
    officer.post(f"{HOUSEHOLDS}new/", **household())
    made = Household.objects.get(number="H-TEST-1")
    assert officer.status == 200 and officer.url.startswith(HOUSEHOLDS)
    officer.post(f"{HOUSEHOLDS}new/", **household())
    assert officer.status == 422  # the number is taken
    officer.post(f"{HOUSEHOLDS}new/", **household(v_number="H-2", v_division="440104"))
    assert officer.status == 422  # another body's division
    ref = keys.veil(made.key, "population.household")
    told = {"version": "1", "reason": "销户", "step": "do",
            "valid_from": legal_time.today().isoformat()}  # fmt: skip
    with action(by="a test", reason="moved in") as act:
        act.change(made, size=2)
    officer.post(f"{HOUSEHOLDS}{ref}/end/", **(told | {"version": "2"}))
    assert officer.status == 422 and "该户登记有 2 人" in officer.text
    with action(by="a test", reason="moved out") as act:
        act.change(fresh(made), size=0)
    told["version"] = "3"
    officer.post(f"{HOUSEHOLDS}{ref}/end/", **told)
    assert Household.objects.get(key=made.key).ended
    officer.get(f"{HOUSEHOLDS}{ref}/change/")
    assert officer.status == 404


def test_who_only_reads_does_not_edit() -> None:
    head, resident = Person(HEAD), one()
    page = head.get(page_of(resident))
    assert f"{page_of(resident)}change/" not in page
    for url in (f"{page_of(resident)}change/", f"{page_of(resident)}end/", f"{RESIDENTS}new/",
                f"{HOUSEHOLDS}new/"):  # fmt: skip
        head.get(url)
        assert head.status == 403


def test_the_api_writes_by_the_same_rules() -> None:
    officer = Person(OFFICER)
    body = {"values": {"household.number": "H-API", "kind": "family",
                       "household.address": "多宝路2号", "township": "1", "division": "440103"},
            "reason": "新立户"}  # fmt: skip
    json = "application/json"
    answer = officer.client.post(API, body, content_type=json)
    assert answer.status_code == 201, answer.content
    ref = answer.json()["reference"]
    wrong = {"values": {"kind": "many", "household.address": None}, "reason": "x", "version": 1}
    answer = officer.client.patch(f"{API}/{ref}", wrong, content_type=json)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"kind", "address", "reason"}
    right = {"values": {"household.address": "多宝路4号"}, "reason": "门牌更正", "version": 1}
    assert officer.client.patch(f"{API}/{ref}", right, content_type=json).status_code == 200
    assert officer.client.patch(f"{API}/{ref}", right, content_type=json).status_code == 409
    ends = {"reason": "销户", "version": 2}
    assert officer.client.post(f"{API}/{ref}/end", ends, content_type=json).status_code == 200


def test_the_api_asks_for_the_token_of_the_session() -> None:
    officer = Person(OFFICER)
    officer.client.handler.enforce_csrf_checks = True
    body = {"values": {}, "reason": "why"}
    assert officer.client.post(API, body, content_type="application/json").status_code == 403


def test_entries_are_checked_without_being_written() -> None:
    clean, errors = validated(Household, {"number": "N", "kind": "tent", "size": "x", "nought": 1})
    assert clean == {"number": "N"}
    assert {"kind", "size", "nought", "address", "division"} <= set(errors)
    for bad in ("0000-00-00", "2026-02-30", "", "2199-01-01", "1.5", True):
        assert set(validated(Resident, {"birth_date": bad}, one())[1]) == {"birth_date"}, bad
    for size in (10**30, -1, "", None, "1e400", float("nan")):
        assert set(validated(Household, {"size": size}, home())[1]) == {"size"}, size
    good, none = validated(Resident, {"birth_date": "1990-01-02", "urban": "1"}, one())
    assert none == {} and good["birth_date"].isoformat() == "1990-01-02" and good["urban"] is True
