"""What one official enters, another confirms: never the same person, and once."""

import re
from typing import Any

import pytest

from lingnan.kernel.duty.api import Task
from lingnan.kernel.registry.models import ProposalEvent
from lingnan.kernel.runtime.api import action, keys
from lingnan.kernel.runtime.testing import at_once
from lingnan.kernel.trust.api import Account, Body, Holding, node_evidence
from lingnan.systems.government.population.models import Resident
from tests.kernel.editing import CITY_HEAD, HEAD, OFFICER, entry, fresh, one, page_of, proposed
from tests.kernel.province import ProvinceTestCase
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def police() -> Body:
    return Body.objects.get(division="440103", function="police")


def test_a_name_changes_when_the_head_confirms() -> None:
    resident = one()
    officer, url = proposed(resident, name="新名")
    assert fresh(resident).name == resident.name
    assert resident.name in officer.text and "新名" in officer.text
    task = Task.objects.get(link=url, done_at=None)
    assert (task.body, task.role) == (police().code, "head")
    head = Person(HEAD)
    assert url in head.get(page_of(resident))
    head.post(url, act="confirm", reason="")
    assert head.status == 422 and fresh(resident).name == resident.name
    head.post(url, act="confirm", reason="材料齐全")
    assert head.status == 200 and fresh(resident).name == "新名"
    newest: Any = Resident.Version.objects.get(key=resident.key, version=2)
    assert OFFICER.rpartition("-")[2] in newest.changed_by and "/head " in newest.changed_by
    assert not Task.objects.filter(link=url, done_at=None).exists()
    head.post(url, act="confirm", reason="再来")
    assert head.status == 409 and fresh(resident).version == 2
    kinds = {one.kind for one in node_evidence.reader().entries(limit=20)}
    assert {"record.proposed", "record.confirmed"} <= kinds


def test_what_is_not_named_changes_at_once() -> None:
    officer, resident = Person(OFFICER), one()
    officer.post(f"{page_of(resident)}change/", **entry(resident, address="即改1号"))
    assert fresh(resident).address == "即改1号"


def test_nobody_confirms_their_own_under_whatever_post() -> None:
    resident = one()
    officer, url = proposed(resident, name="自批")
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
    assert officer.status == 403 and "自批" in officer.text
    assert fresh(resident).name == resident.name


def test_a_body_above_confirms_and_one_beside_does_not_see_it() -> None:
    resident = one()
    _officer, url = proposed(resident, name="市批")
    beside = Person("440104-police-head")
    beside.get(url)
    assert beside.status == 404
    Person(CITY_HEAD).post(url, act="confirm", reason="同意")
    assert fresh(resident).name == "市批"


def test_a_refusal_and_a_withdrawal_change_nothing() -> None:
    resident = one()
    officer, url = proposed(resident, name="不行")
    head = Person(HEAD)
    head.post(url, act="refuse", reason="缺证明")
    assert head.status == 200 and "缺证明" in officer.get(url)
    officer, url = proposed(resident, name="算了")
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
    _officer, url = proposed(resident, name="过时")
    with action(by="a colleague", reason="moved") as act:
        act.change(fresh(resident), address="别处")
    head = Person(HEAD)
    head.post(url, act="confirm", reason="同意")
    assert head.status == 409 and fresh(resident).name == resident.name
    assert ProposalEvent.objects.get().kind == "stale"


def test_an_act_that_does_not_exist() -> None:
    _officer, url = proposed(one(), name="甲")
    head = Person(HEAD)
    head.post(url, act="burn")
    assert head.status == 400
    head.get("/desk/proposals/" + "0" * 32 + "/")
    assert head.status == 404


class TwoHeads(ProvinceTestCase):
    def test_two_confirm_at_once(self) -> None:
        resident = one()
        _officer, url = proposed(resident, name="同时")
        county, city = Person(HEAD), Person(CITY_HEAD)
        answers = at_once(
            lambda: county.client.post(url, {"act": "confirm", "reason": "同意"}).status_code,
            lambda: city.client.post(url, {"act": "confirm", "reason": "同意"}).status_code,
        )
        assert sorted(answers) == [302, 409], answers
        assert fresh(resident).version == 2 and fresh(resident).name == "同时"


def test_an_end_and_a_new_record_wait_too() -> None:
    officer, resident = Person(OFFICER), one()
    told = {"version": str(resident.version), "reason": "死亡注销", "step": "do"}
    officer.post(f"{page_of(resident)}end/", **told)
    url = officer.url
    assert re.fullmatch(r"/desk/proposals/[0-9a-f]+/", url), officer.text
    assert not fresh(resident).ended
    Person(HEAD).post(url, act="confirm", reason="证明属实")
    assert fresh(resident).ended
    assert keys.unveil(url.split("/")[3], "registry.proposal")
