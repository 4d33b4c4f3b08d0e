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

from lingnan.kernel.exchange.api import organisations_of
from lingnan.kernel.runtime.api import keys
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
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.ui import api as ui

words = acting.words
EVER = under(RESIDENT, ANY)
WARD, SHOWN = "portal.ward", 50


def myself(request: HttpRequest) -> Actor:
    """Whoever is signed in, as themselves."""
    account = request.user
    own = actor_of(account) if isinstance(account, Account) else None
    if own is None:
        raise PermissionDenied
    return own


def sides(own: Actor) -> set[str]:
    """Whom somebody may give powers for: themselves, and the firms they answer for."""
    if not own.subject:
        return set()
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
