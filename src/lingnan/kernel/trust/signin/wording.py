"""Ways of signing in, refusals and entries of the evidence in words."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

METHODS = {
    "password": lazy("Password"),
    "demonstration": lazy("As an invented person"),
    "totp": lazy("Password and authenticator"),
    "recovery_code": lazy("Recovery code"),
    "passkey": lazy("Passkey"),
    "certificate": pgettext_lazy("signin", "Certificate"),
    "counter": lazy("New password after a counter"),
    "assisted": lazy("Helped at a counter"),
}
KINDS = {
    "trust.signin": lazy("Signed in"),
    "trust.signin_failed": lazy("Failed to sign in"),
    "trust.step_up": lazy("Proved it again"),
    "trust.session_ended": lazy("Session ended"),
    "trust.credential_added": lazy("Credential added"),
    "trust.credential_removed": lazy("Credential removed"),
    "trust.password_changed": lazy("Password changed"),
    "trust.counter_opened": lazy("An official opened a way at a counter"),
    "trust.counter_redeemed": lazy("The code of a counter was opened"),
    "trust.counter_refused": lazy("The code of a counter was refused"),
    "trust.recovery_chosen": lazy("A new password was chosen after a counter"),
    "trust.recovery_stopped": lazy("Recovery stopped"),
    "trust.recovered": lazy("Account recovered"),
    "power.offered": lazy("Power to act for another given"),
    "power.accepted": lazy("Power to act for another accepted"),
    "power.taken_up": lazy("Began to act for another"),
    "power.closed": lazy("Power to act for another ended"),
    "power.shown": lazy("Text of a power shown to a body"),
    "trust.account_enrolled": lazy("Account opened at a counter"),
}
DOCUMENTS = {
    "identity_card": lazy("Resident identity card"),
    "temporary_card": lazy("Temporary identity card"),
    "passport": lazy("Passport"),
    "permit": lazy("Travel or residence permit"),
}


def method(code: str) -> str:
    return str(METHODS.get(code, code))


def kind(code: str) -> str:
    return str(KINDS.get(code, code))


def told(payload: Mapping[str, Any]) -> str:
    """What an entry says beside its kind: the way, the browser, who acted."""
    parts = [method(payload["method"])] if payload.get("method") else []
    parts += [str(payload[name]) for name in ("name", "browser", "network") if payload.get(name)]
    for name in ("by", "assisted_by"):
        if payload.get(name):
            parts.append(_("by %(who)s") % {"who": payload[name]})
    return " · ".join(parts)


def certificate_refused(why: str) -> str:
    """Why a certificate does not open the door."""
    words = {
        "challenge": _("The text to be signed has been used or is too old. Please get a new one."),
        "unreadable": _("This file is no signature (CMS) in DER or PEM by one signer."),
        "signature": _("This signature is not of this text, or not by the key of the certificate."),
        "unknown": _("No authority of this province has issued this certificate."),
        "profile": _("This certificate is not for signing in: it serves another purpose."),
        "purpose": _("This certificate is not for signing in: it serves another purpose."),
        "revoked": _("This certificate was revoked. Please ask for a new one."),
        "suspended": _("This certificate is suspended."),
        "authority": _(
            "The authority that issued this certificate was revoked. Please ask for a new one."
        ),
        "expired": _("This certificate has expired. Please ask for a new one."),
        "early": _(
            "This certificate is not valid yet: this node's clock says %(now)s (UTC). If that is "
            "wrong, please tell the operator of this node."
        )
        % {"now": f"{timezone.now():%Y-%m-%d %H:%M:%S}"},
        "holder": _("This certificate belongs to no account that can sign in here."),
    }
    return words.get(why, _("This certificate cannot be trusted."))


def device_clock() -> str:
    """What to look at where an authenticator shows other codes than this node awaits."""
    said = _("Is the clock of your device right? Half a minute is borne; here it is %(now)s.")
    return said % {"now": f"{timezone.localtime():%H:%M:%S}"}


def ticket_refused(why: str) -> str:
    """Why a counter's code does not open here."""
    words = {
        "own": _("This code is not for the official's own browser. Its owner opens it elsewhere."),
        "signed-in": _("Somebody is signed in here. Please sign out, or use your own device."),
        "elsewhere": _("This code serves at the counter where it was given."),
    }
    return words.get(why, _("This code is not known, was used, or is older than half an hour."))
