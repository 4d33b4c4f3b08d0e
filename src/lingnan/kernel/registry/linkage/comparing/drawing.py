"""A comparison as components of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.registry import display, rights
from lingnan.kernel.registry.linkage.comparing import keeping, seeing, words
from lingnan.kernel.registry.linkage.comparing.found import KINDS, Answer, Row
from lingnan.kernel.registry.linkage.comparing.rights import model_of
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


def chip(one: Comparison) -> ui.Chip:
    return ui.Chip(*words.STATES[one.state])


def about(one: Comparison, model: type[Record]) -> ui.Panel:
    items = [
        ui.Item(_("File of rows"), one.name, f"{one.size:,} B"),
        ui.Item(_("Matter or case that it serves"), one.matter),
        ui.Item(_("Why the file is compared"), one.purpose),
        ui.Item(_("Sent by"), one.who, ui.legal_datetime(one.at)),
    ]
    if one.state != "removed":
        last = ui.legal_date(one.at + timedelta(days=keeping.DAYS))
        items.append(ui.Item(_("Kept until"), last))
    return ui.Panel(str(model.record.title), items, compact=True)


def listed(found: Sequence[Comparison]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "file": ui.Cell(ui.Link(reverse("comparison", args=[one.ref]), one.name), one.purpose),
            "register": str(model_of(one).record.title),
            "state": chip(one),
            "rows": one.counts.get("rows"),
            "at": ui.legal_datetime(one.at),
        }
        for one in found
    ]
    columns = [
        ui.Column("file", _("File of rows")),
        ui.Column("register", _("Register")),
        ui.Column("state", _("How far it is")),
        ui.Column("rows", _("Rows of the file"), numeric=True),
        ui.Column("at", _("Sent when")),
    ]
    nothing = ui.Empty(_("No file was compared yet"), _("Begin at the register."))
    return ui.Table(columns, lines, _("Files compared"), nothing, caption_hidden=True)


def figures(one: Comparison) -> list[ui.Kpi]:
    counts = one.counts
    found = [ui.Kpi(_("Rows of the file"), f"{counts.get('rows', 0):,}", url="./")]
    for kind in KINDS:
        count = counts.get(kind, 0)
        colour, text = words.KINDS[kind]
        drawn = colour if count and kind in ("certain", "several", "bad") else ""
        found.append(ui.Kpi(text, f"{count:,}", kind=drawn, url=f"?kind={kind}"))
    return found


def notices(one: Comparison, model: type[Record]) -> list[ui.Notice]:
    """What is wrong with rows, by kind, the most frequent first."""
    counted = sorted(one.counts.get("faults", {}).items(), key=lambda pair: -pair[1])
    if not counted:
        return []
    said = []
    for place, count in counted[:8]:
        field, _bar, code = place.partition("|")
        name = display.label(model, field) if field else _("The row")
        fault = {"field": name, "error": words.of_kind(code), "n": f"{count:,}"}
        said.append(_("%(field)s: %(error)s (%(n)s rows)") % fault)
    text = _("%(left)s rows are compared without such a cell, %(bad)s are not compared.") % {
        "left": f"{one.counts.get('left_out', 0):,}", "bad": f"{one.counts.get('bad', 0):,}",
    }  # fmt: skip
    return [ui.Notice("warn", _("Cells that could not be read"), text, items=said)]


def progress(one: Comparison) -> ui.Bar:
    share = {"share": f"{100 * one.share:.0f}"}
    return ui.Bar(one.share, 1, text=_("%(share)s%% compared") % share)


def rows(
    one: Comparison, model: type[Record], found: Sequence[Row], seen: seeing.Seen, next_url: str
) -> ui.Table:
    """Rows with the likeliest record of each, as the queue of pairs shows them."""
    columns = [
        ui.Column("row", _("Row")),
        ui.Column("said", _("As it was compared")),
        ui.Column("found", pgettext("linkage", "What was found")),
        ui.Column("record", _("Likeliest record")),
        ui.Column("differs", _("Differs in")),
        ui.Column("weight", _("Weight"), True),
    ]
    lines = [_line(one, model, row, seen.answers[row.number]) for row in found]
    nothing = ui.Empty(_("No such row"))
    return ui.Table(
        columns, lines, _("Rows of the file"), nothing, next_url or None, caption_hidden=True
    )


def _line(
    one: Comparison, model: type[Record], row: Row, answers: list[tuple[Answer, Any]]
) -> dict[str, ui.CellLike]:
    url = reverse("comparison-row", args=[one.ref, row.number])
    wrong = ui.listed([words.of_problem(model, problem) for problem in row.problems])
    said = " · ".join(display.valued(model, name, value) for name, value in row.said.items())
    line: dict[str, ui.CellLike] = {
        "row": ui.Link(url, str(row.number)),
        "said": ui.Cell(said[:120] or "—", f"▲ {wrong}" if wrong else ""),
        "found": ui.Chip(*words.KINDS[row.kind]),
    }
    if answers:
        answer, record = answers[0]
        if record is None:
            return line | {"record": seeing.gone()}
        more = _("and %(n)s more") % {"n": row.answers - 1} if row.answers > 1 else ""
        line["record"] = ui.Cell(ui.Link(url, display.named(model, record)), more)
        line["differs"] = differs(model, answer)
        line["weight"] = f"{answer.weight:.1f}"
    return line


def differs(model: type[Record], answer: Answer) -> str:
    names = [n for n, level in answer.levels.items() if level not in ("exact", "empty")]
    return ui.listed([display.label(model, name) for name in names]) if names else "—"


def beside(model: type[Record], who: Actor, row: Row, record: Any, title: str) -> ui.Table:
    """What the file says and what the record says, field by field, for this post."""
    columns = [
        ui.Column("field", _("Field")),
        ui.Column("file", _("The file")),
        ui.Column("record", _("The record")),
    ]
    linkage, hidden = model.record.linkage, rights.withheld(model, who)
    lines: list[dict[str, ui.CellLike]] = []
    for compared in linkage.compared if linkage else ():
        name = compared.field
        shown = display.shown(model, record, name)
        lines.append(
            {
                "field": display.label(model, name),
                "file": display.valued(model, name, row.said.get(name, "")),
                "record": display.not_for_this_post() if name in hidden else shown,
            }
        )
    return ui.Table(columns, lines, title, "")
