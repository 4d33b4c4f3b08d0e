"""Form fields: what is optional, what came from a record, what is wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html

from lingnan.kernel.ui import api as ui

SOURCE = ui.Source("人口库", "3月2日", "dispute")
KINDS = [ui.Option("a", "甲"), ui.Option("b", "乙")]


def tree(draw: Callable[..., str], **field: Any) -> html.HtmlElement:
    view = ui.FieldView(**{"name": "shop", "label": "店名", **field})
    return html.fragment_fromstring(draw("{% field f %}", f=view), create_parent="div")


@pytest.mark.parametrize("kind", ["text", "textarea", "number", "date", "select", "radio", "file"])
def test_optional_is_said_in_a_word(draw: Callable[..., str], kind: ui.FieldKind) -> None:
    free = tree(draw, kind=kind, options=KINDS, required=False)
    asked = tree(draw, kind=kind, options=KINDS)
    assert "选填" in free.xpath("string((//label | //legend)[1])")
    assert "选填" not in asked.text_content()
    assert not free.xpath("//*[@required]")
    assert asked.xpath("//*[@required]")


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_optional_in_english(draw: Callable[..., str], language: str) -> None:
    assert "optional" in tree(draw, required=False).text_content()


def test_error_is_in_words_and_tied_to_its_field(draw: Callable[..., str]) -> None:
    root = tree(draw, hint="含厨房", error="请填数字，例如 62", kind="number", unit="平方米")
    box = root.xpath("//input")[0]
    assert box.get("aria-invalid") == "true"
    assert box.get("aria-describedby") == "id_shop-hint id_shop-error"
    assert "请填数字" in root.xpath("string(//*[@id='id_shop-error'])")
    assert box.get("inputmode") == "decimal"


def test_filled_field_is_read_only_and_can_be_disputed(draw: Callable[..., str]) -> None:
    root = tree(draw, value="街口粥粉面", source=SOURCE)
    box = root.xpath("//input")[0]
    assert box.get("readonly") is not None
    assert box.get("value") == "街口粥粉面"
    assert "来自人口库，3月2日读取" in root.xpath("string(//*[@id='id_shop-source'])")
    button = root.xpath("//button")[0]
    assert (button.get("name"), button.get("value")) == ("dispute", "shop")
    assert button.get("formnovalidate") is not None
    assert button.text_content() == "有误 店名"


@pytest.mark.parametrize(
    ("field", "shown", "carried"),
    [
        ({"kind": "select", "options": KINDS, "value": "b"}, "乙", ["b"]),
        ({"kind": "checkbox", "options": KINDS, "value": ("a", "b")}, "甲、乙", ["a", "b"]),
        ({"kind": "date", "value": "2026-03-02"}, "2026年3月2日", ["2026-03-02"]),
        ({"kind": "checkbox", "value": "1"}, "是", ["1"]),
        ({"value": "甲"}, "甲", []),
    ],
)
def test_filled_field_shows_words_and_sends_the_value(
    draw: Callable[..., str], field: dict[str, Any], shown: str, carried: list[str]
) -> None:
    root = tree(draw, source=SOURCE, **field)
    assert root.xpath("//input[@readonly]/@value") == [shown]
    assert root.xpath("//input[@type='hidden']/@value") == carried
    assert bool(root.xpath("//input[@readonly]/@name")) is not bool(carried)


def test_long_record_is_not_cut_off(draw: Callable[..., str]) -> None:
    address = "广州市荔湾区龙津东路 18 号首层之一（临街）"
    box = tree(draw, value=address, source=SOURCE).xpath("//textarea[@readonly]")[0]
    assert box.text.strip() == address


def test_groups_have_legend_and_chosen_options(draw: Callable[..., str]) -> None:
    radio = tree(draw, kind="radio", options=KINDS, value="b", error="请选一个")
    assert radio.xpath("//fieldset[@role='radiogroup' and @aria-invalid='true']/legend")
    assert radio.xpath("//input[@checked]/@value") == ["b"]
    ticks = tree(draw, kind="checkbox", options=KINDS, value=("a", "b"))
    assert ticks.xpath("//input[@checked]/@value") == ["a", "b"]
    assert ticks.xpath("//input[1]/@id")[0] == "id_shop"


def test_select_asks_before_it_answers(draw: Callable[..., str]) -> None:
    fresh = tree(draw, kind="select", options=KINDS)
    assert fresh.xpath("string(//option[1])") == "请选择"
    assert tree(draw, kind="select", options=KINDS, value="a").xpath("//option[@selected]/@value")


def test_file_says_kinds_and_size(draw: Callable[..., str]) -> None:
    files = [ui.Link("/f/1/", "租约.pdf")]
    root = tree(draw, kind="file", accept=["pdf", ".jpg"], max_megabytes=10, files=files)
    box = root.xpath("//input[@type='file']")[0]
    assert box.get("accept") == ".pdf,.jpg"
    assert "PDF、JPG" in root.xpath("string(//*[@id='id_shop-hint'])")
    assert "10 MB" in root.text_content()
    assert root.xpath("//a/@href") == ["/f/1/"]


def test_text_keeps_its_first_line_break(draw: Callable[..., str]) -> None:
    markup = draw("{% field f %}", f=ui.FieldView("t", "t", value="\n二", kind="textarea"))
    assert ">\n\n二</textarea>" in markup


def test_summary_leads_to_each_field(draw: Callable[..., str]) -> None:
    views = [
        ui.FieldView("a.b c", "甲", error="请填"),
        ui.FieldView("k", "乙", kind="radio", options=KINDS, error="请选"),
        ui.FieldView("z", "丙"),
    ]
    markup = draw(
        "{% error_summary e %}{% for f in fs %}{% field f %}{% endfor %}",
        e=ui.ErrorSummary.of(views),
        fs=views,
    )
    root = html.fragment_fromstring(markup, create_parent="div")
    assert "有 2 处需要改正" in root.xpath("string(//h2)")
    targets = [href[1:] for href in root.xpath("//div[@class='errors']//a/@href")]
    assert targets == ["id_a.b-c", "id_k"]
    assert all(root.xpath("//input[@id=$id]", id=target) for target in targets)
    assert not draw("{% error_summary e %}", e=ui.ErrorSummary([])).strip()
