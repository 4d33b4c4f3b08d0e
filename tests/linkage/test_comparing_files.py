"""Which files are compared and which refused, by whom, and how well dirty rows are found."""

import io
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.linkage_people import people
from lingnan.kernel.registry.importing import work
from lingnan.kernel.registry.importing.rights import takes_in
from lingnan.kernel.registry.linkage.comparing import jobs, matching
from lingnan.kernel.registry.linkage.comparing.found import Found, Row
from lingnan.kernel.registry.linkage.finding import make_raw, pour
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.projection import engine
from lingnan.kernel.trust.api import Account, actor_of, node_evidence, official
from lingnan.systems.government.population.duplicates import RESIDENT
from lingnan.systems.government.population.models import Resident
from tests.linkage import corrupter
from tests.linkage.comparing import COMPARE, HEAD, NAMES, Brought, brought_badly, row_of, table
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
FIRE, OFFICER = "440103-fire-clerk", "440103-police-records_officer"
FIELDS = [one.field for one in RESIDENT.compared]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Any, settings: Any) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def some() -> list[Resident]:
    return list(Resident.objects.filter(division="440103", ended=False).order_by("key")[:4])


def test_dirty_rows_are_found_by_kind_and_lookalikes_are_not(tmp_path: Path) -> None:
    """Of a register of 4,000: copies of 1,000 of them, and 1,000 who only look like one."""
    dice = random.Random(7)
    rows = list(people(4000, dice))
    copies = list(corrupter.copies(rows[:1000], dice))
    asked = [copy for _kind, copy in copies]
    asked += [corrupter.alike(row, dice) for row in rows[1000:2000]]
    one = Comparison(ref="0" * 32, mapping={})
    work.folder(one.ref).mkdir(parents=True)
    register = [[(int(row["id"]), *(row[name] for name in FIELDS)) for row in rows]]
    with engine.connect() as duck, Found(one.ref, anew=True) as found:
        lines = [
            (number, *(row[name] or None for name in FIELDS)) for number, row in enumerate(asked)
        ]
        make_raw(duck, FIELDS)
        pour(duck, FIELDS, lines)
        found.take_rows(Row(number, "", 0, {}, []) for number in range(len(asked)))
        made = matching.Matching(one, Resident, RESIDENT)
        shares = list(made.work(duck, found, iter(register), 4000))
        found.judge(RESIDENT.propose)
        told = found.page("", -1, len(asked))
        answers = found.answers(told)
    assert shares == sorted(shares) and shares[0] > 0 and shares[-1] <= 1
    right: Counter[str] = Counter()
    sure = {row.number: answers[row.number] for row in told if row.kind in ("certain", "several")}
    for number, (kind, copy) in enumerate(copies):
        right[kind] += any(a.record == int(copy["id"]) for a in sure.get(number, [])[:1])
    recall = {kind: count / (len(copies) / len(corrupter.KINDS)) for kind, count in right.items()}
    precision = sum(right.values()) / len(sure)
    assert precision >= 0.98, (precision, recall)
    assert sum(right.values()) / len(copies) >= 0.9, (precision, recall)
    for kind in ("similar", "old_number", "transposed", "traditional", "short_address", "moved"):
        assert recall[kind] >= 0.9, recall


def encodings(content: bytes) -> Iterator[tuple[str, bytes]]:
    text = content.decode()
    yield "名单.csv", text.encode("gb18030")
    yield "名单.csv", text.encode("utf-16")
    yield "名单.txt", text.replace(",", "\t").encode("utf-8-sig")
    yield "名单.csv", f"某街道名单\n,,\n{text}".encode()


def test_every_kind_of_file_that_is_imported_is_compared(some: list[Resident]) -> None:
    rows, head = [row_of(one) for one in some], Person(HEAD)
    files = [*encodings(table(rows)), ("名单.xlsx", sheet(rows)), ("名单.parquet", arrow(rows))]
    for name, content in files:
        brought = Brought(head, content, name).compared()
        assert brought.one.counts["certain"] == len(some), (name, brought.one.counts)


def sheet(rows: list[dict[str, str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in [NAMES, *rows]:
        book.active.append([row[name] for name in NAMES])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def arrow(rows: list[dict[str, str]]) -> bytes:
    import pyarrow
    import pyarrow.parquet as parquet

    columns: dict[str, Any] = {title: [row[name] for row in rows] for name, title in NAMES.items()}
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def test_what_is_no_table_or_has_no_reason_is_refused(tmp_path: Path) -> None:
    head, good = Person(HEAD), "姓名,住址\n张三,某路1号\n".encode()
    bad = [
        (b"", "文件是空的", {}), (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "文件内容", {}),
        (good, "请简要说明为何比对", {"purpose": "无"}), (good, "请填写", {"matter": ""}),
        (good, "请选择", {"file": ""}),
    ]  # fmt: skip
    for content, words, more in bad:
        page = brought_badly(head, content, **more)
        assert head.status == 422 and words in page, (words, head.status)
    assert not Comparison.objects.exists() and not list((tmp_path / "imports").glob("*"))
    brought_badly(head, good, "名单.xls")
    assert head.status == 422


def test_a_bad_cell_is_told_and_drops_neither_its_row_nor_another(some: list[Resident]) -> None:
    rows = [row_of(one) for one in some]
    rows[0]["birth_date"] = "1980年13月40日"
    rows[1]["resident_number"] = "4.40103E+17"
    rows[2]["sex"] = "外星人"
    rows += [dict.fromkeys(NAMES, "") | {"sex": "不明"}]
    content = table(rows) + b'"never closed,1,2\n'
    brought = Brought(Person(HEAD), content)
    assert "1980年13月40日" in brought.page and "Excel" in brought.page
    brought.compared()
    counts = brought.one.counts
    assert (counts["certain"], counts["left_out"], counts["bad"]) == (4, 3, 2), counts
    assert counts["faults"]["birth_date|day"] == 1 and counts["faults"]["|quotes"] == 1
    assert brought.pages("?kind=bad") == [6, 7]
    wrong = {line["row"]: line["wrong"] for line in brought.file()}
    assert "1980年13月40日" in wrong["2"] and wrong["3"] and not wrong["5"]
    assert "无法读取的单元格" in brought.page


def test_columns_are_chosen_by_hand(some: list[Resident]) -> None:
    rows, names = [row_of(one) for one in some], dict(zip(NAMES, "甲乙丙丁戊", strict=True))
    brought = Brought(Person(HEAD), table(rows, names))
    assert brought.one.mapping == {} and brought.one.reading["head"] == 0
    assert "请指定各列的内容" in brought.do("compare") and brought.person.status == 422
    brought.do("show", head="1", encoding="utf-8", delimiter=",")
    assert brought.one.reading["head"] == 1 and brought.one.reading["names"][0] == "甲"
    chosen = {f"column_{name}": str(place) for place, name in enumerate(NAMES)}
    brought.compared(**chosen, head="1")
    assert brought.one.counts["certain"] == len(some) == brought.one.counts["rows"]
    brought.do("columns")
    assert brought.one.state == "uploaded"
    one = brought.compared(**(chosen | {"column_resident_number": ""}), head="1").one
    assert one.counts["certain"] == len(some) and "resident_number" not in one.mapping.values()


def test_more_rows_than_are_compared_are_refused(
    some: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST", 3)
    brought = Brought(Person(HEAD), table([row_of(one) for one in some])).compared()
    assert brought.one.state == "failed" and "请拆分" in brought.page
    brought = Brought(Person(HEAD), table([])).compared()
    assert brought.one.state == "failed" and "没有数据行" in brought.page


def test_who_may_not_judge_pairs_compares_nothing(
    some: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table([row_of(one) for one in some])
    brought = Brought(Person(HEAD), rows).compared()
    for login in (FIRE, OFFICER, "440106-police-head"):
        other = Person(login)
        for address in ("", "file/", "rows/2/"):
            other.get(f"{brought.url}{address}")
            assert other.status == 404, (login, address)
        other.post(brought.url, do="remove")
        assert other.status == 404 and brought.one.state == "done"
        assert brought.ref not in other.get("/desk/comparisons/")
    fire = Person(FIRE)
    brought_badly(fire, rows)
    assert fire.status == 403
    barred = official("head", functions=("market",))
    monkeypatch.setattr(Resident, "record", replace(Resident.record, mergers=barred))
    head = Person(HEAD)
    for address in (COMPARE, brought.url, f"{brought.url}file/"):
        head.get(address)
        assert head.status == (403 if address == COMPARE else 404)
    who = actor_of(Account.objects.get(login=HEAD))
    assert not takes_in(COMPARE, who) and takes_in(COMPARE.replace("compare", "import"), who)


def test_a_withheld_field_is_not_told_by_how_it_agrees(
    some: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    only = official("records_officer", functions=("police",))
    declared = replace(Resident.record, withheld={"address": only})
    monkeypatch.setattr(Resident, "record", declared)
    rows = [row_of(one) for one in some]
    brought = Brought(Person(HEAD), table(rows))
    assert (
        "address" not in brought.one.mapping.values()
        and 'name="column_address"' not in brought.page
    )
    brought.compared(column_address="4", column_name="0", column_birth_date="2", column_sex="3")
    assert brought.one.counts["certain"] == len(some)
    page = brought.person.get(f"{brought.url}rows/2/")
    assert some[0].address not in page
    assert "不在本岗位权限内" in page
    assert all("住址" not in line["agree"] for line in brought.file())


def test_bringing_comparing_and_taking_out_are_evidence(some: list[Resident]) -> None:
    brought = Brought(Person(HEAD), table([row_of(one) for one in some])).compared()
    brought.file()
    brought.do("remove")
    entries = node_evidence.reader().entries(limit=200)
    mine = Counter(e.kind for e in entries if e.payload.get("comparison") == brought.ref)
    for kind in ("sent", "opened", "asked", "exported", "removed"):
        assert mine[f"comparison.{kind}"] >= 1, mine
    assert mine["record.exported"] == 1 and mine["record.listed"] == 1
    assert jobs.run_waiting() == 0
