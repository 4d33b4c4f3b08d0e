"""Pages for whoever was answered something wrong: the body's doubts, and raising one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.matters.api import Case
from lingnan.kernel.registry.api import raising
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Place, actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.corrections import acts
from lingnan.systems.government.resource_exchange.corrections.acts import Answered, NotPossible

HERE = "/desk/exchange/corrections/"
READS = official(*acts.HANDLERS, "data_officer")
RAISES = official(*acts.HANDLERS)
SHOWN, LONGEST = 100, 400
PLACE = Place("data-corrections", Title("数据更正", "Corrections"), RAISES)


@allow(READS)
@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest) -> HttpResponse:
    """What the own body found wrong, and what became of it; the way to a case of its."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    if said.posted:
        number = said.text("case", 40)
        if said.good and acts.case_of(who, number) is not None:
            return redirect("data-correction", number=number)
        said.wrong.setdefault("case", _("Your body handles no case of this number."))
    ask = said.field("case", _("Number of the case"), maxlength=40,
                     hint=_("Of a case that was answered with something wrong."))  # fmt: skip
    page = ui.Page(
        _("Corrections of data"),
        _("Where a record of another body is wrong, its holder examines it in time and corrects it "
          "or says why it stands. All who had read it are told."),
        tables=[ui.Part(_table(who.body), _("Raised by your body"))],
        forms=[ui.Form([ask], _("Go on"), _("Say that an answer is wrong"))]
        if RAISES.permits(who) else [],
    )  # fmt: skip
    return ui.shown(request, page, 422 if said.wrong else 200)


def _table(body: str) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = []
    for one, doubt in acts.of_body(body, SHOWN):
        end = raising.ended(doubt) if doubt else None
        words = str(end.get_kind_display()) if end else _("being examined")
        kinds: dict[str, ui.Kind] = {"corrected": "ok", "partly": "ok", "upheld": "info"}
        rows.append(
            {
                "element": ui.Cell(acts.title_of(one), one.case),
                "since": ui.legal_date(one.at.date()),
                "state": ui.Chip(kinds.get(end.kind, "soft") if end else "warn", words),
                "answer": f"“{end.text}”" if end and end.text else "—",
            }
        )
    return ui.Table(
        [
            ui.Column("element", _("Data item")),
            ui.Column("since", _("Raised on")),
            ui.Column("state", _("State")),
            ui.Column("answer", _("Answer of the holder")),
        ],
        rows,
        _("Raised by your body"),
        ui.Empty(_("Your body has found nothing wrong")),
        caption_hidden=True,
    )


@allow(RAISES)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """Say which answer of a case is wrong, and what would be right."""
    refuse_noughts_posted(request)
    who = actor(request)
    case = acts.case_of(who, number)
    if case is None:
        raise Http404(number)
    answered = acts.answered(case)
    said = ui.Answers(request)
    fields = _fields(answered)
    told, drawn = said.read(fields) if said.posted else ({}, fields)
    if said.good:
        one = next(one for one in answered if one.field == told["field"])
        try:
            made = acts.doubt(who, case, one, told["said"], told["right"])
        except NotPossible as wrong:
            messages.warning(request, _why(wrong.why))
        except raising.DoubtRefused as refused:
            messages.warning(request, refused.words)
        else:
            return redirect(f"/doubts/{made.doubt}/")
    return ui.shown(request, _page(case, answered, drawn), 422 if said.posted else 200)


def _page(case: Case, answered: list[Answered], fields: list[ui.FieldView]) -> ui.Page:
    nothing = ui.Notice("info", _("No record of another body answered a question of this case."))
    return ui.Page(
        _("Say that an answer is wrong"),
        _("The holder of the record reads this and answers it in time. You get the answer as a "
          "message."),
        top=[] if answered else [nothing],
        forms=[ui.Form(fields, _("Send it to the holder"))] if answered else [],
        trail=ui.Trail(
            [ui.Link(reverse("data-corrections"), _("Corrections of data"))], case.number
        ),
    )  # fmt: skip


def _fields(answered: list[Answered]) -> list[ui.FieldView]:
    options = [ui.Option(one.field, str(one.title)) for one in answered]
    return [
        ui.FieldView("field", _("Which answer is wrong"), kind="select", options=options,
                     blank=_("Please choose.")),
        ui.FieldView("said", _("Why it is wrong"), kind="textarea", maxlength=LONGEST),
        ui.FieldView("right", _("What would be right"), maxlength=LONGEST),
    ]  # fmt: skip


def _why(code: str) -> str:
    return {
        "computed": _("This answer is computed from records; raise it with its holder directly."),
        "changed": _("The record says otherwise by now; read it anew in the case."),
        "raised": _("There is a doubt about it already."),
        "elsewhere": _("Another node holds the record; raise it with its holder directly."),
    }[code]


urlpatterns = [
    path("desk/exchange/corrections/", corrections, name="data-corrections"),
    path("desk/exchange/corrections/<slug:number>/", correction, name="data-correction"),
]
