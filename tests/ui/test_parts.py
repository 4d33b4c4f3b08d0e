"""Lists, states, figures and charts as the reader meets them."""

from collections.abc import Callable

import pytest
from lxml import html

from lingnan.kernel.ui import api as ui

COLUMNS = [ui.Column("case", "办件"), ui.Column("days", "已用", numeric=True), ui.Column("act", "")]
ROWS = [{"case": ui.Cell(ui.Link("/c/1/", "440103-26-001873"), "消防检查"), "days": 1234}]


def test_table_has_caption_scope_and_words_for_the_phone(draw: Callable[..., str]) -> None:
    root = html.fragment_fromstring(
        draw("{% table t %}", t=ui.Table(COLUMNS, ROWS, "在办")), create_parent="div"
    )
    assert root.xpath("string(//caption)") == "在办"
    assert len(root.xpath("//thead//th[@scope='col']")) == 2
    assert root.xpath("//tbody//th[@scope='row']")
    assert root.xpath("//td[@data-h='已用']")[0].text_content() == "1,234"
    assert root.xpath("//td[@data-h='']")[0].text_content() == "—"


def test_empty_table_says_so_and_pages_are_links(draw: Callable[..., str]) -> None:
    markup = draw("{% table t %}", t=ui.Table(COLUMNS, [], "在办", "没有办件", previous_url="?p=1"))
    assert "没有办件" in markup
    assert "<table" not in markup
    assert 'rel="prev" href="?p=1"' in markup
    assert 'rel="next"' not in markup


def test_a_notice_lists_what_it_asks_for(draw: Callable[..., str]) -> None:
    notice = ui.Notice("warn", "请补正", items=["缺<签名>", "门牌号不一致"])
    root = html.fragment_fromstring(draw("{% notice n %}", n=notice), create_parent="div")
    assert [item.text_content() for item in root.xpath("//li")] == ["缺<签名>", "门牌号不一致"]


def test_a_tile_shows_its_facts(draw: Callable[..., str]) -> None:
    tiles = [ui.Tile("/m/", "登记", "一句话", ["承诺 1 个工作日", "不收费"])]
    root = html.fragment_fromstring(draw("{% tiles t %}", t=tiles), create_parent="div")
    facts = root.xpath("//*[@class='facts']/span")
    assert [fact.text_content() for fact in facts] == ["承诺 1 个工作日", "不收费"]


def test_wide_table_can_be_scrolled_by_keyboard(draw: Callable[..., str]) -> None:
    columns = [ui.Column(str(i), f"列{i}") for i in range(7)]
    assert 'tabindex="0"' in draw("{% table t %}", t=ui.Table(columns, [{"0": "a"}], "宽"))


@pytest.mark.parametrize(
    ("kind", "sign"), [("ok", "✓"), ("info", "●"), ("warn", "◆"), ("late", "▲"), ("soft", "○")]
)
def test_a_state_has_sign_and_word(draw: Callable[..., str], kind: ui.Kind, sign: str) -> None:
    markup = draw("{% chip c %}", c=ui.Chip(kind, "状态"))
    assert sign in markup
    assert "状态" in markup
    assert "◇" in draw("{% chip c %}", c=ui.Chip(kind, "状态", "◇"))


def test_timeline_tells_each_state_in_words(draw: Callable[..., str]) -> None:
    states: list[ui.StepState] = ["done", "now", "next", "stopped"]
    markup = draw("{% timeline s %}", s=[ui.Step("步", state=state) for state in states])
    for word in ("已完成", "进行中", "未开始", "已停止"):
        assert word in markup
    assert markup.count('aria-current="step"') == 1


@pytest.mark.parametrize(
    ("used", "limit", "width"),
    [(5, 10, "50.0"), (12, 10, "100.0"), (-1, 10, "0.0"), (0, 0, "100.0")],
)
def test_bar_stays_inside_its_track(
    draw: Callable[..., str], used: float, limit: float, width: str
) -> None:
    markup = draw("{% bar b %}", b=ui.Bar(used, limit))
    assert f'class="fill" width="{width}"' in markup
    assert f"{used:g} / {limit:g}" in markup


def test_chart_states_its_finding_and_gives_its_numbers(draw: Callable[..., str]) -> None:
    rows = [
        ui.ChartRow("荔湾", 12, "12 件", "late"),
        ui.ChartRow("清城", 6),
        ui.ChartRow("端州", -2),
    ]
    root = html.fragment_fromstring(
        draw("{% barchart c %}", c=ui.BarChart("荔湾超时最多", rows)), create_parent="div"
    )
    assert root.xpath("//figcaption/text()") == ["荔湾超时最多"]
    assert root.xpath("//rect[@class='fill']/@width") == ["100.0%", "50.0%", "0.0%"]
    bars = [" ".join(bar.text_content().split()) for bar in root.xpath("//ul/li")]
    assert bars == ["荔湾 ▲ 12 件", "清城 6", "端州 -2"]
    assert len(root.xpath("//details//tbody/tr")) == 3
    assert root.xpath("//button/@data-copy")[0].splitlines()[1] == "荔湾\t12"


def test_chart_without_rows_says_so(draw: Callable[..., str]) -> None:
    assert "暂无数据" in draw("{% barchart c %}", c=ui.BarChart("无", []))


def test_button_in_a_list_posts_with_the_token(draw: Callable[..., str]) -> None:
    act = ui.Act("/tasks/7/take/", "领取", {"version": "3"}, "办件 440103")
    table = ui.Table(COLUMNS, [{"act": act}], "待办")
    markup = draw("{% table t %}", t=table, csrf_token="token-of-the-page")
    assert 'value="token-of-the-page"' in markup
    assert 'name="version" value="3"' in markup
    assert 'method="post"' in markup


def test_panel_shows_every_kind_of_value(draw: Callable[..., str]) -> None:
    items = [
        ui.Item("状态", ui.Chip("ok", "有效")),
        ui.Item("办件", ui.Link("/c/1/", "查看")),
        ui.Item("备注", None),
    ]
    markup = draw("{% panel p %}", p=ui.Panel("许可", items))
    assert "有效" in markup
    assert 'href="/c/1/"' in markup
    assert "<dd>—" in markup
