"""`{% load ui %}`: draws the components of `lingnan.kernel.ui.api` and writes dates and sums."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from lingnan.kernel.ui import words
from lingnan.kernel.ui.components import Kpi, Step, Tile

register = template.Library()


def _render(context: Context, name: str, value: object) -> SafeString:
    engine = context.template.engine if context.template else template.Engine.get_default()
    inner = context.new({"c": value, "csrf_token": context.get("csrf_token")})
    return mark_safe(engine.get_template(name).render(inner).strip())


@register.simple_tag(takes_context=True)
def show(context: Context, component: Any) -> str:
    """Draws any component by its own template; text is escaped; nothing draws nothing."""
    name = getattr(component, "template", None)
    if name is None:
        return "" if component is None else conditional_escape(component)
    return _render(context, name, component)


for _name in [
    "chip",
    "link",
    "act",
    "bar",
    "table",
    "panel",
    "field",
    "error_summary",
    "notice",
    "empty",
    "barchart",
    "region_map",
    "linechart",
    "reach",
    "trail",
    "tracks",
    "course",
]:
    register.simple_tag(show, takes_context=True, name=_name)


@register.simple_tag(takes_context=True)
def show_all(context: Context, components: Iterable[Any]) -> SafeString:
    """Draws components one after another: a page as a list."""
    return mark_safe("".join(conditional_escape(show(context, part)) for part in components))


@register.simple_tag(takes_context=True)
def timeline(context: Context, steps: Iterable[Step]) -> SafeString:
    return _render(context, "ui/timeline.html", list(steps))


@register.simple_tag(takes_context=True)
def kpis(context: Context, figures: Iterable[Kpi]) -> SafeString:
    return _render(context, "ui/kpis.html", list(figures))


@register.simple_tag(takes_context=True)
def tiles(context: Context, items: Iterable[Tile]) -> SafeString:
    return _render(context, "ui/tiles.html", list(items))


@register.simple_tag(takes_context=True)
def form_start(context: Context) -> SafeString:
    """First thing inside a form: the csrf token, and what the Enter key presses."""
    return _render(context, "ui/form_start.html", None)


class FilledNode(template.Node):
    """Keeps what is drawn inside under a name; blank counts as nothing."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        drawn = self.nodelist.render(context)
        context[self.name] = drawn if drawn.strip() else ""
        return mark_safe("")


@register.tag
def filled(parser: Parser, token: Token) -> FilledNode:
    """`{% filled as name %}…{% endfilled %}`"""
    bits = token.split_contents()
    if len(bits) != 3 or bits[1] != "as":
        raise template.TemplateSyntaxError("write {% filled as name %}")
    nodelist = parser.parse(("endfilled",))
    parser.delete_first_token()
    return FilledNode(nodelist, bits[2])


register.filter("legal_date", words.legal_date)
register.filter("legal_datetime", words.legal_datetime)
register.filter("days_left", words.days_left)
register.filter("money", words.money)
register.filter("spaced_id", words.spaced_id)
