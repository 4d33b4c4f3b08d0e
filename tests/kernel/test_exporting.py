"""Taking a list out as a file: by right, for a purpose, each row in the evidence."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.registry import exporting, reading
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
RESIDENTS = "/desk/records/population/resident/"
EXPORT = f"{RESIDENTS}export/"
HEAD = "440000-police-head"


def lines(person: Person, purpose: str, **sent: str) -> list[list[str]]:
    answer: Any = person.client.post(EXPORT, {"purpose": purpose, **sent})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def exported(purpose: str) -> list[tuple[dict[str, Any], int]]:
    """(payload, subjects) of each batch for a purpose, newest first: tests share the evidence."""
    reader = node_evidence.reader()
    found = [e for e in reader.entries(limit=50) if e.kind == "record.exported"]
    found = [e for e in found if (e.payload or {}).get("purpose") == purpose]
    return [(dict(e.payload or {}), len(reader.subjects(e.seq))) for e in found]


def test_a_file_holds_what_the_list_holds_and_each_row_is_evidence() -> None:
    rows = lines(Person(HEAD), "妇女普查", f_sex="2")
    women = Resident.objects.filter(sex="2", ended=False).count()
    assert rows[0] == ["姓名", "性别", "出生日期", "公民身份号码", "住址", "合成数据"]
    assert len(rows) - 1 == women and {row[1] for row in rows[1:]} == {"女"}
    assert all("****" in row[3] and row[-1] == "是" for row in rows[1:])
    payload, subjects = exported("妇女普查")[0]
    assert subjects == women
    assert payload["body"] == "gd-440000-police" and payload["filters"] == {"f_sex": "2"}


def test_many_rows_go_out_in_batches_that_are_evidence_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "BATCH", 7)
    monkeypatch.setattr(exporting, "LONGEST", 20)
    assert len(lines(Person(HEAD), "分批核对")) == 21
    assert [subjects for _payload, subjects in exported("分批核对")] == [6, 7, 7]


def test_a_file_that_breaks_off_has_told_of_no_more_than_the_evidence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "BATCH", 5)
    answer: Any = Person(HEAD).client.post(EXPORT, {"purpose": "中途断开"})
    told = iter(answer.streaming_content)
    for _line in range(4):  # the mark, the head, two rows
        next(told)
    answer.close()
    assert sum(subjects for _payload, subjects in exported("中途断开")) == 5


def test_no_file_without_a_purpose_or_a_right() -> None:
    officer = Person(HEAD)
    assert "导出用途" in officer.get(EXPORT)
    officer.post(EXPORT, purpose="  ")
    assert officer.status == 422 and "请简要填写导出用途" in officer.text
    assert exported("看一看再说") == exported("") == []
    clerk = Person("440103-market-clerk")
    assert clerk.client.post(EXPORT, {"purpose": "看一看再说"}).status_code == 403
    assert exported("看一看再说") == exported("") == []


def test_a_reader_who_may_not_export_is_shown_no_way_and_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head, officer = Person(HEAD), Person("440000-police-records_officer")
    assert "导出本列表" in head.get(RESIDENTS) and "导出本列表" not in officer.get(RESIDENTS)
    assert officer.client.post(EXPORT, {"purpose": "核对门牌"}).status_code == 403
    monkeypatch.setattr(Resident, "record", replace(Resident.record, exporters=None))
    assert "导出本列表" not in head.get(RESIDENTS)
    assert head.client.post(EXPORT, {"purpose": "核对门牌"}).status_code == 403


def test_a_cell_is_no_formula() -> None:
    resident = Resident.objects.order_by("key").first()
    assert resident is not None
    with action(by="a test", reason="a trick") as act:
        act.change(resident, name="=cmd|' /C calc'!A0")
    names = [row[0] for row in lines(Person(HEAD), "核对姓名")]
    assert "'=cmd|' /C calc'!A0" in names and "=cmd|' /C calc'!A0" not in names


def test_the_person_sees_that_the_record_was_exported() -> None:
    lines(Person("440100-police-head"), "核对门牌")
    page = Person("resident-440103").get("/looked/")
    assert "您的记载被导出为文件" in page and "核对门牌" in page
