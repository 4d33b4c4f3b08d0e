"""The pages of comparisons: the list, one of them in whatever state it is, one row, the file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry.importing.pages import in_language
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.linkage import reasons
from lingnan.kernel.registry.linkage.comparing import (
    acts,
    drawing,
    found,
    handing,
    preview,
    rights,
    seeing,
    sending,
    standing,
    words,
)
from lingnan.kernel.registry.linkage.comparing.found import Answer, Found
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.pages import address
from lingnan.kernel.registry.reading import reference_of
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import OFFICIAL, Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

PAGE = 25


def _mine(request: HttpRequest, ref: str) -> tuple[Comparison, Actor]:
    who = actor(request)
    one = Comparison.objects.filter(pk=ref).first()
    if one is None or not rights.may_see(one, who):
        raise Http404
    return one, who


def _found(request: HttpRequest, ref: str) -> tuple[Comparison, Actor]:
    """A comparison that came to its end, with what was found."""
    one, who = _mine(request, ref)
    if one.state != "done" or not found.place(one.ref).exists():
        raise Http404
    return one, who


@allow(OFFICIAL)
@require_safe
def comparisons(request: HttpRequest) -> HttpResponse:
    """The files that an official compares, the newest hundred."""
    who = actor(request)
    rows = Comparison.objects.filter(account=who.account, body=who.body).order_by("-at")[:100]
    seen = [one for one in rows if rights.may_see(one, who)]
    links = [
        ui.Link(f"{address(m)}compare/", str(m.record.title)) for m in rights.comparable_types(who)
    ]
    page = ui.Page(
        _("Files compared"),
        lead=_("Which rows of a file are which records. Choose the register.") if links else "",
        trail=ui.Trail([ui.Link(reverse("linkage"), _("Records that may be the same"))]),
        links=links,
        tables=[ui.Part(drawing.listed(seen))],
    )
    return ui.shown(request, page)


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def one_comparison(request: HttpRequest, ref: str) -> HttpResponse:
    """One comparison: its columns and first rows, how far it is, what was found of which row."""
    one, who = _mine(request, ref)
    if request.method == "POST":
        refuse_noughts_posted(request)
        fault = acts.do(one, who, request.POST)
        return _page(request, one, who, fault) if fault else redirect("comparison", ref=ref)
    return _page(request, one, who)


def _page(
    request: HttpRequest, one: Comparison, who: Actor, fault: acts.Fault | None = None
) -> HttpResponse:
    model = rights.model_of(one)
    context: dict[str, Any] = {
        "one": one,
        "title": model.record.title,
        "trail": sending.trail(model, ui.Link(reverse("comparisons"), _("Files compared"))),
        "about": drawing.about(one, model),
        "chip": drawing.chip(one),
        "fault": ui.Notice("late", fault.text) if fault else None,
        "working": one.state == "comparing",
    }
    if one.state == "uploaded":
        sending.told("comparison.opened", one, who, {"rows": preview.preview.ROWS})
        try:
            context["asked"] = preview.asked(one, model, who)
        except Unfit as unfit:
            context["fault"] = ui.Notice("late", words.of_file(unfit.code))
    elif one.state == "comparing":
        context["bar"] = drawing.progress(one)
    elif one.state == "failed":
        context["fault"] = ui.Notice("late", words.of_file(one.fault))
    elif one.state == "done" and found.place(one.ref).exists():
        context |= _result(request, one, who)
    return render(
        request, "registry/comparison.html", context, status=fault.status if fault else 200
    )


def _result(request: HttpRequest, one: Comparison, who: Actor) -> dict[str, Any]:
    model, kind = rights.model_of(one), request.GET.get("kind", "")
    kind = kind if kind in found.KINDS else ""
    said = request.GET.get("after", "")
    after = int(said) if said.isdecimal() and len(said) < 12 else 0
    sending.told("comparison.opened", one, who, {"kind": kind, "after": after})
    with Found(one.ref) as file:
        rows = file.page(kind, after, PAGE + 1)
        shown = rows[:PAGE]
        shown, answers = standing.today(model, shown, file.answers(shown))
        best = {number: listed[:1] for number, listed in answers.items()}
    seen = seeing.seen("record.listed", one, model, who, best)
    more = f"?kind={kind}&after={shown[-1].number}" if len(rows) > PAGE else ""
    return {
        "figures": drawing.figures(one),
        "notices": drawing.notices(one, model),
        "kind": ui.Chip(*words.KINDS[kind]) if kind else None,
        "rows": drawing.rows(one, model, shown, seen, more),
    }


@allow(OFFICIAL)
@require_safe
def one_row(request: HttpRequest, ref: str, row: int) -> HttpResponse:
    """One row of the file beside each record that it may be, and why."""
    one, who = _found(request, ref)
    model = rights.model_of(one)
    with Found(one.ref) as file:
        told = file.one(min(row, 1 << 60))
        if told is None:
            raise Http404
        (told,), answers = standing.today(model, [told], file.answers([told]))
    seen = seeing.seen("record.opened", one, model, who, answers)
    parts: list[Any] = [ui.Notice(*words.KINDS[told.kind])]
    problems = [words.of_problem(model, problem) for problem in told.problems]
    if problems:
        parts.append(ui.Notice("warn", _("Cells that could not be read"), items=problems))
    for place, (answer, record) in enumerate(seen.answers[told.number], 1):
        title = _("Record %(n)s") % {"n": place}
        if record is None:
            parts.append(ui.Notice("info", title, seeing.gone()))
            continue
        beside = drawing.beside(model, who, told, record, title)
        parts += [ui.Part(beside), *_why(model, answer)]
    if told.answers > len(answers[told.number]):
        text = _("%(n)s records fit; the likeliest are shown.") % {"n": told.answers}
        parts.append(ui.Notice("info", text))
    above = ui.Link(reverse("comparison", args=[one.ref]), _("File compared"))
    page = ui.Page(
        _("Row %(n)s of the file") % {"n": told.number},
        trail=sending.trail(model, above),
        top=parts,
    )
    return ui.shown(request, page)


def _why(model: type[Record], answer: Answer) -> list[Any]:
    """How a record agrees with a row, and the way to it."""
    why = ui.Part(reasons.table(model, answer.levels, reasons.together(model, answer.weight)))
    ref = reference_of(model, answer.record)
    link = ui.Link(f"{address(model)}{ref}/", _("Open the record"))
    return [why, link] if not answer.merged else [why, seeing.of_merged(), link]


@allow(OFFICIAL)
@require_safe
def result_file(request: HttpRequest, ref: str) -> HttpResponseBase:
    """What was found as CSV: row, reference of the record, weight, and the reasons in words."""
    one, who = _found(request, ref)
    sending.told("comparison.exported", one, who, {"rows": one.counts.get("rows", 0)})
    answer = StreamingHttpResponse(
        in_language(handing.pieces(one, who)),
        content_type=ui.CSV_TYPE,
        headers={"Cache-Control": "no-store"},
    )
    answer["Content-Disposition"] = f'attachment; filename="{handing.filename(one)}"'
    return answer
