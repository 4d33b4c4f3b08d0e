"""Files of rows: read in whatever state they come, checked, mended, taken in by lawful acts."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lingnan.kernel.registry.importing.models import Import
from lingnan.systems.government.population.models import Household, Resident
from tests.kernel.sending import (
    CITY_HEAD,
    HEAD,
    NAMES,
    RESIDENTS,
    household,
    send,
    sent_badly,
    table,
)
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "importing.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def head() -> Person:
    return Person(HEAD)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_files_as_officials_send_them(case: dict[str, Any], head: Person) -> None:
    sent = send(head, case["text"].encode()).checked()
    errors = sent.errors()
    assert set(errors) == set(case.get("bad", {}))
    for row, words in case.get("bad", {}).items():
        assert words in errors[row]
    assert sent.one.counts.get("new", 0) == case["good"]
    before = Household.objects.count()
    sent.taken("take_good" if errors else "take_all")
    assert sent.one.state == "taken" and "已入库" in sent.page
    assert Household.objects.count() == before + case["good"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_any_usual_encoding(encoding: str, head: Person) -> None:
    text = table(household("K200", address="㐂𠮷路1号")).decode()
    sent = send(head, text.encode(encoding))
    assert "㐂𠮷路1号" in sent.page
    sent.checked().taken()
    assert Household.objects.get(number="K200").address == "㐂𠮷路1号"


def test_a_file_of_mixed_and_broken_encodings(head: Person) -> None:
    lines = [household(f"K21{n}", address=f"龙津东路{n}号") for n in range(5)]
    parts = [line.encode() for line in lines]
    parts[1] = lines[1].encode("gb18030")
    parts[2] = parts[2].replace("津".encode(), "津".encode()[:2])
    parts[3] = parts[3].replace("号".encode(), b"\xff\xff")
    parts[4] = parts[4].replace("号".encode(), b"\x00")
    sent = send(head, b"\n".join([NAMES.encode(), *parts])).checked()
    errors = sent.errors()
    assert set(errors) == {4, 5, 6}
    assert "任何字符编码都无法识别" in errors[4] and "任何字符编码都无法识别" in errors[5]
    assert "空字符" in errors[6]
    sent.taken("take_good")
    assert Household.objects.get(number="K211").address == "龙津东路1号"


def test_the_encoding_and_columns_may_be_chosen_by_hand(head: Person) -> None:
    sent = send(head, household("K220").replace(",", ";").encode())
    assert "缺少列名" in sent.page
    sent.do("check")
    assert head.status == 422 and "请选择提供以下内容的列" in head.text
    order = ("number", "division", "township", "address", "size", "kind")
    sent.checked(**{f"column_{name}": str(place) for place, name in enumerate(order)})
    sent.taken()
    assert Household.objects.get(number="K220").size == 3
    other = send(head, table(household("K221")))
    page = other.do("show", delimiter=";", encoding="gb18030")
    assert other.one.reading["delimiter"] == ";" and "没有找到的列" in page


NOT_TAKEN = {
    "empty": (b"", "a.csv", "文件是空的"),
    "only a mark": (b"\xef\xbb\xbf\r\n", "a.csv", "文件是空的"),
    "only noughts": (bytes(5000), "a.csv", "文件是空的"),
    "wrong ending": (b"a,b\n", "a.doc", "请选择 CSV、Excel"),
    "text as workbook": (b"a,b\n1,2\n", "a.xlsx", "实为文本"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xlsx", "旧版"),
    "not a workbook": (b"PK\x03\x04" + bytes(90), "a.xlsx", "文件损坏"),
    "parquet cut off": (b"PAR1" + b"\x15\x04" * 90, "a.parquet", "文件损坏"),
    "program": (bytes(range(256)) * 40, "a.csv", "不是表格"),
    "many columns": (",".join(["x"] * 10_000).encode() + b"\n", "a.csv", "超过 500 列"),
}


@pytest.mark.parametrize("what", NOT_TAKEN)
def test_what_is_no_table_is_refused_in_words(what: str, head: Person) -> None:
    content, name, words = NOT_TAKEN[what]
    page = sent_badly(head, content, name)
    assert head.status == 422 and (words in page or (not content and "文件" in page))
    assert not Import.objects.exists()


def archive(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(head: Person) -> None:
    sheet = {"xl__workbook.xml": b"<a/>", "xl__sheet.xml": bytes(50 << 20)}
    assert "解压后过大" in sent_badly(head, archive(**sheet), "a.xlsx")
    entities = {"xl__workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'}
    assert "解压后过大" in sent_badly(head, archive(**entities), "a.xlsx")
    assert "压缩包" in sent_badly(head, archive(a=b"b"), "a.xlsx")


def workbook(*rows: list[Any]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


PERSON = {
    "公民身份号码": "440103199001010017", "姓名": "试验甲（合成）", "性别": "男",
    "出生日期": date(1990, 1, 1), "居住县区": "440103", "镇街": "440103001",
    "住址": "龙津东路1号", "城镇": "是", "户籍县区": "440103", "户号": "K300",
    "民族": "01", "文化程度": "",
}  # fmt: skip


def test_a_workbook_with_titles_days_formulas_and_turned_numbers(head: Person) -> None:
    names = ["resident_number", "name", "sex", "birth_date", "division", "township", "address",
             "urban", "domicile", "household", "nation", "education"]  # fmt: skip
    lines = [
        list(PERSON.values()),
        list((PERSON | {"公民身份号码": 440103199001010025}).values()),
        [None] * 12,
        list((PERSON | {"公民身份号码": "44010319900101005X", "住址": '="a"&"b"'}).values()),
        list((PERSON | {"公民身份号码": "440103199001010068", "民族": 3}).values()),
        list((PERSON | {"公民身份号码": "440103199001010076", "出生日期": 33000}).values()),
        list((PERSON | {"公民身份号码": "440103199001010084", "居住县区": 440103.5}).values()),
    ]
    sent = send(head, workbook(["人口登记表"], names, *lines), "人口.xlsx", RESIDENTS).checked()
    errors = sent.errors()
    assert set(errors) == {4, 6, 7, 9}
    assert "已被 Excel 变成数字" in errors[4] and "公式" in errors[6]
    assert "已被 Excel 变成数字" in errors[7] and "已被 Excel 变成数字" in errors[9]
    book = sent.error_file()
    sent.taken("take_good", confirmed_by=CITY_HEAD)
    made = Resident.objects.get(resident_number="440103199001010017")
    assert made.birth_date == date(1990, 1, 1) and made.urban and made.sex == "1"
    assert Resident.objects.get(resident_number="440103199001010076").birth_date.year == 1990
    from openpyxl import load_workbook

    rows = list(load_workbook(io.BytesIO(book)).active.values)  # type: ignore[union-attr]
    assert rows[0][-1] == "错误" and len(rows) == 5 and rows[0][:12] == tuple(names)


def test_days_as_people_write_them_early_ones_warned_future_ones_refused(head: Person) -> None:
    names = "resident_number,name,sex,birth_date,division,township,address,urban,domicile,household"
    days = ["2011-06-30", "2011/6/30", "20110630", "2011年6月30日", "２０１１年６月３０日",
            "1899-12-31", "2199-01-01", "2011-02-30", "30/6/2011"]  # fmt: skip
    rows = [
        f"44010319900102{n:04d},试验（合成）,1,{day},440103,440103001,路1号,是,440103,K310"
        for n, day in enumerate(days)
    ]
    sent = send(head, table(*rows, names=names), "人口.csv", RESIDENTS).checked()
    errors = sent.errors()
    assert set(errors) == {8, 9, 10} and "将来的日期" in errors[8] and "不是日期" in errors[9]
    assert "1 行的日期早于 1900 年" in sent.page
    sent.taken("take_good", confirmed_by=CITY_HEAD)
    found = Resident.objects.filter(household="K310").values_list("birth_date", flat=True)
    assert sorted(found) == [date(1899, 12, 31)] + [date(2011, 6, 30)] * 5


def parquet(**columns: list[Any]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    kept = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), kept)
    return kept.getvalue()


def test_a_parquet_file_with_its_types_and_one_cut_off(head: Person) -> None:
    content = parquet(
        number=["K400", "K401", "K402"], division=["440103"] * 3, township=["440103001"] * 3,
        address=["甲", "乙", None], size=[3, -4, 5], kind=["family"] * 3, tags=[["x"], [], None],
    )  # fmt: skip
    sent = send(head, content, "户.parquet").checked()
    assert set(sent.errors()) == {3, 4}
    import pyarrow.parquet

    bad = pyarrow.parquet.read_table(io.BytesIO(sent.error_file())).to_pydict()
    assert bad["number"] == ["K401", "K402"] and bad["size"] == [-4, 5] and "缺失" in bad["错误"][1]
    sent.taken("take_good")
    assert Household.objects.get(number="K400").size == 3
    for cut in (len(content) - 9, len(content) // 2):
        assert "文件损坏" in sent_badly(head, content[:cut], "户.parquet")


def test_only_who_may_import_sends_more_than_others(head: Person, settings: Any) -> None:
    settings.REQUEST_LIMIT = 1 << 20
    content = table(household("KG00")) + b"\n" * (2 << 20)
    clerk = Person("440103-market-clerk")
    sent_badly(clerk, content)
    assert clerk.status == 413
    assert send(head, content).checked().one.counts["new"] == 1
