"""What is entered into a case: people, documents, evidence, measures, seals, procedures."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import filing, ledger, measures, proceeding, sights
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Evidence, Measure, Suspect
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import case as case_page
from lingnan.systems.government.justice_network.views import rights, wording

Values = Mapping[str, Any]


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str, what: str) -> HttpResponse:
    """One thing entered into the case, if the post may enter it now; else 404."""
    refuse_noughts_posted(request)
    seen, hand = rights.opened(request, ref, "entry", what=what)
    title = dict(case_page.adding(seen, hand)).get(what)
    if title is None:
        raise Http404
    ask, do = FORMS[what]
    said, fault = ui.Answers(request), ""
    values, fields = said.read(ask(seen))
    if said.good:
        uploaded = request.FILES.get("file")
        content = uploaded.read(filing.LARGEST + 1) if uploaded is not None else b""
        try:
            do(seen, hand, dict(values) | {"content": content})
        except NotPossible as problem:
            fault = wording.refusal(problem.code)
        else:
            messages.success(request, _("This is on record."))
            return redirect(ledger.link(seen.case))
    top = [ui.Notice("late", _("This was not done"), fault)] if fault else []
    links = [ui.Link("/desk/justice/", _("Criminal cases")),
             ui.Link(ledger.link(seen.case), seen.case.number)]  # fmt: skip
    files = any(one.kind == "file" for one in fields)
    form = ui.Form(fields, _("Put on record"), files=files)
    page = ui.Page(title, top=top, trail=ui.Trail(links, title), forms=[form])
    return ui.shown(request, page, 422 if said.posted else 200)


def _moment(values: Values, hand: Hand) -> datetime:
    """The day and the time of day that were given. Raises NotPossible."""
    try:
        clock = time.fromisoformat(values["clock"])
    except ValueError:
        raise NotPossible("moment") from None
    return datetime.combine(values["day"], clock.replace(tzinfo=None), hand.at.tzinfo)


def _when(day: str, clock: str) -> list[ui.FieldView]:
    hint = _("Hours and minutes, such as 14:05")
    return [
        ui.FieldView("day", day, kind="date"),
        ui.FieldView("clock", clock, hint, maxlength=5, width="short"),
    ]


def _people(seen: Seen) -> ui.FieldView:
    options = [ui.Option(one.number, wording.quoted(one.name)) for one in sights.persons(seen)]
    return ui.FieldView("person", _("Person"), kind="select", options=options)


def _named(seen: Seen, values: Values) -> Suspect:
    return next(one for one in sights.persons(seen) if one.number == values["person"])


def _ask_person(seen: Seen) -> list[ui.FieldView]:
    return [
        ui.FieldView("name", _("Name of the suspect, or as the person says"), maxlength=60),
        ui.FieldView("identity_number", _("Identity number"), required=False, maxlength=18),
        ui.FieldView("unknown", _("Who the person is, is not known"), kind="checkbox",
                     required=False),
        ui.FieldView("charge", _("Charge"), maxlength=80, value=seen.case.cause),
        ui.FieldView("charge_basis", _("Article of the Criminal Law"), required=False,
                     maxlength=200),
    ]  # fmt: skip


def _add_person(seen: Seen, hand: Hand, values: Values) -> None:
    filing.add_suspect(
        seen.case, hand, values["name"], values["identity_number"], values["charge"],
        values["charge_basis"], values["unknown"] == "1",
    )  # fmt: skip


def _ask_document(seen: Seen) -> list[ui.FieldView]:
    volumes = filing.VOLUMES[seen.function]
    options = [ui.Option(one, wording.VOLUMES[one]) for one in volumes]
    hint = _("Volumes of your own never leave your body.")
    return [
        ui.FieldView("title", _("Title"), maxlength=100),
        ui.FieldView("volume", _("Volume"), hint, kind="radio", options=options),
        ui.FieldView("text", _("Text of the document"), kind="textarea", maxlength=20000,
                     required=False, rows=8),
        ui.FieldView("file", _("Or as a file"), kind="file", required=False,
                     accept=(".pdf", ".png", ".jpg", ".txt"), max_megabytes=4),
    ]  # fmt: skip


def _add_document(seen: Seen, hand: Hand, values: Values) -> None:
    content = values["content"] or values["text"].encode()
    filing.add_document(seen.case, hand, values["title"], values["volume"], content)


def _ask_evidence(seen: Seen) -> list[ui.FieldView]:
    options = [ui.Option(code, title) for code, title in Evidence.KINDS]
    hint = _("The eight kinds of 《刑事诉讼法》（2018-10-26）第五十条.")
    return [
        ui.FieldView("kind", pgettext("criminal", "Kind"), hint, kind="select", options=options),
        ui.FieldView("name", pgettext("criminal", "What it is"), maxlength=100),
        ui.FieldView("about", _("What it shows, how it was collected"), kind="textarea",
                     maxlength=600, required=False),
        ui.FieldView("quantity", _("Quantity"), maxlength=40, width="short"),
        ui.FieldView("place", _("Where it is kept"), maxlength=100),
        ui.FieldView("seal", _("Number of the seal"), required=False, maxlength=40),
        *_when(_("Collected on"), _("Time of day")),
        ui.FieldView("stays", _("It cannot be moved: its list or photographs go with the file"),
                     kind="checkbox", required=False),
        ui.FieldView("file", _("Record of it, for the digest"), kind="file", required=False,
                     max_megabytes=4),
    ]  # fmt: skip


def _add_evidence(seen: Seen, hand: Hand, values: Values) -> None:
    filing.add_evidence(
        seen.case, hand, values["kind"], values["name"], values["about"], values["quantity"],
        values["place"], values["seal"], _moment(values, hand), values["stays"] != "1",
        values["content"],
    )  # fmt: skip


def _ask_measure(seen: Seen) -> list[ui.FieldView]:
    titles = dict(Measure.KINDS)
    kinds = measures.kinds_open(seen.function, seen.case)
    options = [ui.Option(one, titles[one], measures.BASES[one]) for one in kinds]
    return [
        _people(seen),
        ui.FieldView("kind", pgettext("criminal", "Measure"), kind="radio", options=options),
        *_when(_("From the day"), _("Time of day")),
        ui.FieldView("place", _("Where"), maxlength=100, required=False),
        ui.FieldView("designated", _("Surveillance at a designated place: the family is told"),
                     kind="checkbox", required=False),
        ui.FieldView("reason", _("Reasons"), kind="textarea", maxlength=600),
    ]  # fmt: skip


def _take_measure(seen: Seen, hand: Hand, values: Values) -> None:
    measures.take(
        _named(seen, values), values["kind"], hand, _moment(values, hand), values["place"],
        values["reason"], values["designated"] == "1",
    )  # fmt: skip


def _ask_lift(seen: Seen) -> list[ui.FieldView]:
    return [_people(seen), ui.FieldView("why", _("Reasons"), kind="textarea", maxlength=300)]


def _lift(seen: Seen, hand: Hand, values: Values) -> None:
    now = measures.open_measures(_named(seen, values))
    if not now:
        raise NotPossible("measure")
    for one in now:
        measures.lift(one, hand, values["why"])


def _ask_restart(seen: Seen) -> list[ui.FieldView]:
    options = [
        ui.Option("new_crime", wording.EVENTS["new_crime"]),
        ui.Option("identity", wording.EVENTS["identity_found"]),
    ]
    hint = "《刑事诉讼法》（2018-10-26）第一百六十条"
    return [
        _people(seen),
        ui.FieldView("why", _("What was found"), hint, kind="radio", options=options),
        *_when(_("Found on"), _("Time of day")),
        ui.FieldView("text", _("The crime, or who the person is"), kind="textarea", maxlength=600),
    ]


def _restart(seen: Seen, hand: Hand, values: Values) -> None:
    do = measures.restart if values["why"] == "new_crime" else measures.identify
    do(_named(seen, values), hand, _moment(values, hand), values["text"])


def _ask_keeping(seen: Seen) -> list[ui.FieldView]:
    items = sights.evidence(seen)
    kinds = [
        ui.Option("sealed", _("sealed")),
        ui.Option("opened", _("seal opened")),
        ui.Option("damaged", _("seal damaged")),
    ]
    return [
        ui.FieldView("item", _("Piece of evidence"), kind="select",
                     options=[ui.Option(one.number, wording.quoted(one.name)) for one in items]),
        ui.FieldView("kind", pgettext("criminal", "What was done"), kind="radio", options=kinds),
        ui.FieldView("place", _("Where it is kept"), maxlength=100),
        ui.FieldView("seal", _("Number of the seal"), required=False, maxlength=40),
        ui.FieldView("text", pgettext("criminal", "Why"), maxlength=300),
    ]  # fmt: skip


def _reseal(seen: Seen, hand: Hand, values: Values) -> None:
    item = next(one for one in sights.evidence(seen) if one.number == values["item"])
    filing.reseal(item, hand, values["kind"], values["place"], values["seal"], values["text"])


def _ask_procedure(seen: Seen) -> list[ui.FieldView]:
    options = [ui.Option(code, text) for code, text in wording.PROCEDURES.items()]
    return [
        ui.FieldView("procedure", pgettext("criminal", "Procedure"), kind="radio", options=options)
    ]


def _procedure(seen: Seen, hand: Hand, values: Values) -> None:
    proceeding.choose_procedure(seen.case, hand, values["procedure"])


def _ask_fast(seen: Seen) -> list[ui.FieldView]:
    hint = "《刑事诉讼法》（2018-10-26）第一百七十二条"
    words = _("The suspect admits guilt and accepts punishment; the fast track applies")
    return [ui.FieldView("fast", words, hint, kind="checkbox")]


def _fast(seen: Seen, hand: Hand, values: Values) -> None:
    proceeding.fast_review(seen.case, hand)


FORMS: Mapping[
    str, tuple[Callable[[Seen], list[ui.FieldView]], Callable[[Seen, Hand, Values], None]]
] = {
    "person": (_ask_person, _add_person),
    "document": (_ask_document, _add_document),
    "evidence": (_ask_evidence, _add_evidence),
    "measure": (_ask_measure, _take_measure),
    "lift": (_ask_lift, _lift),
    "restart": (_ask_restart, _restart),
    "keeping": (_ask_keeping, _reseal),
    "procedure": (_ask_procedure, _procedure),
    "fast": (_ask_fast, _fast),
}
