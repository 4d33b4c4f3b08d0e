"""The list of persons under protection: kept by two auditors; reading it is evidence."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import protecting, scope
from lingnan.systems.assurance.trust_governance.models import Protected, ProtectedEvent

CHIPS: dict[str, ui.Kind] = {
    "confirmed": "ok", "dropped": "soft", "ending": "warn", "ended": "soft",
}  # fmt: skip
REFERENCE = 40


@allow(scope.AUDITS)
@require_http_methods(["GET", "HEAD", "POST"])
def protected(request: HttpRequest) -> HttpResponse:
    """Who is under protection, by reference alone; enter somebody, confirm, end."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request, "propose")
    if request.method == "POST" and not said.posted:
        return _act(request, who)
    if said.posted and _proposed(who, said):
        messages.success(request, _("This is on record; another auditor has to confirm it."))
        return redirect("governance-protected")
    page = ui.Page(
        _("Persons under protection"),
        _(
            "Whatever an official sees of them without a case that the body handles becomes a "
            "finding. Officials are never told who stands here. Each reading of this list is "
            "evidence."
        ),
        tables=[_list(who)],
        forms=[_form(said)],
        trail=ui.Trail([ui.Link(reverse("governance"), _("Use of data"))]),
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _act(request: HttpRequest, who: Actor) -> HttpResponse:
    one = protecting.found(request.POST.get("ref", ""), who)
    kind = request.POST.get("act", "")
    if one is None or kind not in dict(ProtectedEvent.KINDS):
        raise Http404
    try:
        protecting.act(one, who, kind)
    except protecting.NotAllowed:
        messages.error(request, _("This cannot be done, or not any more."))
    return redirect("governance-protected")


def _proposed(who: Actor, said: ui.Answers) -> bool:
    ref = said.text("reference", REFERENCE)
    grounds = said.text("grounds", protecting.LONGEST)
    if 0 < len(grounds) < protecting.LEAST:
        said.wrong["grounds"] = _("Please say it in words.")
    if said.wrong:
        return False
    try:
        protecting.propose(who, ref, grounds)
    except protecting.Nobody:
        said.wrong["reference"] = _("No person is meant by this.")
        return False
    return True


def _form(said: ui.Answers) -> ui.Form:
    fields = [
        said.field("reference", _("Reference of the person in a finding, or the number of a case"),
                   maxlength=REFERENCE),
        said.field("grounds", pgettext("audit", "Grounds"), kind="textarea",
                   maxlength=protecting.LONGEST,
                   hint=_("Name no person here: another auditor reads it.")),
    ]  # fmt: skip
    return ui.Form(fields, _("Enter"), _("Put somebody under protection"), act="propose")


def _list(who: Actor) -> ui.Part:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "who": ui.Cell(one.subject[:8].upper(), f"“{one.grounds}”"),
            "by": ui.Cell(f"“{one.by.partition(' (')[0]}”", ui.legal_datetime(one.at)),
            "state": _state(one),
            "act": ui.Cell(_acts(one, who)),
        }
        for one in protecting.listed(who)
    ]
    columns = [
        ui.Column("who", pgettext("protection", "Reference")),
        ui.Column("by", _("Entered by")),
        ui.Column("state", _("State")),
        ui.Column("act", _("Next step")),
    ]
    title = _("Persons under protection")
    nothing = ui.Empty(_("Nobody is under protection"))
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True))


def _state(one: Protected) -> ui.Chip:
    done = protecting.kinds(one)
    if not done:
        return ui.Chip("warn", pgettext("protection", "waits for a second auditor"))
    return ui.Chip(CHIPS[done[-1]], str(dict(ProtectedEvent.KINDS)[done[-1]]))


def _acts(one: Protected, who: Actor) -> tuple[ui.Piece, ...] | str:
    titles = {
        "confirmed": pgettext("protection", "Confirm"),
        "dropped": pgettext("protection", "Do not confirm"),
        "ending": pgettext("protection", "Propose to end"),
        "ended": pgettext("protection", "Confirm the end"),
    }
    url, ref = reverse("governance-protected"), protecting.reference(one)
    about = one.subject[:8].upper()
    return (
        tuple(
            ui.Act(url, text, {"act": kind, "ref": ref}, about)
            for kind, text in titles.items()
            if protecting.may(one, who, kind)
        )
        or "—"
    )
