"""Pages of files from body to body: what is on its way, giving a batch, taking one that came."""

import json
import re
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.exchange.api import Agreement, handing, sources
from lingnan.kernel.runtime.api import Title, read_json
from lingnan.kernel.trust.api import (
    Actor,
    Place,
    actor,
    allow,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.files import acts, receiving, wording
from lingnan.systems.government.resource_exchange.files.acts import HERE, POSTS, NotPossible

PLACE = Place("files", Title("文件交接", "Files between bodies"), POSTS)
PAGE, COMING, LONGEST = 20, 20, 2_000_000
_PIECE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/\d{1,15}")


@allow(POSTS)
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """What the post's body gives, and what comes for it."""
    body = actor(request).body
    given = _paged(request, acts.given(body), "given")
    came = _paged(request, acts.received(body), "came")
    page = ui.Page(
        _("Files between bodies"),
        _("Whole files and batches, of many gigabytes too, go to another body under an agreement. "
          "They are checked when they arrive, and a signed receipt comes back."),
        links=[ui.Link(f"{HERE}new/", _("Hand over files"))],
        tables=[
            ui.Part(wording.came(list(acts.coming(body)[:COMING]), *came), _("Came for your body")),
            ui.Part(wording.given(*given), _("Given by your body")),
        ],
    )  # fmt: skip
    return ui.shown(request, page)


def _paged(request: HttpRequest, rows: Any, name: str) -> tuple[list[Any], str | None]:
    before = request.GET.get(name, "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], f"?{name}={found[PAGE - 1].pk}" if len(found) > PAGE else None


@allow(POSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a batch. Without JavaScript the files come with the form; with it, piece by piece."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    known = {one.number: one for one in acts.to_give(who)}
    folders = {one.number: one for one in acts.folders(who)}
    if said.posted:
        agreement = said.chosen("agreement", tuple(known))
        case = said.text("case", 80, required=False)
        folder = said["folder"]
        if folder:
            said.chosen("folder", tuple(folders))
        if said.good:
            try:
                if folder:
                    made = acts.give_folder(who, known[agreement], case, folders[folder])
                else:
                    made = _sent(request, who, known[agreement], case)
            except NotPossible as wrong:
                field = "agreement" if wrong.why == "agreement" else "files"
                said.wrong[field] = wording.refused(wrong.why)
            except handing.NoRoom:
                said.wrong["files"] = wording.refused("room")
            except (sources.SourceFailure, OSError):
                said.wrong["folder"] = _("The folder cannot be read now.")
            else:
                if "listed" in request.POST:
                    return JsonResponse({"url": f"{HERE}{made.number}/"}, status=201)
                messages.success(request, _("The files are on their way."))
                return redirect("files-one", number=made.number)
    named = {number: one.title for number, one in folders.items()}
    return _new_page(request, said, {n: wording.agreement(one) for n, one in known.items()}, named)


def _sent(request: HttpRequest, who: Actor, agreement: Agreement, case: str) -> handing.Handover:
    """Begun where the browser sends the files itself afterwards; else with what came."""
    listed = _listed(request.POST.get("listed", "")[:LONGEST])
    if "listed" in request.POST:
        return acts.begin(who, agreement, case, listed)
    sent = request.FILES.getlist("files")
    told = [(one.name or "", one.content_type or "", one.size or 0) for one in sent]
    made = acts.begin(who, agreement, case, told)
    _filled(made, sent)
    acts.close(made, who)
    return made


def _filled(one: handing.Handover, sent: list[UploadedFile]) -> None:
    for number, file in enumerate(sent):
        offset = 0
        for piece in file.chunks():
            offset = handing.offering.write(one, number, offset, piece)


def _listed(text: str) -> list[tuple[str, str, int]]:
    """The files that a browser is about to send; empty where it says none."""
    try:
        told = read_json(text) if text else []
        return [(str(one["name"]), str(one["media"]), int(one["size"])) for one in told]
    except (ValueError, TypeError, KeyError):
        return []


def _new_page(
    request: HttpRequest, said: ui.Answers, known: dict[str, str], folders: dict[str, str]
) -> HttpResponse:
    notes = [] if known else [ui.Notice(
        "info", _("No agreement lets your body hand over files"),
        _("A body that needs them asks for an agreement of the kind “files” with you as holder."),
        ui.Link("/desk/consents/", _("Agreements")),
    )]  # fmt: skip
    fields = [
        said.field("agreement", _("To whom, under which agreement"), kind="select",
                   options=ui.options(known)),
        said.field("case", _("Case or reference"), required=False, maxlength=80,
                   hint=_("Stands in the receipt and in the evidence of both. Name nobody.")),
        said.field("files", pgettext("files", "Files"), kind="file", multiple=True,
                   required=not folders, hint=_("Of any kind; at most %(size)s together.")
                   % {"size": wording.size(handing.limits.largest())}),
    ]  # fmt: skip
    if folders:
        fields.append(
            said.field("folder", _("Or all files of a folder that your body has joined"),
                       kind="select", options=ui.options(folders), required=False,
                       blank=_("None"))
        )  # fmt: skip
    page = ui.Page(
        _("Hand over files"),
        top=notes,
        forms=[ui.Form(fields, _("Hand over"), files=True)] if known else [],
        trail=wording.trail(_("Hand over files")),
    )
    return _drawn(request, page, "", [], 422 if said.wrong else 200)


def _drawn(
    request: HttpRequest, page: ui.Page, url: str, have: list[int], status: int = 200
) -> HttpResponse:
    """A page from which a browser sends files piece by piece."""
    told = {
        "url": url, "have": have, "sending": _("%(done)s of %(all)s sent"),
        "waiting": _("The line is down. It goes on by itself."),
        "failed": _("This could not be sent. Load this page anew and choose the same files."),
        "others": _("Choose the same files as before."),
    }  # fmt: skip
    context = {"page": page, "told": json.dumps(told, ensure_ascii=False)}
    return render(request, "resource_exchange/files.html", context, status=status)


@allow(POSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: str) -> HttpResponse:
    """A batch of the post's body: how far it is, its receipt; as long as it is open, its acts."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = _own(number, who.body)
    fault = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        does = {"close": acts.close, "cancel": acts.cancel}
        try:
            if act in does:
                does[act](found, who)
                return redirect("files-one", number=number)
        except NotPossible as wrong:
            fault = wording.refused(wrong.why)
    if found.state in wording.FAILED:
        acts.seen(found, who)
    page = _page(found, fault)
    have = handing.offering.have(found) if found.state == "filling" else []
    return _drawn(request, page, f"{HERE}{number}/", have, 409 if fault else 200)


def _own(number: str, body: str) -> handing.Handover:
    found = acts.given_by(number)
    if found is None or found.sender != body:
        raise Http404(number)
    return found


def _page(found: handing.Handover, fault: str) -> ui.Page:
    top: list[Any] = [ui.Notice("late", _("This was not done"), fault)] if fault else []
    if found.state in wording.FAILED:
        top.append(ui.Notice("late", str(wording.chip(found.state).text), wording.problem(found)))
    names = acts.titles([found.receiver])
    items = [
        ui.Item(pgettext("files", "To"), str(names.get(found.receiver, found.receiver))),
        ui.Item(pgettext("files", "State"), wording.progress(found), _waits(found)),
        ui.Item(_("Agreement"), found.agreement, wording.purpose_words(found.purpose)),
        *wording.most(found.agreement),
        ui.Item(_("Case or reference"), found.case),
        ui.Item(pgettext("files", "What"), wording.count(found.files), wording.size(found.size)),
    ]
    if found.root:
        items.append(ui.Item(_("Root over the parts (SHA-256)"), found.root[:32].upper()))
    if found.receipt and found.finished_at:
        items.append(ui.Item(_("Receipt"), ui.legal_datetime(found.finished_at),
                             _("system time; signed by the receiver's node")))  # fmt: skip
    links = [ui.Link(f"{HERE}{found.number}/receipt.json", _("The receipt as a file"))]
    forms = []
    if found.state == "filling":
        field = ui.FieldView("files", pgettext("files", "Files"), kind="file", multiple=True,
                             hint=_("The same files as before: what is there is not sent again."),
                             required=False)  # fmt: skip
        forms = [
            ui.Form([field], _("Hand over"), _("Go on adding"), "close", files=True),
            ui.Form([], _("Give up"), _("Not to be handed over"), "cancel"),
        ]
    return ui.Page(
        pgettext("files", "Files"), top=[*top, ui.Panel(_("Handover"), items)], forms=forms,
        code=found.number,
        links=links if found.receipt else [],
        tables=[ui.Part(wording.listed(found.files), pgettext("files", "Files"))],
        trail=wording.trail(found.number),
    )  # fmt: skip


def _waits(found: handing.Handover) -> str:
    return wording.problem(found) if found.state == "waiting" else ""


@allow(POSTS)
@require_POST
def piece(request: HttpRequest, number: str, file: int) -> HttpResponse:
    """The next piece of a file, by Content-Range; answered with how much of it is there."""
    found = _own(number, actor(request).body)
    told = _PIECE.fullmatch(request.headers.get("Content-Range", ""))
    if told is None or int(told[2]) + 1 - int(told[1]) != len(request.body):
        return JsonResponse({"detail": _("The piece does not say where it goes.")}, status=400)
    try:
        have = handing.offering.write(found, file, int(told[1]), request.body)
    except handing.offering.WrongPlace as wrong:
        return JsonResponse({"have": wrong.have}, status=409)
    except NotPossible as wrong:
        return JsonResponse({"detail": wording.refused(wrong.why)}, status=422)
    except handing.NoRoom:
        return JsonResponse({"detail": wording.refused("room")}, status=507)
    return JsonResponse({"have": have})


@allow(POSTS)
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as the receiver's node signed it."""
    found = _own(number, actor(request).body)
    if not found.receipt:
        raise Http404(number)
    answer = JsonResponse(found.receipt, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return answer


urlpatterns = [
    path("desk/exchange/files/", files, name="files"),
    path("desk/exchange/files/new/", new, name="files-new"),
    path("desk/exchange/files/received/<int:row>/", receiving.received, name="files-received"),
    path("desk/exchange/files/received/<int:row>/<int:file>/", receiving.fetch, name="files-fetch"),
    path("desk/exchange/files/<slug:number>/", one, name="files-one"),
    path("desk/exchange/files/<slug:number>/receipt.json", receipt, name="files-receipt"),
    path("desk/exchange/files/<slug:number>/pieces/<int:file>/", piece, name="files-piece"),
]
