"""Dates, days, money and numbers in both languages; every message has its Chinese."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import override
from django.utils.translation.template import templatize

from lingnan.kernel.ui import api as ui
from tests.ui.conftest import CATALOGUE, FOLDER

DAY = date(2026, 3, 2)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [("zh-hans", "2026年3月2日", "3月2日"), ("en", "2 March 2026", "2 March")],
    indirect=["language"],
)
def test_dates(language: str, long: str, short: str) -> None:
    assert ui.legal_date(DAY) == long
    assert ui.legal_date("2026-03-02") == long
    assert ui.legal_date(DAY, "short") == short


@pytest.mark.parametrize(
    ("language", "row"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")], indirect=["language"]
)
def test_words_in_a_row(language: str, row: str) -> None:
    assert ui.listed(["甲", "乙"]) == row


def test_what_is_no_date_stays_as_it_is() -> None:
    assert ui.legal_date(None) == ""
    assert ui.legal_date("") == ""
    assert ui.legal_date("长期") == "长期"


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-hans", "2026年3月3日 00:05"), ("en", "3 March 2026, 00:05")],
    indirect=["language"],
)
def test_times_are_those_of_the_province(language: str, text: str) -> None:
    moment = datetime(2026, 3, 2, 16, 5, tzinfo=UTC)
    assert ui.legal_datetime(moment) == text
    assert ui.legal_date(moment) in text
    assert ui.legal_datetime(moment.isoformat()) == text


@pytest.mark.parametrize(
    ("days", "unit", "chinese", "english"),
    [
        (8, "working", "还有 8 个工作日", "8 working days left"),
        (1, "working", "还有 1 个工作日", "1 working day left"),
        (0, "working", "今天到期", "Due today"),
        (-2, "working", "已超 2 个工作日", "2 working days overdue"),
        (3, "calendar", "还有 3 天", "3 days left"),
        (-1, "calendar", "已超 1 天", "1 day overdue"),
    ],
)
def test_days_left(days: int, unit: str, chinese: str, english: str) -> None:
    assert ui.days_left(days, unit) == chinese
    with override("en"):
        assert ui.days_left(days, unit) == english


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (Decimal("1234.5"), "yuan", "1,234.50 元", "¥1,234.50"),
        (123450, "fen", "1,234.50 元", "¥1,234.50"),
        (-3, "yuan", "-3.00 元", "-¥3.00"),
        ("免费", "yuan", "免费", "免费"),
    ],
)
def test_money(value: object, unit: str, chinese: str, english: str) -> None:
    assert ui.money(value, unit) == chinese
    with override("en"):
        assert ui.money(value, unit) == english


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("440103199001011234", "440103 19900101 1234"),
        ("440103********1234", "440103 ******** 1234"),
        ("91440101MA5ABCDE4X", "91 440101 MA5ABCDE4 X"),
        ("13800138000", "138 0013 8000"),
        ("6222021234567890123", "6222 0212 3456 7890 123"),
        ("440103-26-001873", "440103-26-001873"),
        ("<b>", "&lt;b&gt;"),
        ("", ""),
        (None, ""),
    ],
)
def test_numbers_are_grouped_for_the_eye_only(number: object, read: str) -> None:
    markup = str(ui.spaced_id(number))
    inner = markup.removeprefix('<span class="id">').removesuffix("</span>")
    assert inner.replace("</span><span>", " ").replace("<span>", "").replace("</span>", "") == read


def _said(name: str, source: str) -> set[tuple[str | None, str]]:
    found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    texts = set()
    for _line, message, _comments, context in found:
        single = message[0] if isinstance(message, tuple) else message
        texts.add((context, single.replace("%%", "%")))
    return texts


def test_every_message_has_its_chinese() -> None:
    said: set[tuple[str | None, str]] = set()
    for path in [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.html")]:
        source = path.read_text(encoding="utf-8")
        said |= _said(path.name, templatize(source) if path.suffix == ".html" else source)
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    known = {}
    for message in catalogue:
        single = message.id[0] if isinstance(message.id, tuple) else message.id
        known[(message.context, single)] = message.string
    known.pop((None, ""))
    assert len(said) > 30
    assert not said - set(known)
    assert not set(known) - said
    assert all(all(text) if isinstance(text, tuple) else text for text in known.values())
