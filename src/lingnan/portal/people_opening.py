"""Opening an account for an official, and appointing somebody who has one."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import (
    Account,
    Actor,
    Appointment,
    Body,
    actor,
    allow,
    appointing,
    guarded,
    people_accounts,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import people_acts as acts
from lingnan.portal import people_letters as letters
from lingnan.portal import people_words as words
from lingnan.portal.people import PEOPLE, address


@allow(guarded(PEOPLE))
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """A new account with its first post."""
    return _form(request, new=True)


@allow(guarded(PEOPLE))
@require_http_methods(["GET", "HEAD", "POST"])
def appointing_known(request: HttpRequest) -> HttpResponse:
    """A post for somebody whose account there is: both names are said as they are."""
    return _form(request, new=False)


def _form(request: HttpRequest, new: bool) -> HttpResponse:
    who = actor(request)
    refuse_noughts_posted(request)
    said = ui.Answers(request, "")
    body = _body(who, said)
    roles = acts.roles_for(who, body) if body else {appointing.HEAD: Title("负责人", "Head")}
    if said.posted and body is not None:
        account = _done(who, said, body, roles, new)
        if account is not None:
            notes.success(request, _("It is on record."))
            return redirect(address(account))
    elif said.posted:
        said.wrong["body"] = _("There is no body with this code.")
    fields = _fields(said, who, body, roles, new)
    title = _("Open an account") if new else _("Appoint somebody who has an account")
    lead = (
        _("Nobody learns a password: when the post is held you hand over a code, face to face,"
          " and the person chooses a password on another device.")
        if new
        else _("For an official who signs in here already, at this body or at another.")
    )  # fmt: skip
    form = ui.Form(fields, title if new else _("Appoint"))
    notice = [ui.Notice("late", said.wrong["act"])] if "act" in said.wrong else []
    page = ui.Page(title, lead, top=notice, forms=[form],
                   trail=ui.Trail([ui.Link(reverse("people"), _("People and posts"))]))  # fmt: skip
    return ui.shown(request, page, 422 if said.wrong else 200)


def _body(who: Actor, said: ui.Answers) -> Body | None:
    """A head's own body; an operator says which."""
    code = who.body if who.role == appointing.HEAD else said["body"][:40]
    return Body.objects.filter(code=code, ended=False).first()


def _fields(
    said: ui.Answers, who: Actor, body: Body | None, roles: dict[str, Title], new: bool
) -> list[ui.FieldView]:
    fields = []
    own = Body.objects.get(code=who.body)
    if who.role != appointing.HEAD:
        hint = _("Such as gd-440103-market.")
        fields.append(said.field("body", _("Code of the body"), width="medium", hint=hint,
                                 maxlength=40))  # fmt: skip
    fields.append(
        said.field(
            "name",
            pgettext("people", "Name"),
            width="medium",
            maxlength=60,
            autocomplete="off",
            hint=_("As on the identity document."),
        )
    )
    login = said["login"]
    if new and not login and who.role == appointing.HEAD:
        login = people_accounts.proposed_login(body or own)
    hint = _("Proposed; it may be changed now and not later.") if new else ""
    if new and who.role != appointing.HEAD:
        hint = _("Such as 440103-market-2718.")
    fields.append(
        said.field(
            "login",
            _("Name the person signs in with"),
            value=login,
            width="medium",
            maxlength=40,
            autocomplete="off",
            hint=hint,
        )
    )
    return fields + acts.wanted_fields(said, body or own, roles)


def _done(
    who: Actor, said: ui.Answers, body: Body, roles: dict[str, Title], new: bool
) -> Account | None:
    """The account whose post it is; None where something has to be put right."""
    name, login = said.text("name", 60), said.text("login", 40)
    wanted = acts.read_wanted(said, 0, body, roles)
    if wanted is None:
        return None
    try:
        account, made = _given(who, login, name, wanted, new)
    except appointing.NotPossible as fault:
        field, text = words.refused(fault)
        said.wrong[field] = text
        return None
    letters.follow(made)
    return account


def _given(
    who: Actor, login: str, name: str, wanted: appointing.Wanted, new: bool
) -> tuple[Account, Appointment]:
    if new:
        return people_accounts.open_account(who, login, name, wanted)
    account = people_accounts.sought(login, name)
    if account is None:
        raise appointing.NotPossible("unknown")
    known = appointing.Wanted(account.key, wanted.body, wanted.role, wanted.first, wanted.last,
                              wanted.reason)  # fmt: skip
    return account, appointing.appoint(who, known)
