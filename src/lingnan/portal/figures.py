"""Figures about many: what a form asks for, and the table as page, bars and file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import BadQuestion, Denied, Question, Table, Unavailable, ask
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui

HIDDEN, MOST_BARS, MOST_ROWS = "×", 40, 400


class Way(Protocol):
    """One way to count, of a register here or at another node."""

    @property
    def title(self) -> str: ...

    def choices(self, day: date) -> dict[str, str]: ...

    def labels(self, categories: Sequence[str], day: date) -> dict[str, str]: ...


@dataclass(frozen=True)
class Ways:
    """By what may be counted, and what may be added up, by code."""

    axes: Mapping[str, Way]
    sums: Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a form asks to be counted."""

    by: tuple[str, ...]
    where: tuple[tuple[str, tuple[str, ...]], ...]
    total: str


def wanted(said: ui.Answers, ways: Ways) -> Wanted | None:
    """None where something has to be put right; that stands in the answers."""
    by = said.chosen("by", list(ways.axes))
    second, total = said["and"], said["total"]
    if second and (second not in ways.axes or second == by):
        said.wrong["and"] = _("Choose each dimension once.")
    bounds = dict([_bound(said["only"])] if said["only"] in dict(_bounds(ways)) else [])
    if said["only"] and not bounds:
        said.wrong["only"] = _("Please choose.")
    if total and total not in ways.sums:
        said.wrong["total"] = _("Please choose.")
    if said.wrong:
        return None
    return Wanted((by, second) if second else (by,), tuple(bounds.items()), total)


def asked(question: Question, said: ui.Answers, down: str) -> tuple[Table | None, str, int]:
    """The table, or in words why there is none, with the status of the answer; `down` are the
    words for a holder that does not answer."""
    try:
        return ask(question), "", 200
    except BadQuestion:
        said.wrong["by"] = _("This table would have too many cells. Choose coarser dimensions.")
        return None, "", 422
    except Denied as denied:
        return None, _denied(denied.term), 403
    except Unavailable:
        return None, down, 503


def _denied(term: str) -> str:
    if term == "difference":
        return _("Together with a table that you were given before, this one would tell of a few "
                 "people or firms. It is not given.")  # fmt: skip
    if term == "rate":
        return _("The agreement does not allow more tables now.")
    return _("The agreement does not allow this table.")


def _bounds(ways: Ways) -> list[tuple[str, str]]:
    """Conditions that may be chosen: each category of the dimensions with few."""
    today, found = legal_time.today(), []
    for code, axis in ways.axes.items():
        labels = axis.choices(today)
        found += [(f"{code}={one}", f"{axis.title}: {words}") for one, words in labels.items()]
    return found


def _bound(text: str) -> tuple[str, tuple[str, ...]]:
    code, _sign, category = text.partition("=")
    return code, (category,)


def form(said: ui.Answers, ways: Ways) -> ui.Form:
    options = [ui.Option(code, axis.title) for code, axis in ways.axes.items()]
    only = [ui.Option(code, words) for code, words in _bounds(ways)]
    fields = [
        said.field("by", _("Count by"), kind="select", options=options, blank=_("choose")),
        said.field("and", _("and by"), kind="select", options=options, required=False,
                   blank=_("nothing more")),
        said.field("only", pgettext("statistics", "Only of"), kind="select", options=only,
                   required=False, blank=_("everybody on record")),
    ]  # fmt: skip
    if ways.sums:
        fields.append(
            said.field("total", _("What is added up"), kind="select", required=False,
                       options=ui.options(ways.sums), blank=_("nothing: records are counted"))
        )  # fmt: skip
    title = pgettext("statistics", "What to count")
    return ui.Form(fields, pgettext("statistics", "Count"), title, act="show")


def again(said: ui.Answers) -> ui.Form:
    """The same question once more, for a file."""
    hidden = {name: said[name] for name in ("by", "and", "only", "total")}
    return ui.Form([], _("Download the table (CSV)"), act="file", hidden=hidden)


def day_of(shown: Table) -> str:
    """The legal day that was counted."""
    return str(ui.legal_date(date.fromisoformat(shown.day)))


def withheld(shown: Table) -> int:
    """How many cells are withheld as the page shows them: of a single dimension, one column."""
    rows = _columns(shown)
    return sum(count is None for row in rows for count in row)


def _columns(shown: Table) -> list[list[int | None]]:
    return [list(row if len(shown.by) > 1 else row[-1:]) for row in shown.cells]


def standing(shown: Table) -> ui.Notice:
    told = {"day": day_of(shown), "n": f"{withheld(shown):,}",
            "seq": shown.evidence}  # fmt: skip
    title = _("As it held on %(day)s; evidence no. %(seq)s") % told
    words = _("%(n)s cells are withheld (×). Tables of different days, and those of several "
              "bodies, are not compared with each other by the platform.") % told  # fmt: skip
    return ui.Notice("info", title, words)


def _labels(shown: Table, ways: Ways) -> tuple[list[str], list[str]]:
    """What the rows and the columns are called; of a single dimension there is one column."""
    today = legal_time.today()
    rows = ways.axes[shown.by[0]].labels(shown.rows, today)
    if len(shown.by) == 1:
        return [rows[one] for one in shown.rows], []
    across = ways.axes[shown.by[1]].labels(shown.columns, today)
    return [rows[one] for one in shown.rows], [across[one] for one in shown.columns]


def _lines(shown: Table, ways: Ways) -> tuple[list[str], list[tuple[str, list[int | None]]]]:
    """The heads, and each line with its figures, the totals last."""
    rows, columns = _labels(shown, ways)
    total = pgettext("statistics", "Total")
    heads = [ways.axes[shown.by[0]].title, *columns, total]
    return heads, list(zip([*rows, total], _columns(shown), strict=bool(shown.cells)))


def table(shown: Table, ways: Ways) -> ui.Part:
    heads, lines = _lines(shown, ways)
    columns = [ui.Column(str(n), head, n > 0) for n, head in enumerate(heads)]
    few = lines if len(lines) <= MOST_ROWS else [*lines[: MOST_ROWS - 1], lines[-1]]
    rows: list[dict[str, ui.CellLike]] = [
        {str(n): cell for n, cell in enumerate([name, *map(_figure, figures)])}
        for name, figures in few
    ]
    title = " · ".join(ways.axes[code].title for code in shown.by)
    made = ui.Table(columns, rows, title, _("Nothing was counted"), caption_hidden=True,
                    figures=True)  # fmt: skip
    return ui.Part(made, pgettext("statistics", "Figures"))


def _figure(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def bars(shown: Table, ways: Ways, title: str) -> list[ui.BarChart]:
    lines = _lines(shown, ways)[1][:-1]
    if not lines or len(lines) > MOST_BARS:
        return []
    rows = [ui.ChartRow(name, own[-1] or 0, _figure(own[-1])) for name, own in lines]
    what = ways.sums[shown.total] if shown.total else pgettext("statistics", "Records")
    return [ui.BarChart(title, rows, ways.axes[shown.by[0]].title, what)]


def file(shown: Table, ways: Ways, number: str, below: Sequence[str] = ()) -> HttpResponse:
    """As CSV (UTF-8 with a mark for spreadsheets); x stands where a figure is withheld. `below`:
    what else is said beneath the table."""
    heads, lines = _lines(shown, ways)
    rows: list[list[object]] = [list(heads)]
    for name, figures in lines:
        rows.append([name, *("x" if count is None else count for count in figures)])
    rows += [[], [str(standing(shown).title)]]
    rows += [[words] for words in below]
    synthetic = legal_time.is_demonstration()
    if synthetic:
        rows.append([_("synthetic")])
    name = f"{'synthetic-' if synthetic else ''}{number}-{shown.day}.csv"
    answer = ui.csv_file(name, rows)
    answer["Cache-Control"] = "no-store"
    return answer
