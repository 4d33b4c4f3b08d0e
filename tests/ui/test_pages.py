"""The frame around every page, the state pages, and the weight of what is sent first."""

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from tests.ui.conftest import FOLDER
from tests.ui.test_every_component import INLINE, unquoted

PAGE = (
    '{% extends "ui/base.html" %}{% block title %}办事{% endblock %}'
    "{% block main %}<h1>办事</h1>{% endblock %}"
)
STATIC = FOLDER / "static" / "ui"


def frame(**changes: Any) -> SimpleNamespace:
    place = SimpleNamespace(url="/cases/", label="我的办件", current=True, count=2)
    return SimpleNamespace(
        **{
            "face": "resident",
            "brand": "岭南政务",
            "nav": [place],
            "who": "演示居民",
            "signin_url": "/signin/",
            "signout_url": "/signout/",
            "demonstration": True,
            "business_date": date(2026, 3, 2),
            "messages_unread": 3,
            **changes,
        }
    )


@pytest.fixture
def page() -> Callable[..., html.HtmlElement]:
    from django.template import engines

    def render(source: str = PAGE, **context: Any) -> html.HtmlElement:
        markup = engines["django"].from_string(source).render({"frame": frame(), **context})
        assert not INLINE.search(unquoted(markup))
        return html.document_fromstring(markup)

    return render


def test_chinese_frame(page: Callable[..., html.HtmlElement]) -> None:
    root = page()
    assert root.get("lang") == "zh-Hans"
    assert root.xpath("string(//title)") == "办事 · 岭南政务"
    assert root.xpath("//a[@class='skip']/@href") == ["#main"]
    assert root.xpath("//main[@id='main']")
    assert root.xpath("//nav[@aria-label='主导航']//a[@aria-current='page']")
    footer = " ".join(root.xpath("string(//footer)").split())
    assert footer == "演示省份 · 所有人物和机构均为合成 · 业务日期 2026年3月2日"
    assert "3 条未读" in root.text_content()
    assert root.xpath("//form[@action='/signout/' and @method='post']")


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_english_frame(page: Callable[..., html.HtmlElement], language: str) -> None:
    root = page()
    assert root.get("lang") == "en"
    assert "Demonstration province" in root.xpath("string(//footer)")
    assert "2 March 2026" in root.xpath("string(//footer)")
    assert root.xpath("//form[@action='/language/']//button/@value") == ["zh-hans"]


def test_language_switch_comes_back_to_the_page(page: Callable[..., html.HtmlElement]) -> None:
    request = SimpleNamespace(get_full_path="/cases/?after=3")
    form = page(request=request).xpath("//form[@action='/language/']")[0]
    assert form.xpath(".//input[@name='next']/@value") == ["/cases/?after=3"]
    assert form.xpath(".//button/@value") == ["en"]


def test_aside_makes_two_columns_only_when_there_is_one(
    page: Callable[..., html.HtmlElement],
) -> None:
    beside = "{% block aside %}{% if tip %}<p>{{ tip }}</p>{% endif %}{% endblock %}"
    assert page(PAGE + beside, tip="旁注").xpath("//div[@class='wrap page two']/aside")
    for bare in (page(), page(PAGE + beside)):
        assert not bare.xpath("//aside")
        assert not bare.xpath("//*[contains(@class, 'two')]")


def test_real_node_and_visitor(page: Callable[..., html.HtmlElement]) -> None:
    root = page(frame=frame(demonstration=False, who="", face="public"))
    assert "演示省份" not in root.text_content()
    assert root.xpath("//a[@href='/signin/']")
    assert not root.xpath("//form[@action='/signout/']")
    assert root.get("class") == "face-public"


def test_page_stands_without_a_frame(page: Callable[..., html.HtmlElement]) -> None:
    assert page(frame=None).xpath("//main/h1")


def test_state_page(page: Callable[..., html.HtmlElement]) -> None:
    text = '{% include "ui/error.html" %}'
    root = page(
        text, title="没有找到这一页", text="地址可能变了。", what_next="从首页找。", status=404
    )
    assert root.xpath("string(//h1)") == "没有找到这一页"
    assert "404" in root.xpath("string(//main)")
    assert "您可以这样做" in root.xpath("string(//main)")


def test_htmx_brings_no_inline_style(page: Callable[..., html.HtmlElement]) -> None:
    text = PAGE + '{% block scripts %}{% include "ui/htmx.html" %}{% endblock %}'
    root = page(text)
    assert '"includeIndicatorStyles":false' in root.xpath("//meta[@name='htmx-config']/@content")[0]
    assert all(s.get("defer") is not None for s in root.xpath("//script"))


def test_first_view_is_light() -> None:
    assert (STATIC / "look.css").stat().st_size < 30_000
    assert (STATIC / "look.js").stat().st_size < 3_000


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in [*STATIC.iterdir(), *(FOLDER / "templates").rglob("*.html")]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|url\((?!#)|@import|@font-face", text), path.name


def test_the_design_system_knows_nothing_else() -> None:
    for path in FOLDER.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.match(r"\s*(from|import) lingnan", line):
                assert "lingnan.kernel.ui" in line, path.name
