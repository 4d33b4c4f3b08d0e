"""What is done on the pages of a body's people: forms, and what follows them."""

from datetime import date

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.runtime.api import Conflict, Title, keys, legal_time
from lingnan.kernel.trust.api import (
    Account,
    Actor,
    Appointment,
    Body,
    Holding,
    appointing,
    people_accounts,
    post_endings,
)
from lingnan.kernel.trust.signin import counter, pages_counter
from lingnan.kernel.trust.signin import wording as signin
from lingnan.kernel.ui import api as ui
from lingnan.portal import people_letters as letters
from lingnan.portal import people_words as words

REASON, CONTEXT = 200, "portal.people.post"


def wanted_fields(said: ui.Answers, body: Body, roles: dict[str, Title]) -> list[ui.FieldView]:
    """The questions of an appointment at a body."""
    today = legal_time.today()
    latest = (today + appointing.MOST_AHEAD).isoformat()
    two = _("takes two people")
    choices = [
        ui.Option(role, str(title), two if appointing.takes_two(role) else "")
        for role, title in roles.items()
    ]
    return [
        said.field("role", _("Post"), kind="radio", options=choices,
                   value=said["role"] or (choices[0].value if len(choices) == 1 else "")),
        said.field("first", _("First day"), kind="date", minimum=today.isoformat(),
                   maximum=latest, value=said["first"] or today.isoformat()),
        said.field("last", _("Last day (included)"), kind="date", maximum=latest, required=False,
                   hint=_("Empty: until it is ended.")),
        said.field("reason", _("Reason"), maxlength=REASON,
                   hint=_("Such as the number of the decision. It stands in the evidence.")),
    ]  # fmt: skip


def roles_for(who: Actor, body: Body) -> dict[str, Title]:
    """The posts at a body that somebody may give."""
    return {
        role: title
        for role, title in appointing.roles(body).items()
        if appointing.may_appoint(who, body.code, role)
    }


def read_wanted(
    said: ui.Answers, account: int, body: Body, roles: dict[str, Title]
) -> appointing.Wanted | None:
    """The appointment that was asked for; None where something has to be put right."""
    latest = legal_time.today() + appointing.MOST_AHEAD
    first, last = said.day("first", latest), _day_or_none(said, "last", latest)
    role, reason = said.chosen("role", list(roles)), said.text("reason", REASON)
    if said.wrong or first is None:
        return None
    return appointing.Wanted(account, body.code, role, first, last, reason)


def _day_or_none(said: ui.Answers, name: str, latest: date) -> date | None:
    return said.day(name, latest) if said[name] else None


def forms(request: HttpRequest, who: Actor, account: Account, said: ui.Answers) -> list[ui.Form]:
    """What somebody may do with an account: appoint, end a post, lock, hand over a code."""
    found = []
    if people_accounts.may_hand_over(who, account):
        found.append(_code_form(request, said))
    if account.is_active and account.key not in (who.account, who.lent_by):
        body = Body.objects.get(code=who.body)
        roles = roles_for(who, body)
        if roles:
            fields = wanted_fields(_of(request, said, "appoint"), body, roles)
            found.append(ui.Form(fields, _("Appoint"), _("Another post"), "appoint"))
        found += _ending(request, who, account, said)
    if people_accounts.may_lock(who, account):
        locked = not account.is_active
        reason = _of(request, said, "unlock" if locked else "lock").field(
            "reason", _("Reason"), maxlength=REASON
        )
        found.append(
            ui.Form([reason], _("Unlock the account"), _("Unlock"), "unlock") if locked else
            ui.Form([reason], _("Lock the account"), _("Lock"), "lock",
                    _("Every session ends at once, and nobody signs in until it is unlocked."))
        )  # fmt: skip
    return found


def _of(request: HttpRequest, said: ui.Answers, act: str) -> ui.Answers:
    """The answers to this form; none where another was posted."""
    return said if said.act == act else ui.Answers(request, "none")


def _code_form(request: HttpRequest, said: ui.Answers) -> ui.Form:
    mine = _of(request, said, "code")
    compared = _("I have compared the person with the document, and the names are the same.")
    fields = [
        mine.field("document", _("Document"), kind="select",
                   options=ui.options(signin.DOCUMENTS), width="medium"),
        mine.field("compared", compared, kind="checkbox", required=False),
    ]  # fmt: skip
    note = _("For the first sign-in: the person stands before you and chooses the password on"
             " another device.")  # fmt: skip
    return ui.Form(fields, _("Show the code"), _("Code for the first sign-in"), "code", note)


def _ending(request: HttpRequest, who: Actor, account: Account, said: ui.Answers) -> list[ui.Form]:
    held = [
        one for one in Holding.objects.filter(account=account.key, ended=False).order_by("key")
        if appointing.may_appoint(who, one.body, one.role)
    ]  # fmt: skip
    if not held:
        return []
    mine = _of(request, said, "end")
    choices = [ui.Option(keys.veil(one.key, CONTEXT), str(one.title)) for one in held]
    today = legal_time.today()
    fields = [
        mine.field("post", _("Post"), kind="select", options=choices),
        mine.field("last", _("Last day (included)"), kind="date", required=False,
                   minimum=today.isoformat(), hint=_("Empty: it ends at once.")),
        mine.field("reason", _("Reason"), maxlength=REASON),
    ]  # fmt: skip
    return [ui.Form(fields, _("End the post"), pgettext("people", "End a post"), "end")]


def done(
    request: HttpRequest, who: Actor, account: Account, said: ui.Answers
) -> HttpResponse | None:
    """What follows a form of a person's page; None where something has to be put right."""
    try:
        if said.act == "code":
            return hand_over(request, who, account, said)
        _do(who, account, said)
    except appointing.NotPossible as fault:
        field, text = words.refused(fault)
        said.wrong[field if said.act == "appoint" else "last" if field == "first" else "act"] = text
    except Conflict:
        said.wrong["act"] = words.refused(appointing.NotPossible("done"))[1]
    if said.wrong:
        return None
    notes.success(request, _("It is on record."))
    return redirect(request.path if people_accounts.may_see(who, account) else reverse("people"))


def _do(who: Actor, account: Account, said: ui.Answers) -> None:
    if said.act == "appoint":
        body = Body.objects.get(code=who.body)
        wanted = read_wanted(said, account.key, body, roles_for(who, body))
        if wanted is not None:
            letters.follow(appointing.appoint(who, wanted))
    elif said.act == "end":
        latest = legal_time.today() + appointing.MOST_AHEAD
        last, reason = _day_or_none(said, "last", latest), said.text("reason", REASON)
        key = keys.unveil(said["post"], CONTEXT) or 0
        post = Holding.objects.filter(key=key, account=account.key).first()
        if post is None:
            said.wrong["post"] = _("Please choose.")
        elif said.good:
            post_endings.end(who, post, last, reason)
            letters.ended(post, last, reason)
    elif said.act in ("lock", "unlock"):
        reason = said.text("reason", REASON)
        if said.good:
            people_accounts.lock(who, account, said.act == "lock", reason)
    else:
        said.wrong["act"] = _("Please choose.")


def hand_over(
    request: HttpRequest, who: Actor, account: Account, said: ui.Answers
) -> HttpResponse | None:
    """The code by which the owner chooses a password, shown once."""
    document = said.chosen("document", list(signin.DOCUMENTS))
    if not said.ticked("compared"):
        said.wrong["compared"] = _("Only after you have compared face and document.")
    if said.wrong:
        return None
    if not people_accounts.may_hand_over(who, account):
        raise appointing.NotPossible("not_yours")
    code = counter.open_for(request, who, account, "recover", document)
    return pages_counter.code_page(request, _("Code for the first sign-in"), "recover", code)


def deciding(who: Actor, made: Appointment, said: ui.Answers) -> list[ui.Form]:
    found = []
    if appointing.may_decide(made, who):
        reason = said.field("reason", _("Reason"), maxlength=REASON)
        note = _("The post begins on its first day, or today where that is over.")
        plain = ui.FieldView("reason", _("Reason"), maxlength=REASON)
        found = [
            ui.Form([reason if said.act == "agree" else plain], pgettext("people", "Agree"),
                    _("Second person"), "agree", note),
            ui.Form([reason if said.act == "refuse" else plain], _("Refuse"), _("Refuse"),
                    "refuse"),
        ]  # fmt: skip
    if made.state in Appointment.OPEN and appointing.may_appoint(who, made.body, made.role):
        found.append(ui.Form([], pgettext("people", "Take it back"), "", "withdraw"))
    return found


def decided(request: HttpRequest, who: Actor, made: Appointment, said: ui.Answers) -> bool:
    """Agree, refuse or take back as was posted; False where something has to be put right."""
    try:
        if said.act == "withdraw":
            appointing.withdraw(who, made)
        elif said.act not in ("agree", "refuse"):
            said.wrong["act"] = _("Please choose.")
            return False
        else:
            reason = said.text("reason", REASON)
            if not said.good:
                return False
            done_ = appointing.decide(who, made, said.act == "agree", reason)
            if done_.state in ("planned", "held"):
                letters.follow(done_)
            letters.answered(done_)
    except appointing.NotPossible as fault:
        said.wrong["act"] = words.refused(fault)[1]
        return False
    except Conflict:
        said.wrong["act"] = words.refused(appointing.NotPossible("done"))[1]
        return False
    tasks.withdraw(made.number, who.signature, [letters.TASK])
    notes.success(request, _("It is on record."))
    return True
