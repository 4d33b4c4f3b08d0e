"""Counting under an agreement: figures about many, with none of a few, as table, bars and file."""

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import (
    Agreement,
    BadQuestion,
    Denied,
    Question,
    Table,
    Unavailable,
    ask,
    counted_by,
    resources,
)
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Words
from lingnan.portal.desk_consents import ASKS, agreement_of, trail

BOM, HIDDEN, MOST_BARS, MOST_ROWS = "\ufeff", "×", 40, 400
Axes = dict[str, Any]


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, number: str) -> HttpResponse:
    """Choose by what is counted, then see it or take it as a file; each asking is evidence."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = agreement_of(who, number)
    axes = _axes(found) if found is not None else {}
    if found is None or not axes:
        raise Http404
    said = ui.Answers(request, request.POST.get("act", ""))
    table, fault, status = None, "", 200
    if request.method == "POST":
        question = _question(who, found, said, axes)
        if question is not None:
            table, fault, status = _asked(question, said)
        status = 422 if said.wrong else status
    if table is not None and said.act == "file":
        return _file(table, axes, number)
    return ui.shown(request, _page(found, said, axes, table, fault), status)


def _axes(found: Agreement) -> Axes:
    """By what the agreement lets it be counted; nothing where it allows no figures."""
    resource = resources().get(found.resource)
    if resource is None or resource.counted is None or "aggregate" not in found.uses:
        return {}
    return dict(counted_by(resource, found))


def may_count(found: Agreement) -> bool:
    """Whether the agreement lets somebody count."""
    return not found.ended and bool(_axes(found))


def _question(who: Actor, found: Agreement, said: ui.Answers, axes: Axes) -> Question | None:
    by = said.chosen("by", list(axes))
    second = said["and"]
    if second and (second not in axes or second == by):
        said.wrong["and"] = _("Choose each dimension once.")
    bounds = dict([_bound(said["only"])] if said["only"] in dict(_bounds(axes)) else [])
    if said["only"] and not bounds:
        said.wrong["only"] = _("Please choose.")
    if said.wrong:
        return None
    return Question(
        found.resource, who.body, found.purpose, found.basis, "", who.signature,
        (by, second) if second else (by,), tuple(bounds.items()),
    )  # fmt: skip


def _asked(question: Question, said: ui.Answers) -> tuple[Table | None, str, int]:
    """The table, or in words why there is none, with the status of the answer."""
    try:
        return ask(question), "", 200
    except BadQuestion:
        said.wrong["by"] = _("This table would have too many cells. Choose coarser dimensions.")
        return None, "", 422
    except Denied as denied:
        return None, _denied(denied.term), 403
    except Unavailable:
        words = _("The copy from which is counted is being made. Please try again in a minute.")
        return None, words, 503


def _denied(term: str) -> str:
    if term == "difference":
        return _("Together with a table that you were given before, this one would tell of a few "
                 "people or firms. It is not given.")  # fmt: skip
    if term == "rate":
        return _("The agreement does not allow more tables now.")
    return _("The agreement does not allow this table.")


def _bounds(axes: Axes) -> list[tuple[str, str]]:
    """Conditions that may be chosen: each category of the dimensions with few."""
    today, found = legal_time.today(), []
    for code, axis in axes.items():
        if axis.dimension.kind == "choice":
            labels = axis.labels(axis.categories(()), today)
            found += [(f"{code}={one}", f"{axis.title}: {words}") for one, words in labels.items()]
    return found


def _bound(text: str) -> tuple[str, tuple[str, ...]]:
    code, _sign, category = text.partition("=")
    return code, (category,)


def _page(
    found: Agreement, said: ui.Answers, axes: Axes, table: Table | None, fault: str
) -> ui.Page:
    words = Words()
    top = [ui.Notice("warn", fault)] if fault else []
    shown = table is not None
    rows = [ui.Part(_table(table, axes), pgettext("statistics", "Figures"))] if table else []
    return ui.Page(
        _("Figures under the agreement %(number)s") % {"number": found.number},
        _("Counted from what %(holder)s hold, about nobody in particular. Small counts, and those "
          "that would give them away, are withheld; every table that is asked for is written down.")
        % {"holder": words.holders(found.resource)},
        top=[*top, *([_standing(table)] if table else [])],
        first=[_form(said, axes)],
        tables=rows,
        forms=[_again(said)] if shown else [],
        after=_bars(table, axes, words.resource(found.resource)) if table else [],
        trail=_trail(found),
    )  # fmt: skip


def _trail(found: Agreement) -> ui.Trail:
    first = list(trail().links)
    link = ui.Link(reverse("desk-agreement", args=[found.number]), found.number)
    return ui.Trail([*first, link], pgettext("statistics", "Figures"))


def _form(said: ui.Answers, axes: Axes) -> ui.Form:
    options = [ui.Option(code, axis.title) for code, axis in axes.items()]
    only = [ui.Option(code, words) for code, words in _bounds(axes)]
    fields = [
        said.field("by", _("Count by"), kind="select", options=options, blank=_("choose")),
        said.field("and", _("and by"), kind="select", options=options, required=False,
                   blank=_("nothing more")),
        said.field("only", pgettext("statistics", "Only of"), kind="select", options=only,
                   required=False, blank=_("everybody on record")),
    ]  # fmt: skip
    title = pgettext("statistics", "What to count")
    return ui.Form(fields, pgettext("statistics", "Count"), title, act="show")


def _again(said: ui.Answers) -> ui.Form:
    """The same question once more, for a file."""
    hidden = {name: said[name] for name in ("by", "and", "only")}
    return ui.Form([], _("Download the table (CSV)"), act="file", hidden=hidden)


def _standing(table: Table) -> ui.Notice:
    told = {"day": ui.legal_date(legal_time.today()), "n": f"{table.withheld:,}",
            "seq": table.evidence}  # fmt: skip
    title = _("As it held on %(day)s; evidence no. %(seq)s") % told
    words = _("%(n)s cells are withheld (×). Tables of different days, and those of several "
              "bodies, are not compared with each other by the platform.") % told  # fmt: skip
    return ui.Notice("info", title, words)


def _labels(table: Table, axes: Axes) -> tuple[list[str], list[str]]:
    """What the rows and the columns are called; of a single dimension there is one column."""
    today = legal_time.today()
    rows = axes[table.by[0]].labels(table.rows, today)
    if len(table.by) == 1:
        return [rows[one] for one in table.rows], []
    across = axes[table.by[1]].labels(table.columns, today)
    return [rows[one] for one in table.rows], [across[one] for one in table.columns]


def _lines(table: Table, axes: Axes) -> tuple[list[str], list[tuple[str, list[int | None]]]]:
    """The heads, and each line with its figures, the totals last."""
    rows, columns = _labels(table, axes)
    total = pgettext("statistics", "Total")
    heads = [axes[table.by[0]].title, *columns, total]
    figures = [list(one if columns else one[-1:]) for one in table.cells]
    return heads, list(zip([*rows, total], figures, strict=bool(table.cells)))


def _table(table: Table, axes: Axes) -> ui.Table:
    heads, lines = _lines(table, axes)
    columns = [ui.Column(str(n), head, n > 0) for n, head in enumerate(heads)]
    shown = lines if len(lines) <= MOST_ROWS else [*lines[: MOST_ROWS - 1], lines[-1]]
    rows: list[dict[str, ui.CellLike]] = [
        {str(n): cell for n, cell in enumerate([name, *map(_figure, figures)])}
        for name, figures in shown
    ]
    title = " · ".join(axes[code].title for code in table.by)
    return ui.Table(columns, rows, title, _("Nothing was counted"), caption_hidden=True,
                    figures=True)  # fmt: skip


def _figure(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _bars(table: Table, axes: Axes, title: str) -> list[ui.BarChart]:
    lines = _lines(table, axes)[1][:-1]
    if not lines or len(lines) > MOST_BARS:
        return []
    rows = [ui.ChartRow(name, own[-1] or 0, _figure(own[-1])) for name, own in lines]
    return [ui.BarChart(title, rows, axes[table.by[0]].title, pgettext("statistics", "Records"))]


def _file(table: Table, axes: Axes, number: str) -> HttpResponse:
    """As CSV (UTF-8 with a mark for spreadsheets); x stands where a figure is withheld."""
    heads, lines = _lines(table, axes)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    for name, figures in lines:
        writer.writerow([name, *("x" if count is None else count for count in figures)])
    writer.writerow([])
    writer.writerow([str(_standing(table).title)])
    synthetic = legal_time.is_demonstration()
    if synthetic:
        writer.writerow([_("synthetic")])
    name = f"{'synthetic-' if synthetic else ''}{number}-{table.day}.csv"
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
