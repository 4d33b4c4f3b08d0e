"""Adding what opens an account: passkey, authenticator, recovery codes, another password."""

import base64
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.trust.access import SIGNED_IN, allow, guarded, refuse_noughts_posted
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.signin import (
    entering,
    factors,
    passkeys,
    passwords,
    pieces,
    sessions,
    standing,
    wording,
)
from lingnan.kernel.trust.signin.pages_own import own
from lingnan.kernel.trust.signin.passkeys import NotThisPasskey
from lingnan.kernel.ui import api as ui
from lingnan.standards import one_time_password as otp

OPENS = guarded(SIGNED_IN)
NAME = 40
SEED = "new_seed"


def _trail(here: str) -> ui.Trail:
    return ui.Trail([ui.Link("/account/", _("My sign-in"))], here)


def _name_field(answers: ui.Answers, hint: str) -> ui.FieldView:
    return answers.field("name", _("Name"), hint=hint, maxlength=NAME, width="medium")


@allow(OPENS)
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    refuse_noughts_posted(request)
    answers = ui.Answers(request, "")
    name = answers.text("name", NAME)
    error = ""
    if answers.good:
        try:
            passkeys.add(request, own(request), name, request.POST.get("answer", ""))
            sessions.raise_to(request, own(request), standing.proved("passkey"))
            messages.success(request, _("The passkey was added."))
            return redirect("/account/")
        except NotThisPasskey:
            error = _("The passkey was not made. Please try again.")
    return _passkey_page(request, answers, error)


def _passkey_page(request: HttpRequest, answers: ui.Answers, error: str) -> HttpResponse:
    title = _("Add a passkey")
    notices: list[Any] = [ui.Notice("late", error)] if error else []
    form: Any = None
    if passkeys.site(request):
        hint = _("For yourself, to tell your devices apart.")
        note = _("Your device makes a key that never leaves it, and asks for you at each sign-in.")
        form = pieces.PasskeyForm(
            "", title, "/account/passkey/", "/account/passkey/options/", "add", note,
            fields=(_name_field(answers, hint),),
        )  # fmt: skip
    else:
        notices.append(ui.Notice("info", _("Passkeys need a name in the address bar, not digits.")))
    page = ui.Page(title, top=notices, trail=_trail(title), after=[form] if form else [])
    return pieces.shown(request, page, 422 if error or answers.wrong else 200)


@allow(OPENS)
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    offered = passkeys.offering(request, own(request))
    return HttpResponse(offered, content_type="application/json")


@allow(OPENS)
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """A seed is shown and kept only when the program's password for it was typed."""
    refuse_noughts_posted(request)
    who, answers = own(request), ui.Answers(request, "")
    kept = request.session.get(SEED)
    if kept is None:
        kept = request.session[SEED] = base64.b64encode(factors.new_seed()).decode()
    seed = base64.b64decode(kept)
    name, said = answers.text("name", NAME), answers.text("code", 10)
    if answers.good:
        if factors.add_authenticator(who, name, seed, said.replace(" ", "")):
            request.session.pop(SEED, None)
            sessions.raise_to(request, who, standing.proved("totp"))
            messages.success(request, _("The authenticator was set up."))
            return redirect("/account/")
        words = _("This is not what the program shows for this secret.")
        answers.wrong["code"] = f"{words} {wording.device_clock()}"
    return _authenticator_page(request, who, seed, answers)


def _authenticator_page(
    request: HttpRequest, who: Account, seed: bytes, answers: ui.Answers
) -> HttpResponse:
    title, text = _("Set up an authenticator"), otp.seed_text(seed)
    grouped = " ".join(text[start : start + 4] for start in range(0, len(text), 4))
    about = _("Scan this with an authenticator program, or type the secret below into it.")
    picture = pieces.Picture(otp.address(seed, factors.ISSUER, who.login), about, grouped)
    fields = [
        _name_field(answers, _("For yourself, for example the phone it is on.")),
        answers.field(
            "code", pgettext("signin", "Code"),
            hint=_("The six digits that the program shows now."),
            inputmode="numeric", maxlength=10, autocomplete="one-time-code", width="medium",
        ),
    ]  # fmt: skip
    note = _("From then on your password is followed by a code. A former authenticator ends.")
    form = ui.Form(fields, _("Set it up"), note=note)
    page = ui.Page(title, top=[picture], forms=[form], trail=_trail(title))
    return pieces.shown(request, page, 422 if answers.wrong else 200)


@allow(OPENS)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten codes, shown in the answer to this form and never again."""
    title = _("Recovery codes")
    if request.method == "POST":
        codes = tuple(factors.new_recovery_codes(own(request)))
        text = _("They are shown this once. Each serves once; codes made before hold no more.")
        shown = [ui.Notice("warn", _("Write these down or print them"), text), pieces.Codes(codes)]
        done = [ui.Link("/account/", _("I have kept them"))]
        page = ui.Page(title, top=shown, links=done, trail=_trail(title))
        return pieces.shown(request, page)
    lead = _("With one of ten codes on paper you come back when your devices are lost.")
    form = ui.Form([], _("Make ten codes"))
    page = ui.Page(title, lead, forms=[form], trail=_trail(title))
    return pieces.shown(request, page)


def new_password_fields(answers: ui.Answers) -> list[ui.FieldView]:
    hint = _("At least %(n)d characters. A sentence that only you would say is best.")
    return [
        pieces.SecretField(
            "new", _("New password"), hint=hint % {"n": passwords.LEAST}, width="medium",
            error=answers.wrong.get("new", ""), autocomplete="new-password",
        ),
        pieces.SecretField(
            "repeated", _("The same once more"), width="medium",
            error=answers.wrong.get("repeated", ""), autocomplete="new-password",
        ),
    ]  # fmt: skip


def read_new_password(request: HttpRequest, answers: ui.Answers, who: Account) -> str:
    """What was typed twice; what is wrong with it goes into the answers."""
    said = request.POST.get("new", "")
    if answers.posted:
        fault = passwords.fault(said, who)
        if fault:
            answers.wrong["new"] = fault
        elif said != request.POST.get("repeated", ""):
            answers.wrong["repeated"] = _("The two are not the same.")
    return said


@allow(OPENS)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password: for who knows the present one, or has proved more just now."""
    refuse_noughts_posted(request)
    who, answers = own(request), ui.Answers(request, "")
    said = read_new_password(request, answers, who)
    needed = _present_needed(request, who)
    if answers.posted and needed:
        _check_present(request, who, answers)
    if answers.good:
        sessions.write("trust.password_changed", who, method=standing.of(request).method)
        who.set_password(said)
        who.save(update_fields=["password"])
        before = request.session.session_key
        update_session_auth_hash(request, who)
        sessions.renamed(request, who, before)
        sessions.end_others(request, who, "password changed")
        messages.success(request, _("The password was changed. Other sessions have ended."))
        return redirect("/account/")
    return _password_page(request, answers, needed)


def _present_needed(request: HttpRequest, who: Account) -> bool:
    how = standing.of(request)
    proved = how.level >= standing.STRONGEST or how.method in standing.RECOVERING
    return who.has_usable_password() and (not proved or standing.is_invented(who))


def _check_present(request: HttpRequest, who: Account, answers: ui.Answers) -> None:
    name = f"again {who.login}"
    try:
        entering.count(request, name)
    except entering.Refused as refused:
        answers.wrong["present"] = refused.words
        return
    if who.check_password(request.POST.get("present", "")):
        entering.give_back(request, name)
    else:
        entering.failed(who.login, "present password", who)
        answers.wrong["present"] = _("This is not your present password.")


def _password_page(request: HttpRequest, answers: ui.Answers, needed: bool) -> HttpResponse:
    title, fields = _("Change the password"), new_password_fields(answers)
    if needed:
        present = pieces.SecretField(
            "present", _("Present password"), error=answers.wrong.get("present", ""),
            width="medium", autocomplete="current-password",
        )  # fmt: skip
        fields.insert(0, present)
    page = ui.Page(title, forms=[ui.Form(fields, _("Change it"))], trail=_trail(title))
    return pieces.shown(request, page, 422 if answers.wrong else 200)
