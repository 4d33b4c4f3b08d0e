"""One power: what it covers, what came of it, its signed text, and how each side ends it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.duty.api import messages as letters
from lingnan.kernel.runtime.api import Conflict, Title
from lingnan.kernel.trust.api import (
    Actor,
    OnlyInPerson,
    acting,
    actor,
    allow,
    node_evidence,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal.acting import EVER, SHOWN, lay_down, myself, sides, standing, take_up
from lingnan.portal.operators import at

words = acting.words
EVENTS = ("power.offered", "power.accepted", "power.taken_up", "power.closed", "power.shown")


@allow(EVER)
@require_http_methods(["GET", "HEAD", "POST"])
def power(request: HttpRequest, number: str) -> HttpResponse:
    """One power: what it covers, what came of it, and how each side ends it."""
    refuse_noughts_posted(request)
    own = myself(request)
    one = _mine(own, number)
    if one is None:
        raise Http404
    taken = one.agent == own.account
    if request.method != "POST":
        return _page(request, own, one, taken)
    if actor(request).assisted_by:
        raise OnlyInPerson
    return _act(request, own, one, taken)


def _act(request: HttpRequest, own: Actor, one: acting.Power, taken: bool) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "take" and taken:
        return take_up(request, own, one)
    if act == "accept" and taken:
        return _accepted(request, own, one)
    if act == "close" and one.basis != acting.GUARDIANSHIP:
        return _closed(request, own, one, taken)
    raise Http404


def _closed(request: HttpRequest, own: Actor, one: acting.Power, taken: bool) -> HttpResponse:
    """Ended at once. Who sends it a second time ends nothing, and nobody is told again."""
    open_before = one.closed_at is None
    try:
        acting.close(one, own, giving=not taken)
    except Conflict:
        return _overtaken(request, one)
    if taken and request.session.get(acting.IN_SESSION) == one.number:
        lay_down(request)
    if open_before:
        _tell(one, own, taken)
    messages.success(request, _("The power has ended. Nothing is done by it any more."))
    return redirect("power", number=one.number)


def _overtaken(request: HttpRequest, one: acting.Power) -> HttpResponse:
    """The other side did something in the same moment."""
    messages.error(request, _("The other side has just changed it. Please look and try again."))
    return redirect("power", number=one.number)


def _accepted(request: HttpRequest, own: Actor, one: acting.Power) -> HttpResponse:
    asked, first = acting.acting_of(one, own).over, one.accepted_at is None
    try:
        if asked not in ("offered", ""):
            raise acting.PowerRefused("over")
        acting.accept(one, own)
    except acting.PowerRefused:
        messages.error(request, words.over(asked if asked != "offered" else "expired"))
        return redirect("power", number=one.number)
    except Conflict:
        return _overtaken(request, one)
    if first:
        _tell_accepted(one, own)
    messages.success(request, _("You have accepted. Choose when to act for whoever gave it."))
    return redirect("power", number=one.number)


def _tell_accepted(one: acting.Power, own: Actor) -> None:
    letters.send(
        one.giver,
        Title("委托已被接受", "Your power was accepted"),
        Title(f"{own.name} 接受了您的委托。", f"{own.name} has accepted it."),
        reverse("power", args=[one.number]),
    )


def _tell(one: acting.Power, own: Actor, taken: bool) -> None:
    """The other side learns at once that it has ended."""
    other = one.giver if taken else one.agent
    if other and other != own.account:
        letters.send(
            other,
            Title("委托已终止", "A power has ended"),
            Title(f"{one.name}：由 {own.name} 终止。", f"{one.name}: ended by {own.name}."),
            reverse("power", args=[one.number]),
        )


@allow(EVER)
@require_safe
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The signed text, for both whom it names: to be shown to others, who can verify it."""
    one = _mine(myself(request), number)
    if one is None or not acting.showing.can_be_shown(one):
        raise Http404
    return acting.showing.answer(acting.showing.file_of(one), one.number)


def _mine(own: Actor, number: str) -> acting.Power | None:
    """A power that names whoever is signed in, or a firm that they answer for."""
    one = acting.Power.objects.filter(number=number, ended=False).first()
    named = one is not None and (one.agent == own.account or one.principal in sides(own))
    return one if named else None


def _page(request: HttpRequest, own: Actor, one: acting.Power, taken: bool) -> HttpResponse:
    why = standing(own, one, taken)
    forms = []
    if taken and why == "offered":
        forms.append(ui.Form([], _("Accept the power"), act="accept"))
    elif taken and not why:
        forms.append(ui.Form([], _("Act for whoever gave it"), act="take"))
    shown = ui.Page(
        _("Power to act for another"),
        top=[_panel(one, why)],
        tables=[_events(one)],
        forms=forms,
        after=_ending(one, taken, why),
        links=_signed_text(one),
        trail=ui.Trail([ui.Link(reverse("acting"), _("Acting for others"))], one.number),
        code=one.number,
    )
    return ui.shown(request, shown)


def _signed_text(one: acting.Power) -> list[ui.Link]:
    if not acting.showing.can_be_shown(one):
        return []
    return [
        ui.Link(reverse("power-file", args=[one.number]), _("Download the signed text")),
        ui.Link(reverse("verify"), _("Verify a signed text")),
    ]


def _ending(one: acting.Power, taken: bool, why: str) -> list[ui.Act]:
    """How the reader's side ends it, while it can be ended."""
    if one.closed_at is not None or one.basis == acting.GUARDIANSHIP or why not in ("", "offered"):
        return []
    mine = pgettext("power", "Decline") if why else _("Lay the power down")
    words = mine if taken else _("End the power at once")
    return [ui.Act(reverse("power", args=[one.number]), words, {"act": "close"})]


def _panel(one: acting.Power, why: str) -> ui.Panel:
    note = words.over(why) if why else ""
    items = [
        ui.Item(_("State"), words.state(why), note),
        ui.Item(_("For whom"), one.name, one.code),
        ui.Item(_("Who acts"), one.agent_name),
        ui.Item(_("By what"), str(words.BASES[one.basis])),
        ui.Item(_("For which things"), words.scope(one.scope, one.principal_kind)),
        ui.Item(_("Last day (included)"), ui.legal_date(one.last)),
    ]
    return ui.Panel(_("What was given"), items)


def _events(one: acting.Power) -> ui.Part:
    """What came of it, from the evidence, the newest first."""
    named = {
        "power.offered": pgettext("power", "given"),
        "power.accepted": pgettext("power", "accepted"),
        "power.taken_up": _("the agent began to act for the other"),
        "power.closed": pgettext("power", "ended"),
        "power.shown": _("the text was shown to a body, in a case"),
    }
    found = node_evidence.reader().by_reference(one.number, None, SHOWN, EVENTS)
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": named.get(entry.kind, entry.kind),
            "who": str((entry.payload or {}).get("name", "")),
            "when": ui.Cell(at(entry.at), _("evidence no. %(n)s") % {"n": entry.seq}),
        }
        for entry in found
    ]
    columns = [
        ui.Column("what", pgettext("power", "What")),
        ui.Column("who", _("Who")),
        ui.Column("when", _("When (system time)")),
    ]
    title = _("What came of it")
    return ui.Part(ui.Table(columns, rows, title, ui.Empty(_("Nothing yet")),
                            caption_hidden=True), title)  # fmt: skip
