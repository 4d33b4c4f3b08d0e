"""The counter opens an account for a resident who has none, and hands over the code for it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.access import actor, allow, guarded, refuse_noughts_posted
from lingnan.kernel.trust.signin import counter, enrolling, pieces, wording
from lingnan.kernel.trust.signin.enrolling import NotEnrolled, Shown
from lingnan.kernel.trust.signin.pages_counter import COUNTER, code_page
from lingnan.kernel.ui import api as ui


@allow(guarded(COUNTER))
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """For somebody of age who stands before the official with a document."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request, "")
    if said.posted:
        shown = _shown(said)
        if said.good:
            try:
                account = enrolling.enrol(who, shown)
                code = counter.open_for(request, who, account, "recover", shown.document)
                return code_page(request, _("Code for the first sign-in"), "recover", code)
            except NotEnrolled as fault:
                field, text = _refused(fault)
                said.wrong[field] = text
    return pieces.shown(request, _page(said), 422 if said.wrong else 200)


def _shown(said: ui.Answers) -> Shown:
    """What was typed; what has to be put right stands in `said.wrong`."""
    number, name = said.text("number", 18).upper(), said.text("name", 60)
    login, document = said.text("login", 40), said.chosen("document", list(wording.DOCUMENTS))
    if not said.ticked("compared"):
        said.wrong["compared"] = _("Only after you have compared face and document.")
    return Shown(number, name, login, document)


def _page(said: ui.Answers) -> ui.Page:
    compared = _("I have compared the person with the document, and the names are the same.")
    fields = [
        said.field("number", _("Number on the document"), width="medium", maxlength=18,
                   autocomplete="off", hint=_("That you look it up is seen by the person.")),
        said.field("name", _("Name on the document"), width="medium", maxlength=60,
                   autocomplete="off"),
        said.field("login", _("Name to sign in with, as the person wants it"), width="medium",
                   maxlength=40, autocomplete="off",
                   hint=_("4 to 40 small letters, digits, dots and hyphens.")),
        said.field("document", _("Document"), kind="select",
                   options=ui.options(wording.DOCUMENTS), width="medium"),
        said.field("compared", compared, kind="checkbox"),
    ]  # fmt: skip
    lead = _(
        "For a resident of age who has none. Whatever parents did here for the person as a child "
        "is in it. Nobody learns a password: the person chooses it with the code, on another "
        "device."
    )
    return ui.Page(
        _("Open an account for a resident"),
        lead,
        forms=[ui.Form(fields, _("Open the account"))],
        trail=ui.Trail([ui.Link(reverse("counter-signin"), _("Sign-in at the counter"))]),
    )


def _refused(fault: NotEnrolled) -> tuple[str, str]:
    """The field that has to be put right, and why."""
    return {
        "unknown": ("number", _("The register of residents has nobody with this number and name.")),
        "minor": ("number", _("The person is under 18: a parent acts for them, under “Acting for"
                              " others”.")),
        "has": ("number", _("The person has an account, and signs in as “%(login)s”. Open a way"
                            " back into it instead.") % {"login": fault.login}),
        "closed": ("number", _("The person has an account that was closed.")),
        "login": ("login", _("4 to 40 small letters, digits, dots and hyphens, with a letter or"
                             " digit first and last.")),
        "taken": ("login", pgettext("enrolment", "Somebody signs in with this name already. Choose"
                                                 " another.")),
    }[fault.code]  # fmt: skip
