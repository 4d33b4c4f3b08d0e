"""The queue of pairs: both openings are evidence, one official proposes, another confirms."""

import re
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.registry.linkage import deciding, finding
from lingnan.kernel.registry.linkage.models import Pair
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence, official
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
    with action(by="a test", reason="moved") as act:
        act.change(Resident.objects.get(key=pair.left), address="新迁入的地址1号")
    assert "新迁入的地址1号" in head.get(address) and "撤销后保留现值" in head.text
    head.post(address, do="undo", reason="经核实是两个人")
    assert "撤销合并等待复核" in head.text
    head.post(address, do="confirm_undo")
    assert head.status == 409 and Resident.objects.get(key=pair.right).ended
    officer.post(address, do="keep", reason="再核实")
    assert "已合并" in officer.text
    head.post(address, do="undo", reason="确是两个人")
    with action(by="a test", reason="mended") as act:
        act.change(Resident.objects.get(key=pair.left), address="改后的地址2号")
    officer.post(address, do="confirm_undo")
    assert officer.status == 409 and "申请撤销后记录又有变更" in officer.text
    officer.post(address, do="keep", reason="重新看")
    officer.post(address, do="undo", reason="确是两个人")
    head.post(address, do="confirm_undo")
    assert not Resident.objects.get(key=pair.right).ended
    assert Resident.objects.get(key=pair.left).address == "改后的地址2号"


def test_a_search_that_kills_its_worker_three_times_is_given_up(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt goes past everything that is caught, as the end of the process does."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    finding.begin(Resident, "a test")
    with monkeypatch.context() as patch:
        patch.setattr(finding.scoring, "score", killed)
        for _ in range(finding.ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                finding.run_waiting()
        finding.run_waiting()
    officer = Person(OFFICER)
    assert "完成 0/5 部分后中断，请重新查找" in officer.get("/desk/linkage/")
    finding.begin(Resident, "a test")
    finding.run_waiting()
    assert "中断" not in officer.get("/desk/linkage/")


def test_a_reader_without_the_right_of_merging_decides_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred = official("head", functions=("police",))
    address = f"/desk/linkage/{deciding.reference(pair)}/"
    for mergers, name in ((barred, OFFICER), (None, HEAD)):
        monkeypatch.setattr(Resident, "record", replace(Resident.record, mergers=mergers))
        reader = Person(name)
        assert "本岗位可查看这些记录" in reader.get(address)
        reader.post(address, do="same", survivor="left", reason="同一人重复登记")
        assert reader.status == 403 and Pair.objects.get(pk=pair.pk).state == "open"
        reader.post("/desk/linkage/", record_type="population.resident")
        assert reader.status == 403


def test_a_pair_out_of_sight_is_not_there(pair: Pair) -> None:
    address = f"/desk/linkage/{deciding.reference(pair)}/"
    for login in ("440106-police-head", "440103-fire-clerk"):
        stranger = Person(login)
        stranger.get(address)
        assert stranger.status == 404


def test_a_county_sees_all_of_its_pairs_page_by_page_however_heavy_anothers_are(
    pair: Pair, django_assert_max_num_queries: Any
) -> None:
    keys = Resident.objects.order_by("key").values_list("key", flat=True)
    mine = list(keys.filter(division="440103"))
    others = list(keys.exclude(division="440103")[:30])
    made = [(*both, 3.0) for both in islice(combinations(mine, 2), 60)]
    made += [(*both, 30.0) for both in islice(combinations(others, 2), 300)]
    assert len(made) == 360
    Pair.objects.exclude(pk=pair.pk).delete()
    Pair.objects.filter(pk=pair.pk).update(weight=3.0)
    Pair.objects.bulk_create(
        [
            Pair(record_type=pair.record_type, left=min(a, b), right=max(a, b), weight=weight,
                 levels={"name": "exact"}, facts="", at=timezone.now())
            for a, b, weight in made
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    expected = {deciding.reference(one) for one in Pair.objects.filter(weight=3.0, left__in=mine)}
    officer, seen, address = Person(OFFICER), [], "/desk/linkage/"
    officer.get(address)
    while address:
        with django_assert_max_num_queries(30):
            officer.get(address)
        seen += re.findall(r'href="/desk/linkage/([^"/]+)/"', officer.text)
        found = re.search(r'href="(\?of=[^"]+)"', officer.text)
        address = f"/desk/linkage/{found[1]}" if found else ""
    assert len(seen) == len(set(seen)) and set(seen) == expected
    officer.get("/desk/linkage/?of=population.resident&after=open_nan_x")
    assert officer.status == 200
