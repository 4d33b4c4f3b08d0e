"""Giving a power: to whom, for which things, until when; read once more before it is given."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import messages as letters
from lingnan.kernel.exchange.api import organisations_of
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    Actor,
    OnlyInPerson,
    acting,
    actor,
    allow,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui

words = acting.words
FIELDS = ("login", "agent", "until")


@allow(RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Choose, read it in plain words, give it. Nobody gives on what they act under themselves."""
    refuse_noughts_posted(request)
    who = actor(request)
    if who.assisted_by:
        raise OnlyInPerson
    said = ui.Answers(request)
    wish = _wish(request, who, said)
    if not said.good:
        return _form(request, wish, said)
    if said.act != "give":
        return _check(request, wish)
    signin = request.session.get("signin", 0)
    try:
        made = acting.offer(wish, who, signin if isinstance(signin, int) else 0)
    except acting.PowerRefused as fault:
        _refused(fault, said)
        return _form(request, wish, said)
    _tell(made, who)
    messages.success(
        request,
        _("It is given. If there is somebody of that sign-in name and name, they have been told, "
          "and it holds once they accept."),
    )  # fmt: skip
    return redirect("power", number=made.number)


def _wish(request: HttpRequest, who: Actor, said: ui.Answers) -> acting.Wish:
    """What was chosen; what has to be put right stands in `said.wrong`. Raises Http404."""
    code = request.GET.get("firm", "")[:18]
    firm = next((one for one in organisations_of(who) if one.code == code), None)
    if code and firm is None:
        raise Http404
    today, chosen = legal_time.today(), said.several("scope")
    last = said.day("until", latest()) or today
    if said.posted:
        if not chosen or not set(chosen) <= set(acting.GIVEN):
            said.wrong["scope"] = _("Choose at least one of these.")
        if last < today:
            said.wrong["until"] = _("This day has passed.")
        if not firm and _minor(who):
            said.wrong["login"] = words.over("minor")
    return acting.Wish(
        principal=firm.subject if firm else who.subject,
        kind="organisation" if firm else "person",
        name=firm.name if firm else who.name,
        code=firm.code if firm else "",
        login=said.text("login", acting.LONGEST["login"]),
        agent_name=said.text("agent", acting.LONGEST["name"]),
        scope=chosen,
        last=last,
    )


def _minor(who: Actor) -> bool:
    asked = acting.Asked(acting.POWER, who.subject, "person", "", "", legal_time.today())
    return acting.stands(asked).over == "minor"


def latest() -> date:
    return legal_time.today() + timedelta(days=acting.MOST_DAYS - 1)


def _refused(fault: acting.PowerRefused, said: ui.Answers) -> None:
    known = {
        "oneself": ("login", _("This is yourself.")),
        "unknown": ("login", _("No register knows who you are: go to a counter of the police.")),
        "many": ("login", _("Too many powers stand at once. Please end one first.")),
        "last": ("until", _("Please choose an earlier day.")),
        "scope": ("scope", _("Choose at least one of these.")),
    }
    field, text = known.get(fault.field, known["scope"])
    said.wrong[field] = text


def _tell(made: acting.Power, who: Actor) -> None:
    if made.agent:
        letters.send(
            made.agent,
            Title("有人委托您代为办事", "Somebody gives you a power"),
            Title(f"{made.name}（{who.name}）委托您。请查看并决定是否接受。",
                  f"{made.name} ({who.name}). Read it, and accept or decline."),
            reverse("power", args=[made.number]),
        )  # fmt: skip


def _form(request: HttpRequest, wish: acting.Wish, said: ui.Answers) -> HttpResponse:
    # Nothing is ticked beforehand: one gives what one chooses.
    fields = [
        said.field("login", _("Sign-in name of who shall act for you"), width="medium",
                   maxlength=acting.LONGEST["login"], autocomplete="off",
                   hint=_("Ask them for it. Whether somebody has it is not told here.")),
        said.field("agent", _("Their full name"), width="medium",
                   maxlength=acting.LONGEST["name"], autocomplete="off"),
        said.field("scope", _("For which things"), kind="checkbox",
                   options=words.options(wish.kind), value=said.several("scope")),
        said.field("until", _("Last day (included)"), kind="date",
                   minimum=legal_time.today().isoformat(), maximum=latest().isoformat(),
                   hint=_("At most %(days)s days (a value of the platform, unverified).")
                   % {"days": acting.MOST_DAYS}),
    ]  # fmt: skip
    page = ui.Page(
        _("Give somebody a power"),
        _("It holds once the other has accepted. Both of you can end it at any time, at once."),
        forms=[ui.Form(fields, _("Read it in plain words"))],
        trail=trail(),
        name=wish.name if wish.code else "",
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _check(request: HttpRequest, wish: acting.Wish) -> HttpResponse:
    """What it means, before it is given; the choices travel along as they were typed."""
    chosen = [one for one in words.options(wish.kind) if one.value in wish.scope]
    field = ui.FieldView("scope", _("For which things"), kind="checkbox", options=chosen,
                         value=tuple(wish.scope))  # fmt: skip
    hidden = {"login": wish.login, "agent": wish.agent_name, "until": wish.last.isoformat()}
    items = [
        ui.Item(_("For whom"), wish.name, wish.code),
        ui.Item(_("Who acts"), wish.agent_name, wish.login),
        ui.Item(_("Last day (included)"), ui.legal_date(wish.last)),
    ]
    page = ui.Page(
        _("This is the power that you give"),
        _("Within it, what the other does counts as done by you (《民法典》第一百六十二条, "
          "unverified). Each act names you both."),
        top=[ui.Panel(pgettext("power", "The power"), items)],
        forms=[ui.Form([field], _("I give this power"), act="give", hidden=hidden)],
        trail=trail(),
    )  # fmt: skip
    return ui.shown(request, page)


def trail() -> ui.Trail:
    return ui.Trail([ui.Link(reverse("acting"), _("Acting for others"))])
