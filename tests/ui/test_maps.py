"""The map: every region can be reached and read, and the table says the same."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from lingnan.kernel.ui import api as ui
from lingnan.kernel.ui.maps import steps

SQUARE = "M{0},0l100,0 0,100 -100,0z"


def region(number: int, value: float | None, **more: object) -> ui.Region:
    at = {"x": number * 100 + 50, "y": 50, "room": 50}
    name = f"区{number}"
    return ui.Region(f"{number}", name, SQUARE.format(number * 100), value, **(at | more))  # type: ignore[arg-type]


def drawn(draw: Callable[..., str], *regions: ui.Region, **more: object) -> html.HtmlElement:
    shown = ui.RegionMap("二区最多", regions, "0 0 600 100", **more)  # type: ignore[arg-type]
    return html.fragment_fromstring(draw("{% region_map m %}", m=shown), create_parent="div")


def test_the_table_has_every_figure_of_the_map_in_the_pages_order(draw: Callable[..., str]) -> None:
    regions = [region(2, 1200, url="/2/"), region(1, 7, text="7 人"), region(3, None)]
    root = drawn(draw, *regions)
    said = root.xpath("//svg[@role='group']//*[contains(@class,'region')]/@aria-label")
    lines = [
        " ".join(cell.text_content().strip() for cell in row.xpath("./*"))
        for row in root.xpath("//tbody/tr")
    ]
    assert lines == ["区2 1,200", "区1 7 人", "区3 —"]
    assert said == ["区2 1,200", "区1 7 人", "区3"]
    assert root.xpath("string(//figcaption)") == "二区最多"


def test_a_region_is_a_link_or_can_be_reached_by_key(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, 3, url="/places/1/"), region(2, 3))
    assert root.xpath("//svg//a/@href") == ["/places/1/"]
    assert root.xpath("//svg//g[@tabindex='0' and @role='img']/@aria-label") == ["区2 3"]
    assert "javascript" not in html.tostring(drawn(draw, region(1, 1, url="javascript:x"))).decode()


def test_the_legend_gives_each_steps_range(draw: Callable[..., str]) -> None:
    root = drawn(draw, *(region(i, i) for i in range(1, 11)), region(11, None), legend="人")
    words = [one.text_content().strip() for one in root.xpath("//*[@class='shades']//li")]
    assert words == ["1 – 2", "3 – 4", "5 – 6", "7 – 8", "9 – 10", "无数据"]
    marks = root.xpath("//svg[@role='group']//*[contains(@class,'region')]/@class")
    assert [mark.split()[1] for mark in marks] == [
        *(f"step-{step}" for step in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)),
        "none",
    ]


def test_without_figures_there_is_no_legend_and_no_empty_column(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, None), region(2, None))
    assert not root.xpath("//*[@class='shades']")
    assert len(root.xpath("//thead//th")) == 1


def test_a_state_has_its_sign_on_the_map_and_in_the_legend(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, None, text="3 件超期", kind="late"), states=[("late", "超期")])
    assert root.xpath("//svg[@role='group']//g/@aria-label")[0] == "区1 ▲ 3 件超期"
    assert "▲ 超期" in root.xpath("//*[@class='shades']")[0].text_content()


def test_names_stand_only_where_they_fit(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, 5), region(2, 5, room=3), region(3, 5, x=155, y=50))
    names = [one.text_content() for one in root.xpath("//*[@class='names']/text")]
    assert names == ["区1", "5"], "too small a room, and a name that would cross another, are left"


def test_where_we_are_is_drawn_over_its_neighbours(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, 1, here=True), region(2, 2))
    found = root.xpath("//svg[@role='group']//*[contains(@class,'region')]/@class")
    assert found[-1].endswith("here") and len(found) == 2


def test_a_spot_has_its_words(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, 1), spots=[ui.Spot(150, 40, "广州塔", "/x/"), ui.Spot(1, 2, "店")])
    assert root.xpath("//a[@class='spot']/@aria-label") == ["广州塔"]
    assert root.xpath("//a[@class='spot']/circle/@cx") == ["150"]
    assert root.xpath("//g[@class='spot']/@aria-label") == ["店"]


def test_a_map_without_lines_says_so_and_keeps_its_table(draw: Callable[..., str]) -> None:
    root = drawn(draw, ui.Region("1", "区1", "", 4))
    assert not root.xpath("//svg")
    assert "暂无" in root.xpath("//*[@class='atlas']")[0].text_content()
    assert root.xpath("//tbody/tr")


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_it_speaks_english(draw: Callable[..., str], language: str) -> None:
    root = drawn(draw, ui.Region("1", "Liwan", "", 4), ui.Region("2", "Haizhu", ""))
    assert not re.search(r"[\u4e00-\u9fff]", root.xpath("//*[@class='atlas']")[0].text_content())


@given(st.lists(st.integers(0, 40), min_size=1, max_size=150))
def test_steps_hold_every_value_once_and_part_no_equals(values: list[int]) -> None:
    found = steps(values)
    assert 1 <= len(found) <= 5
    for value in values:
        assert sum(low <= value <= high for low, high in found) == 1
    assert [low for low, _ in found] == sorted({low for low, _ in found})
    assert {low for low, _ in found} | {high for _, high in found} <= set(values)


def test_what_is_withheld_is_hatched_and_the_legend_says_so(draw: Callable[..., str]) -> None:
    root = drawn(draw, region(1, 12), region(2, None, text="×", withheld=True))
    marks = root.xpath("//svg[@role='group']//*[contains(@class,'region')]/@class")
    assert [mark.split()[1] for mark in marks] == ["step-2", "withheld"]
    words = [one.text_content().strip() for one in root.xpath("//*[@class='shades']//li")]
    assert words == ["12", "不予显示"] and root.xpath("//pattern[@id='hatch']")
    assert not drawn(draw, region(1, 12), region(2, None)).xpath("//pattern")
