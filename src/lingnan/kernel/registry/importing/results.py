"""How far an import is and what was found, as components of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lingnan.kernel.registry import display
from lingnan.kernel.registry.importing import words, work
from lingnan.kernel.registry.importing.checking import Problem
from lingnan.kernel.registry.importing.jobs import WORKING, model_of
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.importing.taking import left
from lingnan.kernel.registry.importing.work import Work
from lingnan.kernel.registry.pages import address
from lingnan.kernel.registry.records import Record
from lingnan.kernel.ui import api as ui

SHOWN = 20
STATES: dict[str, tuple[ui.Kind, object]] = {
    "uploaded": ("info", lazy("columns to be looked at")),
    "checking": ("info", lazy("being checked")),
    "checked": ("warn", lazy("checked, not taken in yet")),
    "awaiting": ("warn", lazy("waits for another official")),
    "taking": ("info", lazy("being taken in")),
    "taken": ("ok", lazy("taken in")),
    "failed": ("late", lazy("broke off")),
    "dropped": ("soft", lazy("dropped")),
}


@dataclass(frozen=True)
class Found:
    """What the page of an import shows of its check and taking in."""

    notices: list[ui.Notice]
    bar: ui.Bar | None
    figures: list[ui.Kpi]
    kinds: ui.Table | None
    rows: ui.Table | None
    error_file: str
    mend: str
    records: str


def chip(one: Import) -> ui.Chip:
    kind, text = STATES[one.state]
    return ui.Chip(kind, str(text))


def unfit(code: str) -> ui.Notice:
    return ui.Notice("late", words.of_file(code))


def about(one: Import, model: type[Record]) -> ui.Panel:
    items = [
        ui.Item(_("File of rows"), one.name, f"{one.size:,} B"),
        ui.Item(_("Why the file is taken in"), one.purpose),
        ui.Item(_("Sent by"), one.who, ui.legal_datetime(one.at)),
    ]
    if one.confirmed_by:
        items.append(ui.Item(_("Confirmed by"), one.confirmed_by))
    if one.mends:
        url = reverse("import", args=[one.mends])
        items.append(ui.Item(_("Mends"), ui.Link(url, _("the earlier file"))))
    again = Import.objects.filter(mends=one.ref).order_by("-at").first()
    if again is not None:
        url = reverse("import", args=[again.ref])
        items.append(ui.Item(_("Mended by"), ui.Link(url, again.name)))
    return ui.Panel(str(model.record.title), items, compact=True)


def listed(found: Sequence[Import]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "file": ui.Cell(ui.Link(reverse("import", args=[one.ref]), one.name), one.purpose),
            "register": str(model_of(one).record.title),
            "state": chip(one),
            "rows": ui.Cell(f"{one.counts.get('rows', 0):,}", _bad(one)),
            "at": ui.Cell(ui.legal_datetime(one.at), one.who),
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
    nothing = ui.Empty(_("No file was sent yet"), _("Begin at the register that it is for."))
    return ui.Table(columns, lines, _("Files of rows"), nothing, caption_hidden=True)


def _bad(one: Import) -> str:
    bad = one.counts.get("bad", 0)
    return _("%(n)s not taken") % {"n": f"{bad:,}"} if bad else ""


def found(one: Import, model: type[Record]) -> Found:
    working = one.state in WORKING
    there = (work.folder(one.ref) / "work.sqlite3").exists()
    bad = bool(one.counts.get("bad")) and there
    return Found(
        _notices(one),
        _bar(one) if working else None,
        _figures(one),
        _kinds(one, model) if bad else None,
        _rows(one, model) if bad and not working else None,
        reverse("import-errors", args=[one.ref]) if bad and not working else "",
        f"{address(model)}import/?mends={one.ref}" if bad and not working else "",
        reverse("import-records", args=[one.ref]) if one.taken else "",
    )


def _notices(one: Import) -> list[ui.Notice]:
    found = [ui.Notice("late", words.of_file(one.fault))] if one.fault else []
    early = one.counts.get("early", 0)
    if early:
        text = _("%(n)s rows have a day before 1900. They are taken; look at them.")
        found.append(ui.Notice("warn", text % {"n": f"{early:,}"}))
    heads = one.counts.get("heads", 0)
    if heads:
        text = _("The names of the columns stand in the file %(n)s times more; passed over.")
        found.append(ui.Notice("info", text % {"n": f"{heads:,}"}))
    return found


def _bar(one: Import) -> ui.Bar:
    if one.state == "checking":
        text = _("%(rows)s rows checked, %(share)s%%")
        said = {"rows": f"{one.counts.get('rows', 0):,}", "share": f"{100 * one.share:.0f}"}
        return ui.Bar(one.share, 1, text=text % said)
    parts = left(one)
    text = _("%(taken)s of %(whole)s rows taken in")
    said = {name: f"{count:,}" for name, count in parts.items()}
    return ui.Bar(parts["taken"], max(1, parts["whole"]), text=text % said)


def _figures(one: Import) -> list[ui.Kpi]:
    counts = one.counts
    figures = [
        ui.Kpi(_("Rows of the file"), f"{counts.get('rows', 0):,}"),
        ui.Kpi(_("New records"), f"{counts.get('new', 0):,}"),
        ui.Kpi(_("Changes of records"), f"{counts.get('changed', 0):,}"),
        ui.Kpi(_("Say the same already"), f"{counts.get('same', 0):,}"),
        ui.Kpi(_("Not taken"), f"{counts.get('bad', 0):,}", kind="late" if _bad(one) else ""),
    ]
    if one.taken:
        figures.append(ui.Kpi(_("Taken in"), f"{one.taken:,}", kind="ok"))
    return figures


def _kinds(one: Import, model: type[Record]) -> ui.Table:
    """The faults by kind, the most frequent first."""
    counted = sorted(one.counts.get("faults", {}).items(), key=lambda pair: -pair[1])
    lines: list[dict[str, ui.CellLike]] = []
    for said, count in counted[:SHOWN]:
        field, _bar, code = said.partition("|")
        name = display.label(model, field) if field else _("The row")
        lines.append({"field": name, "what": words.of_kind(code), "rows": count})
    columns = [
        ui.Column("field", _("Column")),
        ui.Column("what", _("What is wrong")),
        ui.Column("rows", _("Rows of the file"), numeric=True),
    ]
    return ui.Table(columns, lines, _("What is wrong, by kind"))


def _rows(one: Import, model: type[Record]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = []
    with Work(one.ref) as file:
        for row, cells, problems in file.bad(SHOWN):
            lines.append({"row": str(row), "what": _said(model, problems), "cells": _short(cells)})
    columns = [
        ui.Column("row", _("Row")),
        ui.Column("what", _("What is wrong")),
        ui.Column("cells", _("As it stands in the file")),
    ]
    return ui.Table(columns, lines, _("The first rows that are not taken"))


def _said(model: type[Record], problems: list[Problem]) -> str:
    return words.of_row(model, problems)


def _short(cells: Sequence[str | None]) -> str:
    text = " | ".join("" if cell is None else cell for cell in cells[:12])
    return text[:120]
