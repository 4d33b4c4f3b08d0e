"""One consent as an auditor reads it: the signed text, whether it holds, and the agreement's.

Whom it is of is never shown; that it was read, and why, is evidence that the giver sees.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import Agreement, agreements, terms
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Actor, Body, Consent, actor, allow, consents
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import scope, witness
from lingnan.systems.assurance.trust_governance.views import words

NUMBER, WHY = 20, 80


@allow(scope.AUDITS)
@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    """By its number, for a reason; within the auditor's division and those below."""
    who = actor(request)
    number = request.GET.get("number", "").strip().upper()[:NUMBER]
    why = request.GET.get("why", "").strip()[:WHY]
    asked = bool(number and why)
    one = _found(who, number) if asked else None
    top: list[Any] = []
    if one is not None:
        subjects = [("pseudonym", keys.shortened(one.giver))]
        said = {"consent": one.number, "reason": why}
        witness.write("governance.consent_read", who, said, subjects, one.number)
        top = [_panel(one), _agreement(one)]
    elif asked:
        top = [ui.Notice("soft", _("No consent of this number in your division"))]
    page = ui.Page(
        _("A consent, verified"),
        _("The text that was signed and whether it is unchanged. Each reading is evidence."),
        first=[_form(number, why)],
        after=top,
        trail=ui.Trail([ui.Link("/governance/", _("Use of data"))]),
    )
    return ui.shown(request, page)


def _found(who: Actor, number: str) -> Consent | None:
    one = Consent.objects.filter(number=number).first()
    body = Body.objects.filter(code=one.body).first() if one is not None else None
    return one if body is not None and scope.covers(who, body.division) else None


def _form(number: str, why: str) -> ui.Filter:
    fields = [
        ui.FieldView("number", _("Number of the consent"), value=number, maxlength=NUMBER),
        ui.FieldView("why", _("Why you look"), value=why, maxlength=WHY),
    ]
    return ui.Filter(fields, _("Show"))


def _holds(whole: bool) -> ui.Chip:
    if whole:
        return ui.Chip("ok", pgettext("consent", "signature holds"))
    return ui.Chip("late", pgettext("consent", "signature does not hold"))


def _panel(one: Consent) -> ui.Panel:
    names, said = words.Names(), consents.said_by(one)
    used = consents.used(one, legal_time.today())
    revoked = ui.legal_datetime(one.revoked_at) if one.revoked_at else _("not revoked")
    items = [
        ui.Item(pgettext("consent", "Signature"), _holds(consents.signature_holds(one))),
        ui.Item(_("Certificate of the signature"), one.certificate),
        ui.Item(_("Body"), names.body(str(said["body"]))),
        ui.Item(pgettext("consent", "What"), names.what({"resource": said["resource"]}),
                ui.listed(said["elements"])),
        ui.Item(_("Why"), names.why({"purpose": said["purpose"], "basis": said["basis"]})),
        ui.Item(_("Consented to apart"), ui.listed(said.get("separate", ())) or "—"),
        ui.Item(_("Number of uses"), f"{used} / {said['most']}"),
        ui.Item(_("Given on"), ui.legal_datetime(str(said["given_at"]))),
        ui.Item(_("Until"), ui.legal_date(str(said["valid_until"]))),
        ui.Item(_("Revoked"), revoked),
        ui.Item(_("Sign-in"), f"{one.signin:,}" if one.signin else "—"),
    ]  # fmt: skip
    return ui.Panel(_("What was signed"), items)


def _agreement(one: Consent) -> ui.Panel:
    """The agreement that it was given under, as it stands today."""
    found = Agreement.objects.filter(number=one.agreement).first()
    if found is None:
        return ui.Panel(_("Agreement"), [ui.Item(_("Number"), one.agreement or "—")])
    same = terms.digest(found) == one.terms and not found.ended
    unchanged = _("unchanged since") if same else _("changed or ended since: covers nothing")
    chip = ui.Chip("ok" if same else "warn", unchanged)
    items = [
        ui.Item(_("Number"), found.number),
        ui.Item(_("State"), chip),
        ui.Item(pgettext("consent", "Signature"), _holds(agreements.holds(found))),
    ]
    return ui.Panel(_("Agreement"), items)
