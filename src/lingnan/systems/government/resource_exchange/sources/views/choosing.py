"""A table of a source: what it has, a look at its first rows, and what of it is published."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import sources
from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.sources import (
    connecting,
    mapping,
    publishing,
    words,
)
from lingnan.systems.government.resource_exchange.sources.models import Source
from lingnan.systems.government.resource_exchange.sources.views.desk import (
    JOINS,
    source_of,
    trail,
)

SHOWN = 6


@allow(JOINS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, number: str) -> HttpResponse:
    """Columns, a preview of at most twenty rows, and the choice of what is published."""
    refuse_noughts_posted(request)
    who = actor(request)
    source = source_of(who, number)
    name = request.GET.get("name", "")[:200]
    said = ui.Answers(request)
    try:
        connecting.witness("source.previewed", source.number, who, {"table": name})
        table, rows = sources.preview(connecting.connection(source), name)
        if said.posted:
            made = _chosen(said, source, table)
            if made is not None:
                draft = publishing.choose(source, made, who)
                return redirect("source-describe", number=draft.number)
    except sources.SourceFailure as failure:
        return ui.shown(request, _broken(source, name, failure), 422)
    except publishing.NotPossible as fault:
        said.wrong[fault.field] = _("This cannot be published so.")
    return ui.shown(request, _page(source, table, rows, said), 422 if said.wrong else 200)


def _above(source: Source, name: str) -> ui.Trail:
    link = ui.Link(reverse("source", args=[source.number]), words.name(source.title))
    return trail(words.name(name), link)


def _broken(source: Source, name: str, failure: sources.SourceFailure) -> ui.Page:
    return ui.Page(_("Table"), name=name, top=[words.failed(failure)], trail=_above(source, name))


def _chosen(said: ui.Answers, source: Source, table: sources.Table) -> publishing.Chosen | None:
    columns = said.several("columns")
    if not columns:
        said.wrong["columns"] = _("Choose at least one of these.")
    key = said.chosen("asked_by", table.ways())
    subject = said.chosen("subject", publishing.SUBJECTS)
    if said.wrong:
        return None
    return publishing.Chosen(table.name, columns, key, subject)


def _page(
    source: Source, table: sources.Table, rows: Sequence[sources.Row], said: ui.Answers
) -> ui.Page:
    able = [one for one in table.columns if one.kind != "other"]
    top: list[object] = []
    if not table.ways():
        top.append(ui.Notice("warn", str(words.HOPS["index"]), str(words.ASK_OF["index"])))
    return ui.Page(
        _("Table"),
        _("Choose what of it others may ask for, and by which column."),
        name=table.name,
        top=top,
        tables=[
            ui.Part(_columns(table), _("Columns")),
            ui.Part(_preview(able[:SHOWN], rows), _("The first rows")),
        ],
        forms=[_form(table, said)] if table.ways() else [],
        trail=_above(source, table.name),
    )


def _columns(table: sources.Table) -> ui.Table:
    keys = table.ways()
    rows: list[Mapping[str, ui.CellLike]] = [
        {
            "name": ui.Cell(one.name, one.comment),
            "kind": ui.Cell(str(words.KINDS[one.kind]), one.declared),
            "index": ui.Chip("ok", _("yes")) if one.name in keys else "",
        }
        for one in table.columns
    ]
    return ui.Table(
        [
            ui.Column("name", _("Column")),
            ui.Column("kind", pgettext("column", "Kind")),
            ui.Column("index", _("Can be asked by")),
        ],
        rows, _("Columns"), caption_hidden=True,
    )  # fmt: skip


def _preview(columns: Sequence[object], rows: Sequence[sources.Row]) -> ui.Table:
    names = [str(getattr(one, "name", "")) for one in columns]
    known = publishing.known_elements()
    hidden = {
        name
        for name in names
        if mapping.suggested(name, _comment(columns, name), known) in mapping.SENSITIVE
    }
    return ui.Table(
        [ui.Column(f"c{number}", words.name(name)) for number, name in enumerate(names)],
        [
            {
                f"c{number}": mapping.shown(row.get(name), name in hidden)
                for number, name in enumerate(names)
            }
            for row in rows
        ],
        _("The first rows"),
        ui.Empty(_("The table has no rows yet")),
        caption_hidden=True,
        figures=True,
    )


def _comment(columns: Sequence[object], name: str) -> str:
    return next(
        (str(getattr(one, "comment", "")) for one in columns if getattr(one, "name", "") == name),
        "",
    )


def _form(table: sources.Table, said: ui.Answers) -> ui.Form:
    able = [
        ui.Option(one.name, words.name(one.name), one.comment)
        for one in table.columns
        if one.kind != "other"
    ]
    keys = [ui.Option(name, words.name(name)) for name in table.ways()]
    return ui.Form(
        [
            said.field("columns", _("Columns to publish"), kind="checkbox", options=able,
                       hint=_("No more than others need."), value=said.several("columns")),
            said.field("subject", _("About whom or what"), kind="radio",
                       options=ui.options(words.SUBJECTS)),
            said.field("asked_by", _("By which column is it asked?"), kind="radio", options=keys,
                       hint=_("Only columns to which an index leads.")),
        ],
        _("Go on: say what the columns mean"),
    )  # fmt: skip
