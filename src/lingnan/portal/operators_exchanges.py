"""Who exchanges with whom, drawn; the same as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.operating import exchanges, rules
from lingnan.kernel.exchange.traffic.exchanges import End, Flow
from lingnan.kernel.trust.api import allow
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_names import system_titles
from lingnan.portal.operators_traffic import asked, periods
from lingnan.portal.operators_words import Named, share

DRAWN, LISTED, ALL, LABEL = 12, 30, 5000, 12


@dataclass(frozen=True)
class Says:
    """Names of sides; between nodes a side is a node."""

    named: Named
    by_node: bool
    systems: Mapping[str, str]

    def asks(self, end: End) -> str:
        if end.node == exchanges.REST or self.by_node:
            return self.named.node(end.node)
        return self.named.member(end.code)

    def answers(self, end: End) -> str:
        if end.node == exchanges.REST or self.by_node:
            return self.named.node(end.node)
        return self.systems.get(end.code, end.code)

    def group(self, end: End) -> str:
        return "" if self.by_node or end.node == exchanges.REST else self.named.node(end.node)


@allow(OPERATORS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The busiest of a period; all others as one."""
    named, by_node = Named(), request.GET.get("by") == "node"
    found = exchanges.exchanges(asked(request.GET), named.here, by_node)
    say = Says(named, by_node, system_titles())
    top: list[object] = [_filter(request.GET, by_node)]
    if found.flows:
        top.append(_chart(found, say))
    return ui.shown(
        request,
        ui.Page(
            pgettext("traffic", "Who exchanges with whom"),
            _("Messages that came to, left or passed this node, and uses within it."),
            top=top,
            tables=[ui.Part(_table(found, say, request.GET))],
            trail=ui.Trail([ui.Link(reverse("operating"), _("Operating"))]),
        ),
    )


def _filter(given: Mapping[str, str], by_node: bool) -> ui.Filter:
    ways = [
        ui.Option("member", pgettext("traffic", "Members and systems")),
        ui.Option("node", pgettext("traffic", "Nodes")),
    ]
    return ui.Filter(
        [
            ui.FieldView("period", pgettext("traffic", "Period"), kind="select",
                         value=given.get("period", "day"), options=periods()),
            ui.FieldView("by", pgettext("traffic", "Between"), kind="select",
                         value="node" if by_node else "member", options=ways),
        ],
        pgettext("traffic", "Show"),
    )  # fmt: skip


def _chart(found: exchanges.Exchanges, say: Says) -> ui.FlowChart:
    flows = exchanges.drawn(found.flows, DRAWN)
    left, right = _sides([f.asks for f in flows]), _sides([f.answers for f in flows])
    sums: dict[tuple[int, End], int] = {}
    for one in flows:
        for side, end in ((0, one.asks), (1, one.answers)):
            sums[side, end] = sums.get((side, end), 0) + one.number
    lines = [
        ui.FlowLine(left.index(one.asks), right.index(one.answers), one.number,
                    _said(one, say), _kind(one))
        for one in flows
    ]  # fmt: skip
    total, faults = sum(f.number for f in flows), sum(f.faults for f in flows)
    title = _("Messages: %(n)s; asking: %(a)s, answering: %(b)s")
    told = {"n": f"{total:,}", "a": f"{found.asking:,}", "b": f"{found.answering:,}"}
    note = _("The wider, the more. Amber: some errors; red: more than %(limit)s.")
    return ui.FlowChart(
        title % told,
        pgettext("traffic", "Asks"),
        pgettext("traffic", "Answers"),
        [ui.FlowEnd(_short(say.asks(e)), f"{sums[0, e]:,}", say.group(e)) for e in left],
        [ui.FlowEnd(_short(say.answers(e)), f"{sums[1, e]:,}", say.group(e)) for e in right],
        lines,
        note % {"limit": share(rules.ERROR_SHARE)} if faults else "",
    )


def _sides(ends: Sequence[End]) -> list[End]:
    """Those of one node together, the busiest node first; the rest last."""
    once = list(dict.fromkeys(ends))
    nodes = list(dict.fromkeys(end.node for end in once))
    return sorted(once, key=lambda end: (end.node == exchanges.REST, nodes.index(end.node)))


def _short(text: str) -> str:
    return text if len(text) <= 2 * LABEL or not text.isascii() else f"{text[: 2 * LABEL - 1]}…"


def _kind(one: Flow) -> Literal["", "warn", "late"]:
    if one.share > rules.ERROR_SHARE:
        return "late"
    return "warn" if one.faults else ""


def _said(one: Flow, say: Says) -> str:
    words = _("%(a)s asks %(b)s: %(n)s, errors %(share)s")
    return words % {
        "a": say.asks(one.asks), "b": say.answers(one.answers), "n": f"{one.number:,}",
        "share": share(one.share),
    }  # fmt: skip


def _table(found: exchanges.Exchanges, say: Says, given: Mapping[str, str]) -> ui.Table:
    most = ALL if given.get("all") else LISTED
    rows: list[dict[str, ui.CellLike]] = []
    for one in found.flows[:most]:
        rows.append({
            "asks": ui.Cell(say.asks(one.asks), say.group(one.asks)),
            "answers": ui.Cell(say.answers(one.answers), say.group(one.answers)),
            "number": f"{one.number:,}",
            "errors": ui.Bar(one.share, 1, _kind(one) or "ok", share(one.share)),
        })  # fmt: skip
    columns = [
        ui.Column("asks", pgettext("traffic", "Asks")),
        ui.Column("answers", pgettext("traffic", "Answers")),
        ui.Column("number", pgettext("traffic", "Number"), numeric=True),
        ui.Column("errors", pgettext("traffic", "Errors")),
    ]
    nothing = ui.Empty(
        _("Nothing was exchanged in this period"),
        _("Choose a longer one, or leave out what it is filtered by."),
    )
    caption, more = _("The same as a table"), None
    if len(found.flows) > most:
        kept = {name: text for name, text in given.items() if name in ("period", "by")}
        more = "?" + urlencode(kept | {"all": "1"})
        words = _("The same as a table: the first %(most)s of %(n)s")
        caption = words % {"most": most, "n": f"{len(found.flows):,}"}
    return ui.Table(columns, rows, caption, nothing, next_url=more)
