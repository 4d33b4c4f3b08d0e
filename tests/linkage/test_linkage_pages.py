"""The queue of pairs: both openings are evidence, one official proposes, another confirms."""

from typing import Any

import pytest

from lingnan.kernel.registry.linkage import deciding, finding
from lingnan.kernel.registry.linkage.models import Pair
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HEAD, OFFICER = "440103-police-head", "440103-police-records_officer"


@pytest.fixture
def pair(tmp_path: Any, settings: Any) -> Pair:
    settings.DATA = tmp_path
    one = Resident.objects.filter(division="440103", ended=False).order_by("key")[0]
    own = ("key", "version", "valid_from", "recorded_at", "ended")
    fields = [f.name for f in Resident._meta.concrete_fields if f.name not in own]
    said = {name: getattr(one, name) for name in fields}
    with action(by="a test", reason="entered twice") as act:
        act.create(Resident, **(said | {"resident_number": one.resident_number[:-1]}))
    finding.begin(Resident, "a test")
    finding.run_waiting()
    return Pair.objects.get(left=one.key)


def test_two_officials_merge_and_it_is_undone(pair: Pair) -> None:
    officer, head = Person(OFFICER), Person(HEAD)
    assert "待判断" in officer.get("/desk/linkage/")
    address = f"/desk/linkage/{deciding.reference(pair)}/"
    assert "为何可能是同一对象" in officer.get(address)
    entries = list(node_evidence.reader().by_subject("person", pair.right, None, 5))
    assert any(entry.kind == "record.opened" for entry in entries)
    officer.post(address, do="same", survivor="left", reason="")
    assert officer.status == 422 and "请填写理由" in officer.text
    officer.post(address, do="same", survivor="left", reason="同一人重复登记")
    assert "等待复核" in officer.text
    officer.post(address, do="confirm")
    assert officer.status == 409 and "提出人以外" in officer.text
    head.post(address, do="confirm")
    assert "已合并" in head.text
    assert Resident.objects.get(key=pair.right).ended
    head.post(address, do="undo", reason="经核实是两个人")
    assert not Resident.objects.get(key=pair.right).ended


def test_a_pair_out_of_sight_is_not_there(pair: Pair) -> None:
    address = f"/desk/linkage/{deciding.reference(pair)}/"
    for login in ("440106-police-head", "440103-fire-clerk"):
        stranger = Person(login)
        stranger.get(address)
        assert stranger.status == 404
