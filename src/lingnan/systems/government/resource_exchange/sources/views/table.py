"""One published table: what it says, how it stands, and what a post may do with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import sources
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, actor, allow, in_words, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.sources import publishing, watching, words
from lingnan.systems.government.resource_exchange.sources.models import (
    ANSWERS,
    DRAFT,
    RETRACTED,
    SUSPENDED,
    Publication,
    Source,
    SourceState,
)
from lingnan.systems.government.resource_exchange.sources.views.desk import (
    JOINS,
    SEES,
    publication_of,
    trail,
)

ACTS = ("agree", "refuse", "retract", "look")


@allow(SEES)
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, number: str) -> HttpResponse:
    """A draft, what waits for the second person, or what is published."""
    refuse_noughts_posted(request)
    who = actor(request)
    one = publication_of(who, number)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    said, top = ui.Answers(request, act if act in ACTS else "agree"), []
    if act in ACTS:
        try:
            if _done(request, one, who, said, act):
                return redirect("source-table", number=number)
        except sources.SourceFailure as failure:
            top = [words.failed(failure)]
        except publishing.NotPossible as fault:
            top = _fault(said, fault)
    page = _page(one, who, said, top)
    return ui.shown(request, page, 422 if said.wrong or top else 200)


def _done(request: HttpRequest, one: Publication, who: Actor, said: ui.Answers, act: str) -> bool:
    """Do what was posted; False where something of it is wrong."""
    if act == "look":
        watching.look(one)
        return True
    if act == "agree":
        publishing.agree(one, who)
        messages.success(request, _("Published: it is in the catalogue."))
        return True
    text = said.text("why", publishing.MOST)
    if said.wrong:
        return False
    if act == "refuse":
        publishing.refuse(one, who, text)
        messages.success(request, _("Sent back to who proposed it."))
    else:
        publishing.retract(one, who, text)
        messages.success(request, _("It answers no more."))
    return True


def _fault(said: ui.Answers, fault: publishing.NotPossible) -> list[ui.Notice]:
    if fault.field == "why":
        said.wrong["why"] = _("Say it in a few words, up to 200 characters.")
        return []
    if fault.field == "leave":
        return [ui.Notice("late", _(
            "Your body may not read the numbers yet by which the table knows people or firms."
        ))]  # fmt: skip
    return [ui.Notice("late", _("This is decided already, or not yours to do."))]


def _page(one: Publication, who: Actor, said: ui.Answers, top: list[ui.Notice]) -> ui.Page:
    notices = list(top)
    if one.state == SUSPENDED:
        notices.append(ui.Notice(
            "late", _("Suspended: the table is not as it was published"), words.why(one),
            items=[_("When it is as it was again, it answers again by itself."),
                   _("Else retract it and publish the table anew.")],
        ))  # fmt: skip
    elif one.why:
        notices.append(ui.Notice("warn", pgettext("source", "Why"), f"“{one.why}”"))
    links = []
    if one.state == DRAFT and JOINS.permits(who):
        links.append(ui.Link(reverse("source-describe", args=[one.number]), _("Describe and send")))
    if one.state in ANSWERS:
        links.append(ui.Link(f"/catalogue/{one.code}/", _("In the catalogue")))
    return ui.Page(
        words.name(str(one.title)),
        top=[*notices, _panel(one)],
        links=links,
        tables=[ui.Part(_columns(one), _("Elements"))],
        forms=_forms(one, who, said),
        trail=trail(words.name(str(one.title))),
    )


def _panel(one: Publication) -> ui.Panel:
    source = Source.objects.filter(number=one.source).first()
    seen = SourceState.objects.filter(publication=one.number).first()
    items = [
        ui.Item(_("State"), words.state(one)),
        ui.Item(
            pgettext("source", "Source"),
            words.name(source.title) if source is not None else one.source,
        ),
        ui.Item(_("Table"), words.name(one.table)),
        ui.Item(_("About whom or what"), str(words.SUBJECTS[one.subject])),
        ui.Item(pgettext("source", "Asked by"), one.asked_by),
    ]
    if one.code:
        items += [
            ui.Item(_("Code"), one.code),
            ui.Item(_("Sharing"), words.sharing().get(one.sharing, "")),
            ui.Item(pgettext("exchange", "Condition"),
                    str(Title(one.condition_zh, one.condition_en))),
            ui.Item(_("Legal basis"), one.basis),
            ui.Item(_("Category"), words.categories().get(one.category, one.category)),
            ui.Item(_("How often it changes"), words.cycles().get(one.cycle, "")),
        ]  # fmt: skip
    if one.proposed_by:
        items.append(ui.Item(pgettext("source", "Sent by"), in_words(one.proposed_by)))
    if one.decided_by:
        items.append(ui.Item(pgettext("source", "Decided by"), in_words(one.decided_by)))
    if seen is not None:
        found = ui.Chip("ok", _("as it was published")) if not seen.hop else ui.Chip(
            "late", words.hop(seen.hop)
        )  # fmt: skip
        at = ui.legal_datetime(seen.looked_at)
        items.append(ui.Item(_("Looked at last"), ui.Cell(found, at)))
    return ui.Panel(_("What it is"), items)


def _columns(one: Publication) -> ui.Table:
    return ui.Table(
        [
            ui.Column("column", _("Column")),
            ui.Column("element", _("Element")),
            ui.Column("sensitive", _("Sensitive")),
        ],
        [
            {
                "column": row["column"],
                "element": ui.Cell(
                    str(Title(row["zh"] or row["column"], row["en"] or row["column"])),
                    row["element"],
                ),
                "sensitive": ui.Chip("warn", _("sensitive")) if row["sensitive"] else "",
            }
            for row in one.columns
        ],
        _("Elements"),
        caption_hidden=True,
    )


def _forms(one: Publication, who: Actor, said: ui.Answers) -> list[ui.Form]:
    forms = []
    if publishing.may_decide(who, one):
        forms.append(ui.Form([], _("Agree and publish"), _("Decide as second person"), act="agree",
                             note=_("From then on it is in the catalogue; who has an agreement "
                                    "reads it.")))  # fmt: skip
        forms.append(ui.Form([_why(said, "refuse")], _("Send back"), _("Send it back"),
                             act="refuse"))  # fmt: skip
    if one.state in ANSWERS:
        forms.append(ui.Form([], _("Look at it now"), _("Look at it now"), act="look"))
    if JOINS.permits(who) and one.state != RETRACTED:
        title = _("Retract it") if one.state in ANSWERS else _("Drop it")
        forms.append(ui.Form([_why(said, "retract")], title, title, act="retract"))
    return forms


def _why(said: ui.Answers, act: str) -> ui.FieldView:
    if said.act != act:
        return ui.FieldView("why", pgettext("source", "Why"), maxlength=publishing.MOST)
    return said.field("why", pgettext("source", "Why"), maxlength=publishing.MOST)
