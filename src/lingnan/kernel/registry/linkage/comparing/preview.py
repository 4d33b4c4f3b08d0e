"""The first rows of a file as they will be compared, and the form that says how it is read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lingnan.kernel.registry import display
from lingnan.kernel.registry.importing import files, preview
from lingnan.kernel.registry.importing.columns import ABOVE
from lingnan.kernel.registry.linkage.comparing import rights, words
from lingnan.kernel.registry.linkage.comparing.fitting import Fitter
from lingnan.kernel.registry.linkage.finding import linkage_of
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class Asked:
    """What the page of a file that is not compared yet shows and asks."""

    notices: list[ui.Notice]
    reading: list[ui.FieldView]
    columns: list[ui.FieldView]
    table: ui.Table


def asked(one: Comparison, model: type[Record], who: Actor) -> Asked:
    """Raises Unfit where the file cannot be read as chosen."""
    rows, names = files.first_rows(one), rights.fields(model, who)
    return Asked(
        _notices(one, model, names),
        [*preview.reading_fields(one), _head(one)],
        preview.column_fields(one, model, names, (), rows),
        _table(one, model, rows),
    )


def _notices(one: Comparison, model: type[Record], names: tuple[str, ...]) -> list[ui.Notice]:
    given = set(one.mapping.values())
    absent = [display.label(model, name) for name in names if name not in given]
    if not absent:
        return []
    title = _("Columns that were not found")
    text = _("%(names)s. The more columns, the surer the answers.") % {"names": ui.listed(absent)}
    return [ui.Notice("warn" if len(given) < 2 else "info", title, text)]


def _head(one: Comparison) -> ui.FieldView:
    options = [ui.Option("0", _("no row names them"))]
    options += [ui.Option(str(n), _("row %(n)s") % {"n": n}) for n in range(1, ABOVE + 1)]
    value = str(one.reading.get("head", 0))
    return ui.FieldView("head", _("The names of the columns"), "", value, "select", options)


def _table(one: Comparison, model: type[Record], rows: list[files.Row]) -> ui.Table:
    """Up to 20 rows, each cell as it will be compared, or why it cannot be."""
    linkage, head = linkage_of(model), one.reading.get("head", 0)
    data = [r for r in rows if r[0] > head and not files.is_blank(r[1])][: preview.ROWS]
    fitter, given = Fitter(model, linkage, one.mapping), set(one.mapping.values())
    names = [compared.field for compared in linkage.compared]
    lines = []
    for number, cells, fault in data:
        fitted = fitter.fit(cells)
        said = {problem.field: problem for problem in fitted.problems}
        line: dict[str, ui.CellLike] = {
            "row": ui.Cell(str(number), f"▲ {words.of_kind(fault)}" if fault else "")
        }
        for name, value in zip(names, fitted.values, strict=True):
            shown = display.valued(model, name, value)
            fault_of = f"▲ {words.of_cell(said[name])}" if name in said else ""
            line[name] = ui.Cell(shown, fault_of)
        lines.append(line)
    listed = [ui.Column(name, display.label(model, name)) for name in names if name in given]
    return ui.Table(
        [ui.Column("row", _("Row")), *listed], lines,
        _("The first rows, as they will be compared"),
        _("No rows follow the names of the columns."),
    )  # fmt: skip
