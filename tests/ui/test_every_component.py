"""What holds of every component: nothing inline, nothing unescaped, nothing unlabelled."""

import re
from collections.abc import Callable

import pytest
from lxml import html

from lingnan.kernel.ui import api as ui
from tests.ui import samples

HOSTILE = "\"'><script>alert(1)</script><b onclick=x style=y>&{{ 7|add:7 }}"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<[^>]*\s(?:style|on\w+)\s*=", re.IGNORECASE)
ALL = sorted(samples.components("x"))
LISTS = sorted(samples.lists("x"))


def all_drawn(draw: Callable[..., str], text: str) -> dict[str, str]:
    drawn = {name: draw("{% show c %}", c=part) for name, part in samples.components(text).items()}
    for name, part in samples.lists(text).items():
        drawn[name] = draw("{% " + name + " c %}", c=part)
    return drawn


def unquoted(markup: str) -> str:
    """Markup with the values of attributes taken out."""
    return re.sub(r'="[^"]*"', '=""', markup)


@pytest.mark.parametrize("name", ALL + LISTS)
def test_nothing_is_inline(draw: Callable[..., str], name: str) -> None:
    assert not INLINE.search(unquoted(all_drawn(draw, "湾区")[name]))


@pytest.mark.parametrize("name", ALL + LISTS)
def test_hostile_text_stays_text(draw: Callable[..., str], name: str) -> None:
    markup = all_drawn(draw, HOSTILE)[name]
    assert "<script" not in markup
    assert "<b onclick" not in markup
    root = html.fragment_fromstring(markup, create_parent="div")
    for element in root.iter():
        assert element.tag != "script"
        assert not {a for a in element.attrib if a == "style" or a.startswith("on")}
    assert "{{ 7|add:7 }}" in html.tostring(root, encoding="unicode")


@pytest.mark.parametrize("name", sorted(samples.fields("x")))
def test_every_control_has_its_label(draw: Callable[..., str], name: str) -> None:
    root = html.fragment_fromstring(
        draw("{% field f %}", f=samples.fields("店")[name]), create_parent="div"
    )
    controls = root.xpath("//input[not(@type='hidden')] | //select | //textarea")
    assert controls
    for control in controls:
        assert len(root.xpath("//label[@for=$id]", id=control.get("id"))) == 1
        for described in (control.get("aria-describedby") or "").split():
            assert root.xpath("//*[@id=$id]", id=described)


@pytest.mark.parametrize("name", sorted(samples.fields("x")))
def test_ids_are_unique(draw: Callable[..., str], name: str) -> None:
    markup = draw("{% field f %}", f=samples.fields("店")[name])
    ids = re.findall(r'\sid="([^"]*)"', markup)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "java\nscript:x"]
)
def test_a_link_never_runs_anything(draw: Callable[..., str], url: str) -> None:
    markup = draw(
        "{% link a %}{% act b %}{% tiles c %}{% kpis d %}{% empty e %}{% show f %}",
        a=ui.Link(url, "x"),
        b=ui.Act(url, "x"),
        c=[ui.Tile(url, "x")],
        d=[ui.Kpi("x", "1", url=url)],
        e=ui.Empty("x", link=ui.Link(url, "x")),
        f=ui.Form([], "x", url=url),
    )
    assert "script:" not in markup.lower()
    assert "data:" not in markup


@pytest.mark.parametrize("url", ["/cases/1/", "?after=3", "#id_a", "https://x.cn/a:b", "tel:12345"])
def test_ordinary_links_are_kept(url: str) -> None:
    assert ui.safe_url(url) == url


def test_text_and_nothing_are_drawn_as_they_are(draw: Callable[..., str]) -> None:
    assert draw("{% show a %}|{% show b %}", a="<b>", b=None) == "&lt;b&gt;|"


def test_a_page_can_be_a_list(draw: Callable[..., str]) -> None:
    markup = draw("{% show_all parts %}", parts=[ui.Notice("ok", "<一>"), ui.Empty("二"), "<三>"])
    assert "&lt;一&gt;" in markup
    assert "二" in markup
    assert "&lt;三&gt;" in markup
