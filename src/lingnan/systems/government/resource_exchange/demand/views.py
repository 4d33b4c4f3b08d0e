"""Pages of the demand board: what bodies need, one need with its acts, posting one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import Conflict, Title, legal_time
from lingnan.kernel.trust.api import Actor, Place, actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.demand import acts, automatic, duty, wording
from lingnan.systems.government.resource_exchange.demand.acts import Answered, NotPossible
from lingnan.systems.government.resource_exchange.demand.models import BOARD, Need, NeedJoined

HERE = "/desk/exchange/needs/"
PAGE = 20
POSTS = official("data_officer")
PLACE = Place("data-needs", Title("数据需求", "Needs of data"), BOARD)


@allow(BOARD)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every body's needs, the newest first, and what nobody shares."""
    who = actor(request)
    state = request.GET.get("state", "")
    rows = Need.objects.filter(ended=False).order_by("-key")
    if state in dict(Need.STATES):
        rows = rows.filter(state=state)
    joined = _joined()
    open_ = Need.objects.filter(ended=False, state__in=acts.OPEN)
    chart = wording.wanted(open_, joined)
    may_post = POSTS.permits(who)
    page = ui.Page(
        _("Needs of data"),
        _("What bodies need and nobody shares. Others join, the data authority names a holder, and "
          "the holder answers in time."),
        top=[chart] if chart else [],
        links=_links(may_post),
        first=[ui.Filter([_states(state)], _("Show"))],
        tables=[
            _paged(request, rows, joined, state),
            ui.Part(wording.lacking(automatic.found(), may_post), _("Nobody shares")),
        ],
    )  # fmt: skip
    return ui.shown(request, page)


def _links(may_post: bool) -> list[ui.Link]:
    found = [
        ui.Link("/desk/exchange/value/", _("Value and quality")),
        ui.Link("/desk/exchange/corrections/", _("Corrections of data")),
    ]
    return [ui.Link(f"{HERE}new/", _("Post a need")), *found] if may_post else found


def _joined() -> dict[str, int]:
    """Number of a need → how many bodies joined it."""
    rows = NeedJoined.objects.order_by("need").values_list("need")
    return dict(rows.annotate(n=Count("id")))


def _states(state: str) -> ui.FieldView:
    options = [ui.Option(code, str(words)) for code, words in Need.STATES]
    return ui.FieldView("state", _("State"), value=state, kind="select", options=options,
                        required=False, blank=_("All"))  # fmt: skip


def _paged(
    request: HttpRequest, rows: QuerySet[Need], joined: dict[str, int], state: str
) -> ui.Part:
    after = Need.objects.filter(number=request.GET.get("after", "")[:20]).first()
    found = list((rows.filter(key__lt=after.key) if after else rows)[: PAGE + 1])
    following = None
    if len(found) > PAGE:
        following = "?" + urlencode({"state": state, "after": found[PAGE - 1].number})
    return ui.Part(wording.board(found[:PAGE], joined, following), _("On the board"))


@allow(POSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Post a need of the own body, perhaps from what nobody shares."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    found = automatic.named(request.GET.get("from", "")[:120])
    begun = _begun(found) if found else {}
    fields = _questions(begun if not said.posted else {})
    told, drawn = said.read(fields) if said.posted else ({}, fields)
    if said.good:
        try:
            origin = found.origin if found else ""
            made = acts.post(who, told, told["matter"], origin)
        except NotPossible as wrong:
            messages.warning(request, _refused(wrong.field))
        else:
            messages.success(request, _("It is on the board."))
            return redirect("data-need", number=made.number)
    page = ui.Page(
        _("Post a need"),
        forms=[ui.Form(drawn, _("Post it"))],
        trail=ui.Trail([ui.Link(HERE, _("Needs of data"))], _("Post a need")),
    )
    return ui.shown(request, page, 422 if said.posted else 200)


def _begun(found: automatic.Lacking) -> dict[str, str]:
    matter = found.matters[0][0] if found.matters else ""
    return {"title": found.title.zh, "elements": found.title.zh, "matter": matter,
            "basis": found.basis}  # fmt: skip


def _questions(begun: dict[str, str]) -> list[ui.FieldView]:
    def field(name: str, label: str, hint: str = "", **more: str) -> ui.FieldView:
        kind: Any = "textarea" if name in ("elements", "purpose") else "text"
        return ui.FieldView(name, label, hint, begun.get(name, ""), kind,
                            maxlength=acts.LENGTHS[name])  # fmt: skip

    return [
        field("title", _("What is needed")),
        field("elements", _("Data items"), _("Which facts it should say.")),
        field("purpose", _("Needed for")),
        field("basis", _("Legal basis"), _("The law and the article that let you use it.")),
        ui.FieldView("matter", _("For which matter"), value=begun.get("matter", ""), kind="select",
                     options=wording.matter_options(), required=False, blank=_("For none")),
    ]  # fmt: skip


def _refused(field: str) -> str:
    return {
        "origin": _("It is on the board already."),
        "state": _("Somebody else has done it meanwhile, or it is not yours to do."),
        "holder": _("Choose another holder."),
        "resource": _("Choose the resource that answers it."),
        "day": _("Give a day within the next year."),
        "kind": _("It was promised already; say that it is shared, or refuse it."),
        "refusal": _("A refusal needs its legal basis."),
    }.get(field, _("Say it in words."))


@allow(BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def need(request: HttpRequest, number: str) -> HttpResponse:
    """One need: what, for what, who needs it, and what this post may do."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = Need.objects.filter(number=number, ended=False).first()
    if found is None:
        raise Http404(number)
    status = 200
    if request.method == "POST":
        try:
            _done(request, found, who)
        except NotPossible as wrong:
            status = 409 if wrong.field == "state" else 422
            messages.warning(request, _refused(wrong.field))
        except Conflict:
            status = 409
            messages.warning(request, _refused("state"))
        else:
            messages.success(request, _("It is on record."))
            return redirect("data-need", number=number)
    page = ui.Page(
        wording.quoted(found.title),
        top=[_panel(found), *_answer(found)],
        tables=[ui.Part(_with(found), _("Who needs it"))],
        forms=_forms(request, found, who),
        trail=ui.Trail([ui.Link(HERE, _("Needs of data"))], found.number),
    )
    return ui.shown(request, page, status)


def _done(request: HttpRequest, found: Need, who: Actor) -> None:
    said = request.POST
    act = said.get("act", "")
    does: dict[str, Callable[[], object]] = {
        "join": lambda: acts.join(found, who, said.get("why", "").strip()),
        "assign": lambda: acts.assign(found, who, said.get("holder", "")),
        "answer": lambda: acts.answer(found, who, _answered(request)),
        "withdraw": lambda: acts.withdraw(found, who),
    }
    if act not in does:
        raise NotPossible("state")
    does[act]()


def _answered(request: HttpRequest) -> Answered:
    said = ui.Answers(request, "answer")
    latest = legal_time.today() + timedelta(days=acts.FARTHEST)
    day = said.day("day", latest) if said["day"] else None
    return Answered(said["kind"], said["words"], said["resource"], day, said["refusal"])


def _panel(found: Need) -> ui.Panel:
    return ui.Panel(
        found.number,
        [
            ui.Item(_("State"), ui.Cell(wording.chip(found), wording.due(found))),
            ui.Item(_("Data items"), wording.quoted(found.elements)),
            ui.Item(_("Needed for"), wording.quoted(found.purpose)),
            ui.Item(_("Legal basis"), wording.quoted(found.basis)),
            ui.Item(_("For which matter"), wording.matter(found.matter)),
            ui.Item(_("Where it came from"), wording.origin(found)),
        ],
    )


def _answer(found: Need) -> list[ui.Panel]:
    if not found.holder:
        return []
    reading = duty.reading(found)
    items = [
        ui.Item(
            _("Body that answers"), wording.names([found.holder]).get(found.holder, found.holder)
        ),
        ui.Item(_("Answer"), wording.quoted(found.answer)),
    ]
    if reading is not None:
        items.append(ui.Item(_("To be answered by"), wording.due(found), reading.basis))
    if found.resource:
        items.append(ui.Item(_("Resource"), wording.resource(found.resource)))
    if found.refusal:
        items.append(ui.Item(_("Basis of the refusal"), wording.quoted(found.refusal)))
    return [ui.Panel(_("The holder's answer"), items)]


def _with(found: Need) -> ui.Table:
    joined = list(NeedJoined.objects.filter(need=found.number).order_by("id")[:200])
    named = wording.names([found.body, *(one.body for one in joined)])
    told = [(found.body, found.purpose, found.valid_from)]
    told += [(one.body, one.why, one.at.date()) for one in joined]
    rows: list[dict[str, ui.CellLike]] = [
        {"body": named.get(body, body), "why": wording.quoted(why), "since": ui.legal_date(since)}
        for body, why, since in told
    ]
    columns = [ui.Column("body", _("Body")), ui.Column("why", _("Needed for")),
               ui.Column("since", _("Since"))]  # fmt: skip
    return ui.Table(columns, rows, _("Who needs it"), caption_hidden=True)


def _forms(request: HttpRequest, found: Need, who: Actor) -> list[ui.Form]:
    forms = []
    if acts.may_join(found, who):
        why = ui.Answers(request, "join").field("why", _("Needed for"), maxlength=200)
        forms.append(ui.Form([why], _("We need it too"), _("We need it too"), "join"))
    if acts.may_assign(found, who):
        options = [ui.Option(one, str(body.title)) for one, body in acts.holders().items()]
        field = ui.FieldView("holder", _("Body that answers"), kind="select", options=options,
                             blank=_("Please choose."))  # fmt: skip
        forms.append(ui.Form([field], _("Name the holder"), _("Name the holder"), "assign"))
    if acts.may_answer(found, who):
        forms.append(_answer_form(request, found))
    if acts.may_withdraw(found, who):
        forms.append(ui.Form([], _("Take it back"), _("Needed no more"), "withdraw"))
    return forms


def _answer_form(request: HttpRequest, found: Need) -> ui.Form:
    said = ui.Answers(request, "answer")
    kinds = [ui.Option("shared", _("It is shared")), ui.Option("refused", _("Not to be shared"))]
    if found.state == "assigned":
        kinds.insert(1, ui.Option("promised", _("It will be shared")))
    fields = [
        said.field("kind", _("Answer"), kind="radio", options=kinds),
        said.field("words", _("In words"), kind="textarea", maxlength=400),
        said.field("resource", _("Resource"), kind="select", options=wording.resource_options(),
                   required=False, blank=_("None"), hint=_("Where it is shared.")),
        said.field("day", _("Shared by"), kind="date", required=False,
                   hint=_("Where it will be shared: within a year.")),
        said.field("refusal", _("Basis of the refusal"), required=False, maxlength=200,
                   hint=_("Where it is not to be shared: the law and the article.")),
    ]  # fmt: skip
    return ui.Form(fields, _("Answer"), _("Answer the need"), "answer")


urlpatterns = [
    path("desk/exchange/needs/", board, name="data-needs"),
    path("desk/exchange/needs/new/", new, name="data-need-new"),
    path("desk/exchange/needs/<slug:number>/", need, name="data-need"),
]
