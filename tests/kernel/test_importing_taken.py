"""Imports taken in: mended, changing what is on record, evidence first, killed and gone on."""

from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from lingnan.kernel.registry.importing import examining, jobs, taking, work
from lingnan.kernel.registry.importing.models import ImportedPart
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence, official
from lingnan.systems.government.population.models import Household
from tests.kernel.sending import HEAD, HOUSEHOLDS, NAMES, Sent, household, send, sent_badly, table
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def head() -> Person:
    return Person(HEAD)


def test_bad_rows_come_back_as_a_file_and_go_in_mended(head: Person) -> None:
    rows = [household("K500"), household("K501", size="三"), household("K502", address="=1+1")]
    sent = send(head, table(*rows, household("K503", kind="x", address="-1"))).checked()
    names, *bad = sent.error_rows()
    assert names == [*NAMES.split(","), "错误"] and [row[0] for row in bad] == ["K501", "K503"]
    assert "不是数字" in bad[0][-1] and bad[1][3] == "'-1"
    sent.taken("take_good")
    mended = sent.error_file().replace("三".encode(), b"4").replace(b",x,", ",家庭户,".encode())
    again = send(head, mended, mends=sent.ref)
    assert again.one.mends == sent.ref and "补录户籍" in again.page
    again.checked().taken()
    assert again.one.state == "taken", again.page
    assert Household.objects.get(number="K501").size == 4
    assert Household.objects.get(number="K503").address == "-1"
    assert f"/desk/imports/{again.ref}/" in head.get(f"/desk/imports/{sent.ref}/")


@pytest.mark.usefixtures("free_address")
def test_what_is_on_record_is_an_error_or_a_change(head: Person) -> None:
    send(head, table(household("K600"), household("K601"))).checked().taken()
    content = table(household("K600", address="龙津东路5号"), household("K601"), household("K602"))
    new_only = send(head, content).checked(changes="0")
    assert "已有记录；本次只收新记录" in new_only.errors()[2] and new_only.one.counts["bad"] == 2
    sent = send(head, content).checked(changes="1")
    counts = sent.one.counts
    assert (counts["new"], counts["changed"], counts["same"]) == (1, 1, 1)
    sent.taken()
    record: Any = Household.objects.get(number="K600")
    version = Household.Version.objects.filter(key=record.key).latest("version")
    assert record.address == "龙津东路5号" and record.version == 2
    assert sent.ref in version.reason and "补录户籍" in version.reason
    assert "440103-police" in version.changed_by


def test_a_record_of_another_county_is_neither_changed_nor_shown(head: Person) -> None:
    other = Household.objects.exclude(division="440103").first()
    assert other is not None
    sent = send(head, table(household(other.number))).checked(changes="1")
    assert "不属于您的辖区" in sent.errors()[2] and other.address not in sent.page


def test_evidence_is_written_before_anybody_sees_a_record(
    head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(head, table(*(household(f"K70{n}") for n in range(3)))).checked()

    def absent(entries: Any) -> None:
        raise EvidenceUnavailable("away")

    sent.do("take_all")
    with monkeypatch.context() as away:
        away.setattr(node_evidence, "write", absent)
        with pytest.raises(EvidenceUnavailable):
            jobs.run_waiting()
    assert not Household.objects.filter(number__startswith="K70").exists()
    jobs.run_waiting()
    assert Household.objects.filter(number__startswith="K70").count() == 3
    reader = node_evidence.reader()
    entry = next(e for e in reader.entries(limit=20) if e.kind == "record.imported")
    payload = dict(entry.payload or {})
    assert payload["import"] == sent.ref and payload["purpose"] == "补录户籍"
    assert payload["rows"] == 3 and payload["body"] == "gd-440103-police"
    keys = Household.objects.filter(number__startswith="K70").values_list("key", flat=True)
    assert {s.key for s in reader.subjects(entry.seq)} == set(keys)


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of four rows, and loading from three new records on."""
    monkeypatch.setattr(examining, "CHUNK", 4)
    monkeypatch.setattr(taking, "FEW", 2)


class Killed(BaseException):
    """As if the process ended here."""


def killed_after(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, calls: int) -> None:
    real, done = getattr(owner, name), []

    def some(*args: Any, **more: Any) -> Any:
        if len(done) == calls:
            raise Killed
        done.append(1)
        return real(*args, **more)

    monkeypatch.setattr(owner, name, some)


@pytest.mark.parametrize("calls", [0, 1, 2])
@pytest.mark.parametrize("where", ["keep", "_checkpoint"])
def test_a_check_that_was_killed_goes_on(
    calls: int, where: str, head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    rows = [household(f"K80{n}", size="x" if n == 5 else "3") for n in range(10)]
    sent = send(head, table(*rows, household("K801")))
    sent.do("check")
    owner: Any = work.Work if where == "keep" else examining.Examination
    with monkeypatch.context() as patch:
        killed_after(patch, owner, where, calls)
        with pytest.raises(Killed):
            jobs.run_waiting()
    assert sent.one.state == "checking" and sent.one.position == calls
    jobs.run_waiting()
    counts = sent.one.counts
    assert (counts["rows"], counts["new"], counts["bad"]) == (11, 9, 2)
    sent.taken("take_good")
    assert Household.objects.filter(number__startswith="K80").count() == 9


@pytest.mark.parametrize("whole", [True, False])
def test_a_taking_in_that_was_killed_goes_on_and_no_row_comes_twice(
    whole: bool, head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    rows = [household(f"K90{n}") for n in range(10)]
    sent = send(head, table(*rows, *([] if whole else [household("K91x", size="x")]))).checked()
    sent.do("take_all" if whole else "take_good")
    with monkeypatch.context() as patch:
        killed_after(patch, taking.Taking, "_witness", 2)
        with pytest.raises(Killed):
            jobs.run_waiting()
    there = Household.objects.filter(number__startswith="K90")
    assert there.count() == (0 if whole else 8), "all or nothing, or the parts so far"
    jobs.run_waiting()
    assert there.count() == 10 and sent.one.state == "taken" and sent.one.taken == 10
    assert sum(ImportedPart.objects.values_list("rows", flat=True)) == 10


def test_what_was_recorded_since_the_check_is_not_overwritten(head: Person) -> None:
    whole = send(head, table(household("KA00"), household("KA01"))).checked()
    values = {"township": "440103001", "division": "440103", "address": "甲", "size": 1}
    with action(by="a test", reason="meanwhile") as act:
        act.create(Household, number="KA01", kind="family", **values)
    whole.taken()
    assert whole.one.state == "checking" and not Household.objects.filter(number="KA00").exists()
    jobs.run_waiting()
    assert whole.one.state == "checked" and whole.one.counts["bad"] == 1
    whole.taken("take_good")
    assert Household.objects.get(number="KA01").address == "甲"
    assert Household.objects.filter(number="KA00").exists()


def test_another_official_confirms_where_two_must_agree(
    head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = replace(Household.record)
    object.__setattr__(record, "confirmers", official("records_officer", functions=("police",)))
    monkeypatch.setattr(Household, "record", record)
    sent = send(head, table(household("KB00"))).checked().taken()
    assert sent.one.state == "awaiting" and not Household.objects.filter(number="KB00").exists()
    sent.do("confirm")
    assert sent.one.state == "awaiting", "nobody confirms what they sent themselves"
    stranger = Person("440106-police-records_officer")
    assert stranger.client.get(f"/desk/imports/{sent.ref}/").status_code == 404
    second = Sent(Person("440103-police-records_officer"), "")
    second.ref = sent.ref
    second.do("confirm")
    jobs.run_waiting()
    version: Any = Household.Version.objects.latest("id")
    assert version.number == "KB00" and second.person.name in version.changed_by


def test_who_may_not_import_is_shown_no_way_and_refused(head: Person) -> None:
    assert "导入数据文件" in head.get(HOUSEHOLDS)
    clerk = Person("440103-market-clerk")
    sent_badly(clerk, table(household("KC00")))
    assert clerk.status == 403
    sent = send(head, table(household("KC00")))
    for url in (f"/desk/imports/{sent.ref}/", f"/desk/imports/{sent.ref}/errors/"):
        assert clerk.client.get(url).status_code == 404
    assert sent.ref not in clerk.get("/desk/imports/")
    assert sent.ref in head.get("/desk/imports/")
    sent_badly(head, table(household("KC01")), purpose=" ")
    assert head.status == 422 and "请简要填写入库事由" in head.text


def test_an_import_is_listed_with_its_records(head: Person) -> None:
    sent = send(head, table(*(household(f"KD{n:02d}") for n in range(30)))).checked().taken()
    first = head.get(f"/desk/imports/{sent.ref}/records/")
    assert "KD24" in first and "KD25" not in first
    assert "KD29" in head.get(f"/desk/imports/{sent.ref}/records/?after=25")


def test_a_dropped_file_is_gone(head: Person) -> None:
    sent = send(head, table(household("KE00")))
    assert work.source(sent.ref).exists()
    sent.do("drop")
    assert sent.one.state == "dropped" and not work.folder(sent.ref).exists()
    assert head.client.get(f"/desk/imports/{sent.ref}/").status_code == 200


def test_told_to_stop_it_stops_at_a_checkpoint(
    head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    sent = send(head, table(*(household(f"KF0{n}") for n in range(9))))
    sent.do("check")
    stopping = Event()
    real = examining.Examination._checkpoint

    def stop(self: Any, *args: Any) -> None:
        real(self, *args)
        stopping.set()

    monkeypatch.setattr(examining.Examination, "_checkpoint", stop)
    jobs.run_waiting(stopping)
    assert sent.one.state == "checking" and sent.one.done == 5
    page = head.get(f"/desk/imports/{sent.ref}/")
    assert "已检查 4 行" in page and 'http-equiv="refresh"' in page
