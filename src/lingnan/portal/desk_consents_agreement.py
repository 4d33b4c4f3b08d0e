"""One agreement: what it says, how it changed, and whom one asks where it needs consent."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import messages as letters
from lingnan.kernel.exchange.api import (
    Agreement,
    UnknownSubject,
    accounts_of,
    agreements,
    introduce,
    limited,
    resources,
)
from lingnan.kernel.matters.api import Case
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.runtime.temporal.history import statements
from lingnan.kernel.trust.api import Actor, actor, allow, consents, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal import consents_limits
from lingnan.portal.consents_words import Words
from lingnan.portal.desk_consents import (
    ASKS,
    agreement_of,
    agreement_state,
    needs_consent,
    trail,
)
from lingnan.portal.desk_countings import may_count

asking = consents.asking
REFERENCE = 40
SUBJECT = Title("有机关请您授权", "A body asks for your consent")
FIELDS = {
    "purpose": lazy("For what"),
    "basis": lazy("Legal basis"),
    "elements": lazy("Data"),
    "valid_until": lazy("Until when"),
    **consents_limits.NAMES,
    "ended": pgettext_lazy("agreement", "ended"),
}


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, number: str) -> HttpResponse:
    """See it and its versions; ask somebody; end it at once where it is the body's own."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = agreement_of(who, number, ended=True)
    if found is None:
        raise Http404
    said = ui.Answers(request, "ask")
    if request.method == "POST" and not said.posted:
        return _ended(request, who, found)
    if said.posted and not needs_consent(found):
        raise Http404
    if said.posted and not found.ended and _asked(request, who, found, said):
        return redirect("desk-consents")
    return ui.shown(request, _page(who, found, said), 422 if said.wrong else 200)


def _ended(request: HttpRequest, who: Actor, found: Agreement) -> HttpResponse:
    if request.POST.get("act") != "end" or found.consumer != who.body:
        raise Http404
    agreements.end(found, who.signature)
    messages.success(request, _("The agreement has ended. Nothing is read by it any more."))
    return redirect("desk-agreement", number=found.number)


def _asked(request: HttpRequest, who: Actor, found: Agreement, said: ui.Answers) -> bool:
    """Ask whom was named; what is wrong stands in the answers. Says nothing of who exists."""
    reference = said.text("reference", REFERENCE)
    why = said.text("why", asking.MOST)
    until = said.day("until", legal_time.today() + timedelta(days=asking.LONGEST_WAIT))
    if said.wrong or until is None:
        return False
    kind = resources()[found.resource].subject
    giver = _giver(who, reference, kind)
    wanted = asking.Asked(found.number, reference, giver, kind, why, until)
    try:
        made = asking.ask(wanted, who)
    except asking.NotAsked as fault:
        field, words = _words(fault.why)
        said.wrong[field] = words
        return False
    tell(made)
    messages.success(
        request,
        _("It is recorded as %(number)s. Whoever it leads to reads it in their messages.")
        % {"number": made.number},
    )
    return True


def _words(why: str) -> tuple[str, str]:
    return {
        "open": ("reference", _("They are asked already and have not answered yet.")),
        "refused": (
            "reference",
            _("They have refused. Ask again after %(days)s days (unverified) at the earliest.")
            % {"days": asking.DAYS_AFTER_REFUSAL},
        ),
        "text": ("why", _("Say it in a few words, up to 200 characters.")),
        "day": (
            "until",
            _("From today on, at most %(days)s days.") % {"days": asking.LONGEST_WAIT},
        ),
    }[why]


def _giver(who: Actor, reference: str, kind: str) -> str:
    """What trust calls whom a reference of the body means; empty where it means nobody."""
    case = Case.objects.filter(number=reference, body=who.body).first()
    name = case.applicant if case is not None and kind == "person" else reference
    try:
        return introduce(name, to="trust", kind=kind, source=who.body)
    except UnknownSubject:
        return ""


def tell(one: consents.ConsentRequest) -> int:
    """A message to whom a request leads, or to nobody; returns to how many."""
    words = Title(
        "请查看由谁、为了什么、读取哪些数据。您可以同意，也可以不同意，无需说明理由。",
        "See who wants to read what for what. You may allow it or not, and need not say why.",
    )
    accounts = accounts_of(one.giver, one.giver_kind) if one.giver else []
    link = reverse("consent-asked", args=[one.number])
    return letters.send_all((account, SUBJECT, words, link) for account in accounts)


def _page(who: Actor, found: Agreement, said: ui.Answers) -> ui.Page:
    words, forms, links = Words(), [], []
    running = not found.ended
    in_time = found.valid_until is None or found.valid_until >= legal_time.today()
    if running and in_time and needs_consent(found):
        forms.append(_form(said))
    if running and found.consumer == who.body:
        forms.append(
            ui.Form([], _("End it at once"), act="end",
                    note=_("Nothing is read by it from then on; who consented is told."))
        )  # fmt: skip
        address = f"{reverse('desk-agreement-new')}?agreement={found.number}"
        links.append(ui.Link(address, _("Ask the holder to change it")))
    if may_count(found):
        figures = reverse("desk-figures", args=[found.number])
        links.append(ui.Link(figures, _("Count: figures under this agreement")))
    return ui.Page(
        words.purpose(found.purpose),
        top=[_panel(found, words)],
        links=links,
        tables=[versions(found, words)],
        forms=forms,
        trail=trail(found.number),
    )


def _form(said: ui.Answers) -> ui.Form:
    until = legal_time.today() + timedelta(days=asking.DAYS_TO_ANSWER)
    fields = [
        said.field("reference", _("Whom: your body's number of them, or the number of its case"),
                   maxlength=REFERENCE,
                   hint=_("You are not told whether it leads to anybody; only answers are shown.")),
        said.field("why", _("Why, in plain words"), kind="textarea", maxlength=asking.MOST),
        said.field("until", _("Answer by"), kind="date", value=said["until"] or until.isoformat()),
    ]  # fmt: skip
    return ui.Form(fields, _("Ask for consent"), _("Ask somebody"), act="ask")


def _panel(found: Agreement, words: Words) -> ui.Panel:
    given = consents.notices.consented(found.number)
    whole = agreements.holds(found)
    signed = (
        ui.Chip("ok", _("holds"))
        if whole
        else ui.Chip("late", pgettext("consent", "does not hold"))
    )
    until = ui.legal_date(found.valid_until) if found.valid_until else _("without end")
    items = [
        ui.Item(_("State"), agreement_state(found)),
        ui.Item(_("Body"), words.body(found.consumer), _("and the bodies below it")),
        ui.Item(pgettext("consent", "What"), words.resource(found.resource)),
        ui.Item(_("Data"), words.elements(found.resource, found.elements)),
        ui.Item(_("Held and handed on by"), words.holders(found.resource)),
        ui.Item(_("Legal basis"), found.basis),
        ui.Item(_("Until when"), until),
        *consents_limits.items(limited.of(found), found.resource, words),
    ]
    if needs_consent(found):
        items += [
            ui.Item(pgettext("consent", "Signature"), signed),
            ui.Item(_("Consents in force"), len(given)),
        ]
    return ui.Panel(_("What it says"), items)


def versions(found: Agreement, words: Words) -> ui.Part:
    """Every version, newest first, with what it says otherwise and whether its signature holds."""
    rows: list[dict[str, ui.CellLike]] = []
    for one in statements(found):
        row: Any = one.version
        said = [
            _("%(field)s: %(before)s → %(after)s")
            % {
                "field": FIELDS[change.field],
                "before": shown(words, row, change.field, change.before),
                "after": shown(words, row, change.field, change.after),
            }
            for change in one.differences
            if change.field in FIELDS
        ]
        chip = ui.Chip("ok", _("holds")) if agreements.holds(row) else "—"
        rows.append(
            {
                "n": ui.Cell(str(row.version), ui.legal_datetime(row.recorded_at)),
                "what": "；".join(said) or _("first text"),
                "signed": chip,
            }
        )
    columns = [
        ui.Column("n", _("Version")),
        ui.Column("what", _("What changed")),
        ui.Column("signed", pgettext("consent", "Signature")),
    ]
    title = _("Versions")
    return ui.Part(ui.Table(columns, rows, title, caption_hidden=True), title)


def shown(words: Words, row: Any, field: str, value: Any) -> str:
    """A value of a version in the reader's words."""
    if field == "elements":
        return words.elements(row.resource, list(value or ()))
    if field == "purpose":
        return words.purpose(str(value))
    if field in consents_limits.NAMES:
        return consents_limits.said(field, value, row.resource, words)
    if field == "valid_until":
        return ui.legal_date(value) if value else _("without end")
    return str(_("yes") if value is True else _("no") if value is False else value or "—")
