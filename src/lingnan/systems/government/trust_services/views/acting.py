"""What holders and officers see and do alike: a certificate, its states, a key handed over."""

from collections.abc import Sequence

from asn1crypto import pem
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lingnan.kernel.trust.api import Actor, IssuedCertificate, key_escrow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts import states
from lingnan.systems.government.trust_services.acts.applying import RENEWABLE
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.views import wording


def renewable(row: IssuedCertificate) -> bool:
    """Whether a certificate in force ends within the days of the reminder."""
    now = timezone.now()
    return row.state == "good" and now < row.not_after <= now + RENEWABLE


def certificate_panel(row: IssuedCertificate) -> ui.Panel:
    """A certificate in plain words."""
    items = [
        ui.Item(_("Stands now"), wording.state_chip(row), wording.revoked_because(row.because)),
        ui.Item(_("Good for"), use(row.profile)),
        ui.Item(_("Valid from"), wording.moment(row.not_before)),
        ui.Item(_("Valid until"), wording.moment(row.not_after)),
        ui.Item(_("Serial number"), wording.spaced(row.serial)),
        ui.Item(_("Key kept by"), kept(row)),
    ]
    return ui.Panel(wording.profile(row.profile), items)


def use(profile: str) -> str:
    return {
        "signing": _("Signing documents, and showing at a door who one is"),
        "encryption": _("Being sent what only the holder can read; not for signing"),
        "seal": _("Sealing the documents of the body"),
        "system": _("Showing other systems who it is; connections over TLS"),
        "log": _("Signing the heads of the evidence log"),
        "log_head": _("Signing the heads of the evidence log"),
        "witness": _("Signing the heads of others' logs that only grew"),
        "consent": _("Signing what people and firms consented to, and agreements about it"),
        "power": _("Signing the powers that people and firms give to act for them"),
        "message": _("Signing what a node asks of others, and answers"),
        "directory": _("Naming the nodes and members of an instance"),
        "time_stamp": _("Time-stamps, and nothing else"),
        "status": _("Answers about the status of certificates"),
        "issuing": _("Certifying bodies, officials, firms and systems"),
        "root": _("Certifying issuing authorities"),
        "link": _("Reaching one root from another"),
    }.get(profile, profile)


def kept(row: IssuedCertificate) -> str:
    if row.profile == "encryption":
        return _("The holder, and the key-management centre")
    return _("This node") if row.key_label else _("The holder alone")


def form(row: IssuedCertificate, may: Sequence[str], said: ui.Answers) -> list[ui.Form]:
    """The form by which the state of a certificate is changed, where somebody may."""
    if not may:
        return []
    names = ("do", "why") if said["serial"] == row.serial else ()
    typed, wrong = (
        {one: said[one] for one in names},
        {one: said.wrong.get(one, "") for one in names},
    )
    words = {
        "suspend": (_("Suspend it"), _("An officer can take it back into force")),
        "restore": (_("Take it back into force"), ""),
        "revoke": (_("Revoke it for good"), _("What is revoked never comes back")),
    }
    acts = [ui.Option(one, *words[one]) for one in may]
    reasons = [ui.Option(r.value, wording.revoked_because(r.value)) for r in states.REASONS]
    fields = [
        ui.FieldView("do", _("What shall become of it"), kind="radio", options=acts,
                     value=typed.get("do", ""), error=wrong.get("do", "")),
        ui.FieldView("why", _("Why it is revoked"), kind="select", options=reasons, required=False,
                     value=typed.get("why", ""), error=wrong.get("why", "")),
    ]  # fmt: skip
    note = _("Lost, stolen, or seen by others? Say so at once (Electronic Signature Law, Art. 15)."
             " Everybody is told from that moment.")  # fmt: skip
    title = _("Suspend or revoke: %(what)s") % {"what": wording.profile(row.profile)}
    return [ui.Form(fields, _("Change its state"), title, "state", note, {"serial": row.serial})]


def act_on(rows: Sequence[IssuedCertificate], who: Actor, said: ui.Answers) -> None:
    """Do what a form of `form` asks. Raises `Refused`."""
    row = next((one for one in rows if one.serial == said["serial"]), None)
    if row is None or said.act != "state":
        raise Refused("gone")
    act, reason = said.chosen("do", states.ACTS), None
    if act == "revoke":
        why = said.chosen("why", [one.value for one in states.REASONS])
        reason = states.Reason(why) if said.good else None
    if said.good:
        states.do(row, act, reason, who)


def unavailable() -> str:
    return _("The key store cannot be used now. Nothing was done; please try again later.")


def key_page(said: ui.Answers, back: str, name: str) -> ui.Page:
    """The passphrase, and the button that hands the key over under it."""
    shown = said["passphrase"] or key_escrow.passphrase()
    field = said.field(
        "passphrase",
        _("Passphrase"),
        value=shown,
        hint=_("Write it down on paper. It is shown here and kept nowhere."),
        maxlength=29,
    )
    return ui.Page(
        _("Fetch the encryption key"),
        _("The key comes as a file that only this passphrase opens. It is handed over once; after"
          " that two custodians have to approve its recovery."),
        forms=[ui.Form([field], _("I have written it down: give me the key"))],
        trail=ui.Trail([ui.Link(back, _("Back"))]),
        name=name,
    )  # fmt: skip


def key_file(made: bytes, number: str) -> HttpResponse:
    whole = pem.armor("ENCRYPTED PRIVATE KEY", made)
    answer = HttpResponse(whole, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="{number}-encryption-key.pem"'
    answer["Cache-Control"] = "no-store"
    return answer
