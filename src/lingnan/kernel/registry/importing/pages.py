"""The pages of imports: the list, one import in whatever state it is, its bad rows, its records."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry import display
from lingnan.kernel.registry.importing import acts, errorfile, preview, results, rights, work
from lingnan.kernel.registry.importing.jobs import WORKING, model_of
from lingnan.kernel.registry.importing.models import Import, parts_of
from lingnan.kernel.registry.importing.sending import told
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.pages import address
from lingnan.kernel.registry.reading import context_of, reference, witness_many
from lingnan.kernel.registry.records import record_types, visible_to
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import OFFICIAL, Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

PAGE = 25


def _mine(request: HttpRequest, ref: str) -> tuple[Import, Actor]:
    who = actor(request)
    one = Import.objects.filter(pk=ref).first()
    if one is None or not rights.may_see(one, who):
        raise Http404
    return one, who


@allow(OFFICIAL)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Imports of the official's body, and those that wait for the official's confirmation."""
    who = actor(request)
    seen = [one for one in _latest(who) if rights.may_see(one, who)]
    types = rights.importable_types(who)
    context = {
        "table": results.listed(seen),
        "types": [ui.Link(f"{address(m)}import/", str(m.record.title)) for m in types],
    }
    return render(request, "registry/imports.html", context)


def _latest(who: Actor) -> list[Import]:
    """The newest imports of the types that may concern an official, at most a hundred."""
    names = [context_of(m) for m in record_types() if m.record.imported]
    rows = Import.objects.filter(record_type__in=names)
    own = rows.filter(body=who.body).order_by("-at")[:100]
    waiting = rows.filter(state="awaiting").exclude(body=who.body).order_by("-at")[:100]
    return [*own, *waiting]


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def one_import(request: HttpRequest, ref: str) -> HttpResponse:
    """One import: its columns and first rows, how far it is, what was found, what can be done."""
    one, who = _mine(request, ref)
    if request.method == "POST":
        refuse_noughts_posted(request)
        fault = acts.do(one, who, request.POST)
        return _page(request, one, who, fault) if fault else redirect("import", ref=ref)
    return _page(request, one, who, "")


def _page(request: HttpRequest, one: Import, who: Actor, fault: str) -> HttpResponse:
    model = model_of(one)
    context = {
        "one": one,
        "title": model.record.title,
        "back": address(model),
        "about": results.about(one, model),
        "chip": results.chip(one),
        "fault": ui.Notice("late", fault) if fault else None,
        "working": one.state in WORKING,
    }
    if one.state == "uploaded":
        told("import.opened", one, who, {"rows": preview.ROWS})
        try:
            context["asked"] = preview.asked(one, model)
        except Unfit as unfit:
            context["fault"] = results.unfit(unfit.code)
    elif one.state not in ("dropped",):
        if one.counts.get("bad") and not context["working"]:
            told("import.opened", one, who, {"rows": results.SHOWN})
        context["found"] = results.found(one, model)
        context["ways"] = acts.ways(one, model, who)
    return render(request, "registry/import.html", context, status=422 if fault else 200)


@allow(OFFICIAL)
@require_safe
def errors(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The rows that were not taken, each with what is wrong with it."""
    one, who = _mine(request, ref)
    if not one.counts.get("bad") or not (work.folder(one.ref) / "work.sqlite3").exists():
        raise Http404
    told("import.errors", one, who, {"rows": one.counts["bad"]})
    answer = StreamingHttpResponse(
        in_language(errorfile.pieces(one)),
        content_type=errorfile.TYPES[one.kind],
        headers={"Cache-Control": "no-store"},
    )
    synthetic = "synthetic-" if legal_time.is_demonstration() else ""
    name = f"{synthetic}errors-{one.ref[:8]}.{one.kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def in_language(made: Iterator[bytes]) -> Iterator[bytes]:
    """The file in the language of the request, though it goes out after it."""
    from django.utils import translation

    language = translation.get_language() or "zh-hans"

    def pieces() -> Iterator[bytes]:
        with translation.override(language):
            yield from made

    return pieces()


@allow(OFFICIAL)
@require_safe
def records(request: HttpRequest, ref: str) -> HttpResponse:
    """The records of an import that the post may see, 25 at a time, in the file's order."""
    one, who = _mine(request, ref)
    model = model_of(one)
    if not model.record.readers.permits(who):
        raise Http404
    after = request.GET.get("after", "0")
    start = int(after) if after.isdecimal() and len(after) < 12 else 0
    keys = _keys(one, start, PAGE + 1)
    rows = {row.key: row for row in visible_to(model, who).filter(key__in=keys[:PAGE])}
    shown = [rows[key] for key in keys[:PAGE] if key in rows]
    about = model.record.concerns
    known = [getattr(row, about) for row in shown] if about else []
    told_of = {"search": "", "import": one.ref}
    witness_many("record.listed", model, who, [row.key for row in shown], known, told_of)
    more = f"?after={start + PAGE}" if len(keys) > PAGE else None
    names = model.record.columns
    base = address(model)
    lines = [
        dict(zip(names, display.row_cells(model, row, f"{base}{reference(row)}/"), strict=True))
        for row in shown
    ]
    table = ui.Table(
        [ui.Column(name, display.label(model, name)) for name in names], lines,
        str(model.record.title), ui.Empty(_("Nothing found")), next_url=more, caption_hidden=True,
    )  # fmt: skip
    context = {"one": one, "title": model.record.title, "table": table}
    return render(request, "registry/import_records.html", context)


def _keys(one: Import, start: int, most: int) -> list[int]:
    """Keys of the import's records from a place on."""
    found: list[int] = []
    before = 0
    for number, rows in list(parts_of(one).values_list("number", "rows")):
        if before + rows > start and len(found) < most:
            part = parts_of(one).get(number=number)
            found += part.keys[max(0, start - before) :][: most - len(found)]
        before += rows
    return found
