"""Reading what was typed into a form, and saying what is wrong with it."""

from datetime import date
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from lingnan.kernel.ui import api as ui

TODAY = date(2026, 3, 2)


def said(form: str | None = None, **typed: Any) -> ui.Answers:
    return ui.Answers(RequestFactory().post("/", typed), form)


def test_nothing_is_said_before_a_form_is_sent() -> None:
    asked = ui.Answers(RequestFactory().get("/?a=1"), "")
    assert asked.text("a", 9) == ""
    assert (asked.good, asked.wrong) == (False, {})


def test_the_other_form_of_a_page_stays_empty() -> None:
    sent = {"act": "report", "words": "文字"}
    assert said("report", **sent)["words"] == "文字"
    other = said("close", **sent)
    assert (other["words"], other.posted, other.good) == ("", False, False)


@pytest.mark.parametrize(
    ("typed", "required", "right"),
    [
        ("四个字符", True, True),
        ("  四个字符  ", True, True),
        ("五个字符了", True, False),
        ("   ", True, False),
        ("", False, True),
        ("五个字符了", False, False),
    ],
)
def test_a_text_has_a_length(typed: str, required: bool, right: bool) -> None:
    one = said(words=typed)
    assert one.text("words", 4, required) == typed.strip()
    assert one.good is right


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", 0), ("100", 100), ("101", None), ("-5", None), ("1.5", None), ("1e2", None),
        ("", None), ("一百", None), ("１２", None), ("²", None), ("9" * 400, None), ("+1", None),
    ],
)  # fmt: skip
def test_a_whole_number_is_digits_only(typed: str, value: int | None) -> None:
    one = said(count=typed)
    assert one.whole("count", 100) == (value or 0)
    assert one.good is (value is not None)


def test_a_loss_and_nothing_are_numbers_where_they_may_be() -> None:
    one = said(loss="-5", none="")
    assert one.whole("loss", 100, negative=True) == -5
    assert one.whole("none", 100, required=False) == 0
    assert one.good


def test_a_choice_is_one_of_the_options() -> None:
    assert said(way="a").chosen("way", ("a", "b")) == "a"
    for typed in ({"way": "c"}, {}):
        one = said(**typed)
        one.chosen("way", ("a", "b"))
        assert "way" in one.wrong


def test_tick_boxes() -> None:
    one = said(promise="1", other="on", several=["a", "b"])
    assert one.ticked("promise")
    assert not one.ticked("other")
    assert not one.ticked("absent")
    assert one.several("several") == ("a", "b")


@pytest.mark.parametrize("typed", ["1900-01-01", "2026-03-02"])
def test_a_day_within_the_bounds(typed: str) -> None:
    one = said(on=typed)
    assert one.day("on", TODAY) == date.fromisoformat(typed)
    assert one.good


@pytest.mark.parametrize("typed", ["1899-12-31", "2026-03-03", "2026-02-30", "昨天", ""])
def test_no_day_or_one_out_of_bounds(typed: str) -> None:
    one = said(on=typed)
    assert one.day("on", TODAY) is None
    assert "1900" in one.wrong["on"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "1900年至2026年3月2日之间"), ("en", "1900 and 2 March 2026")],
)
def test_a_bound_is_a_day_in_the_readers_language(language: str, words: str) -> None:
    with override(language):
        one = said(on="2026-03-03")
        one.day("on", TODAY)
    assert words in one.wrong["on"]


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    one = said(words="五个字符了")
    one.text("words", 4)
    drawn = one.field("words", "理由")
    assert (drawn.value, bool(drawn.error)) == ("五个字符了", True)
    assert one.field("words", "理由", value="原文").value == "原文"


def test_fields_are_read_as_they_are_declared() -> None:
    pair = ui.options({"a": "甲", "b": "乙"})
    fields = [
        ui.FieldView("name", "姓名", maxlength=4),
        ui.FieldView("on", "日期", kind="date"),
        ui.FieldView("way", "方式", kind="radio", options=pair),
        ui.FieldView("who", "成员", kind="checkbox", options=pair, required=False),
    ]
    right = said(name=" 陈某 ", on="2011-06-30", way="a", who=["a", "b"])
    values, _drawn = right.read(fields)
    assert right.good
    assert values == {"name": "陈某", "on": date(2011, 6, 30), "way": "a", "who": ("a", "b")}
    wrong = said(name="五个字符了", on="30.6.2011", way="c", who=["a", "z"])
    values, drawn = wrong.read(fields)
    assert [one.name for one in drawn if one.error] == ["name", "on", "way", "who"]
    assert values["on"] is None
    assert drawn[1].value == "30.6.2011"
    empty = said()
    _values, drawn = empty.read(fields)
    assert [one.name for one in drawn if one.error] == ["name", "on", "way"]


def test_a_page_sums_up_what_is_wrong_in_any_of_its_forms() -> None:
    bad = ui.Form([ui.FieldView("a", "甲", error="错")], "发送")
    good = ui.Form([ui.FieldView("b", "乙")], "发送")
    page = ui.Page("页", top=[ui.Notice("ok", "好"), bad], first=[good], forms=[bad])
    assert len(page.errors) == 2
