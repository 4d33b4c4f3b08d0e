"""Acting for others: for whom one may, the powers that one gave, and ending either."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.duty.api import messages as letters
from lingnan.kernel.exchange.api import organisations_of
from lingnan.kernel.runtime.api import Title, keys
from lingnan.kernel.trust.api import (
    ANY,
    RESIDENT,
    Account,
    Actor,
    OnlyInPerson,
    acting,
    actor,
    actor_of,
    allow,
    node_evidence,
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import acting_words as words
from lingnan.portal.operators import at

EVER = under(RESIDENT, ANY)
WARD, SHOWN = "portal.ward", 50
EVENTS = ("power.offered", "power.accepted", "power.taken_up", "power.closed")


def myself(request: HttpRequest) -> Actor:
    """Whoever is signed in, as themselves."""
    account = request.user
    own = actor_of(account) if isinstance(account, Account) else None
    if own is None:
        raise PermissionDenied
    return own


def sides(own: Actor) -> set[str]:
    """Whom somebody may give powers for: themselves, and the firms they answer for."""
    return {own.subject, *(firm.subject for firm in organisations_of(own))}


@allow(EVER)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The children and the powers of whoever is signed in."""
    refuse_noughts_posted(request)
    own = myself(request)
    wards = acting.wards(own)
    if request.method == "POST":
        if actor(request).assisted_by:
            raise OnlyInPerson
        chosen = request.POST.get("ward", "")
        ward = next((one for one in wards if _mark(one) == chosen), None)
        if ward is None:
            raise Http404
        return take_up(request, own, acting.guard(ward, own))
    taken = acting.Power.objects.filter(agent=own.account, ended=False)
    taken = taken.exclude(basis=acting.GUARDIANSHIP).order_by("-key")
    given = acting.Power.objects.filter(principal__in=sides(own), ended=False)
    given = given.exclude(basis=acting.GUARDIANSHIP).order_by("-key")
    shown = ui.Page(
        _("Acting for others"),
        _(
            "For your minor children, for people who gave you a power, and for firms. Whatever "
            "you do for another names you both."
        ),
        top=_now(actor(request)),
        links=_ways(own),
        tables=[
            _children(wards),
            _part(own, list(taken[:SHOWN]), _("Powers given to me"), taken=True),
            _part(own, list(given[:SHOWN]), _("Powers that I gave"), taken=False),
        ],
    )
    return ui.shown(request, shown)


def _mark(ward: acting.Ward) -> str:
    return keys.veil(keys.shortened(ward.subject), WARD)


def _now(who: Actor) -> list[Any]:
    one = who.acting
    if one is None or one.over:
        return []
    covered = words.scope(one.scope, one.kind)
    items = [ui.Item(_("For whom"), one.name, one.code), ui.Item(_("For which things"), covered)]
    return [ui.Panel(_("You act for another now"), items)]


def _ways(own: Actor) -> list[ui.Link]:
    url = reverse("power-give")
    firms = [
        ui.Link(f"{url}?firm={firm.code}", _("Give a power for “%(firm)s”") % {"firm": firm.name})
        for firm in organisations_of(own)
    ]
    return [ui.Link(url, _("Give somebody a power")), *firms]


def _children(wards: list[acting.Ward]) -> ui.Part:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ward.name,
            "until": ui.Cell(ui.legal_date(ward.last), _("the last day before coming of age")),
            "may": words.scope(ward.scope, "person"),
            "act": ui.Act(reverse("acting"), _("Act for the child"), {"ward": _mark(ward)},
                          f"“{ward.name}”"),
        }
        for ward in wards
    ]  # fmt: skip
    columns = [
        ui.Column("name", pgettext("person", "Name")),
        ui.Column("until", _("Until when")),
        ui.Column("may", _("For which things")),
        ui.Column("act", _("What you can do")),
    ]
    nothing = ui.Empty(
        _("No minor child on record"),
        _("The register of residents names you as the parent of nobody under 18."),
    )
    title = _("My children")
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True), title)


def _part(own: Actor, powers: list[acting.Power], title: str, taken: bool) -> ui.Part:
    rows: list[dict[str, ui.CellLike]] = [_row(own, one, taken) for one in powers]
    columns = [
        ui.Column("who", _("For whom") if taken else _("To whom")),
        ui.Column("may", _("For which things")),
        ui.Column("until", _("Until when")),
        ui.Column("state", _("State")),
    ]
    nothing = ui.Empty(_("No power yet"))
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True), title)


def _row(own: Actor, one: acting.Power, taken: bool) -> dict[str, ui.CellLike]:
    who = one.name if taken else one.agent_name
    link = ui.Link(reverse("power", args=[one.number]), who, one.number)
    return {
        "who": ui.Cell(link, one.code or one.number),
        "may": words.scope(one.scope, one.principal_kind),
        "until": ui.legal_date(one.last),
        "state": words.state(standing(own, one, taken)),
    }


def standing(own: Actor, one: acting.Power, taken: bool) -> str:
    """Why a power does not hold, "" where it does. Whoever gave it sees no more of the agent."""
    return acting.acting_of(one, own if taken else None).over


@allow(EVER)
@require_http_methods(["GET", "HEAD", "POST"])
def power(request: HttpRequest, number: str) -> HttpResponse:
    """One power: what it covers, what came of it, and how each side ends it."""
    refuse_noughts_posted(request)
    own = myself(request)
    one = acting.Power.objects.filter(number=number, ended=False).first()
    taken = one is not None and one.agent == own.account
    if one is None or not (taken or one.principal in sides(own)):
        raise Http404
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
        acting.close(one, own, giving=not taken)
        if taken:
            lay_down(request)
        _tell(one, own, taken)
        messages.success(request, _("The power has ended. Nothing is done by it any more."))
        return redirect("power", number=one.number)
    raise Http404


def _accepted(request: HttpRequest, own: Actor, one: acting.Power) -> HttpResponse:
    asked = acting.acting_of(one, own).over
    try:
        if asked not in ("offered", ""):
            raise acting.PowerRefused("over")
        acting.accept(one, own)
    except acting.PowerRefused:
        messages.error(request, words.over(asked if asked != "offered" else "expired"))
        return redirect("power", number=one.number)
    letters.send(
        one.giver,
        Title("委托已被接受", "Your power was accepted"),
        Title(f"{own.name} 接受了您的委托。", f"{own.name} has accepted it."),
        reverse("power", args=[one.number]),
    )
    messages.success(request, _("You have accepted. Choose when to act for whoever gave it."))
    return redirect("power", number=one.number)


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


def take_up(request: HttpRequest, own: Actor, one: acting.Power) -> HttpResponse:
    """Begin to act for another, in this session: in the evidence first."""
    now = acting.acting_of(one, own)
    if now.over:
        messages.error(request, words.over(now.over))
        return redirect("acting")
    acting.taken_up(one, own)
    request.session[acting.IN_SESSION] = one.number
    return redirect("acting")


def lay_down(request: HttpRequest) -> None:
    request.session.pop(acting.IN_SESSION, None)


@allow(EVER)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """One is oneself again."""
    lay_down(request)
    messages.success(request, _("You act for yourself again."))
    return redirect("acting")


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
        trail=ui.Trail([ui.Link(reverse("acting"), _("Acting for others"))], one.number),
        code=one.number,
    )
    return ui.shown(request, shown)


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
