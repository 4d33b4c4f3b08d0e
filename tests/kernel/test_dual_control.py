"""What one official enters, another confirms: never the same person, and once."""

import re
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.duty.api import Task
from lingnan.kernel.registry.models import ProposalEvent
from lingnan.kernel.runtime.api import action, keys
from lingnan.kernel.runtime.testing import at_once
from lingnan.kernel.trust.api import Account, Body, Holding, node_evidence
from lingnan.systems.government.population.basis import POLICE_HEAD
from lingnan.systems.government.population.models import Household, Resident
from tests.kernel.editing import (
    CITY_HEAD,
    HEAD,
    HOUSEHOLDS,
    OFFICER,
    entry,
    fresh,
    one,
    page_of,
    proposed,
)
from tests.kernel.province import ProvinceTestCase
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def police() -> Body:
    return Body.objects.get(division="440103", function="police")


def test_a_nation_changes_when_the_head_confirms() -> None:
    resident = one()
    officer, url = proposed(resident, nation="08")
    assert fresh(resident).nation == resident.nation
    assert "汉族" in officer.text and "壮族" in officer.text
    task = Task.objects.get(link=url, done_at=None)
    assert (task.body, task.role) == (police().code, "head")
    head = Person(HEAD)
    assert url in head.get(page_of(resident))
    head.post(url, act="confirm", reason="")
    assert head.status == 422 and fresh(resident).nation == resident.nation
    head.post(url, act="confirm", reason="材料齐全")
    assert head.status == 200 and fresh(resident).nation == "08"
    newest: Any = Resident.Version.objects.get(key=resident.key, version=2)
    assert OFFICER.rpartition("-")[2] in newest.changed_by and "/head " in newest.changed_by
    assert not Task.objects.filter(link=url, done_at=None).exists()
    head.post(url, act="confirm", reason="再来")
    assert head.status == 409 and fresh(resident).version == 2
    kinds = {one.kind for one in node_evidence.reader().entries(limit=20)}
    assert {"record.proposed", "record.confirmed"} <= kinds


def test_what_is_not_named_changes_at_once() -> None:
    officer, resident = Person(OFFICER), one()
    officer.post(f"{page_of(resident)}change/", **entry(resident, education="college"))
    assert fresh(resident).education == "college"


def test_nobody_confirms_their_own_under_whatever_post() -> None:
    resident = one()
    officer, url = proposed(resident, nation="08")
    officer.post(url, act="confirm", reason="同意")
    assert officer.status == 403
    account = Account.objects.get(login=OFFICER)
    with action(by="a test", reason="a second post") as act:
        second = act.create(
            Holding, account=account.key, body=police().code, role="head",
            title_zh="负责人", title_en="Head",
        )  # fmt: skip
    session = officer.client.session
    session["holding"] = second.key
    session.save()
    officer.post(url, act="confirm", reason="同意")
    assert officer.status == 403 and "壮族" in officer.text
    assert fresh(resident).nation == resident.nation


def test_a_body_above_confirms_and_one_beside_does_not_see_it() -> None:
    resident = one()
    _officer, url = proposed(resident, nation="08")
    beside = Person("440104-police-head")
    beside.get(url)
    assert beside.status == 404
    Person(CITY_HEAD).post(url, act="confirm", reason="同意")
    assert fresh(resident).nation == "08"


def test_a_refusal_and_a_withdrawal_change_nothing() -> None:
    resident = one()
    officer, url = proposed(resident, nation="08")
    head = Person(HEAD)
    head.post(url, act="refuse", reason="缺证明")
    assert head.status == 200 and "缺证明" in officer.get(url)
    officer, url = proposed(resident, nation="08")
    head.post(url, act="withdraw")
    assert head.status == 403
    officer.post(url, act="withdraw")
    assert officer.status == 200
    head.post(url, act="confirm", reason="同意")
    assert head.status == 409
    assert fresh(resident).version == resident.version
    kinds = list(ProposalEvent.objects.order_by("at", "pk").values_list("kind", flat=True))
    assert sorted(kinds) == ["refused", "withdrawn"]


def test_a_proposal_that_was_overtaken_is_refused_as_stale() -> None:
    resident = one()
    _officer, url = proposed(resident, nation="08")
    with action(by="a colleague", reason="moved") as act:
        act.change(fresh(resident), address="别处")
    head = Person(HEAD)
    head.post(url, act="confirm", reason="同意")
    assert head.status == 409 and fresh(resident).nation == resident.nation
    assert ProposalEvent.objects.get().kind == "stale"


def test_an_act_that_does_not_exist() -> None:
    _officer, url = proposed(one(), nation="08")
    head = Person(HEAD)
    head.post(url, act="burn")
    assert head.status == 400
    head.get("/desk/proposals/" + "0" * 32 + "/")
    assert head.status == 404


class TwoHeads(ProvinceTestCase):
    def test_two_confirm_at_once(self) -> None:
        resident = one()
        _officer, url = proposed(resident, nation="08")
        county, city = Person(HEAD), Person(CITY_HEAD)
        answers = at_once(
            lambda: county.client.post(url, {"act": "confirm", "reason": "同意"}).status_code,
            lambda: city.client.post(url, {"act": "confirm", "reason": "同意"}).status_code,
        )
        assert sorted(answers) == [302, 409], answers
        assert fresh(resident).version == 2 and fresh(resident).nation == "08"


def test_an_end_and_a_new_record_wait_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said = replace(Household.record, confirmed=frozenset({"kind"}), confirmers=POLICE_HEAD)
    monkeypatch.setattr(Household, "record", said)
    officer, head = Person(OFFICER), Person(HEAD)
    told = {"v_number": "H-DUAL", "v_kind": "family", "v_address": "文昌北路1号", "reason": "立户",
            "v_township": "440103001", "v_division": "440103", "step": "do"}  # fmt: skip
    officer.post(f"{HOUSEHOLDS}new/", **told)
    assert not Household.objects.filter(number="H-DUAL").exists()
    head.post(officer.url, act="confirm", reason="属实")
    made = Household.objects.get(number="H-DUAL")
    told = {"version": str(made.version), "reason": "销户", "step": "do"}
    officer.post(f"{page_of(made)}end/", **told)
    url = officer.url
    assert re.fullmatch(r"/desk/proposals/[0-9a-f]+/", url), officer.text
    assert not fresh(made).ended
    head.post(url, act="confirm", reason="证明属实")
    assert fresh(made).ended
    assert keys.unveil(url.split("/")[3], "registry.proposal")


def test_a_proposal_from_before_an_act_was_declared_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resident = one()
    before = replace(Resident.record, by_act={}, entered=("name", "nation"),
                     confirmed=frozenset({"name"}))  # fmt: skip
    with monkeypatch.context() as then:
        then.setattr(Resident, "record", before)
        _officer, url = proposed(resident, name="旧案")
    head = Person(HEAD)
    head.post(url, act="confirm", reason="同意")
    assert head.status == 422 and "更正姓名、号码" in head.text
    assert fresh(resident).name == resident.name
