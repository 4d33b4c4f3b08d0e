"""Words and components that the faces of the certification authority share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.trust.api import IssuedCertificate, key_certificates
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts.applying import RENEWABLE
from lingnan.systems.government.trust_services.models import CertificateApplication


@dataclass(frozen=True)
class Course:
    """Steps under a heading."""

    title: str
    steps: Sequence[ui.Step]
    template: ClassVar[str] = "trust_services/steps.html"


@dataclass(frozen=True)
class Figures:
    figures: Sequence[ui.Kpi]
    template: ClassVar[str] = "trust_services/figures.html"


@dataclass(frozen=True)
class Filter:
    """Questions whose answers stand in the address."""

    fields: Sequence[ui.FieldView]
    button: str
    template: ClassVar[str] = "trust_services/filter.html"


def refusal(code: str) -> str:
    """Why an act is not done: the codes of `acts.refusals`."""
    return {
        "reused": _("This key has a certificate already, or one was asked for. Make a new key."),
        "duplicate": _("An application for this holder is under way already."),
        "held": _("The holder has a certificate that still holds. Renew that one."),
        "name": _("The name is too long for a certificate, or has signs that cannot be printed."),
        "hosts": _("Give one to ten full host names, such as data.gz.example.cn."),
        "days": _("A certificate of this kind is not valid for so many days."),
        "key": _("Please choose the file of your request."),
        "not_yours": _("This is for another post to do."),
        "left": _("The holder is no longer at this body: no certificate may be issued."),
        "done": _("It has been done already."),
        "same": _("Two people are needed: somebody else has to do this."),
        "own": _("Nobody decides about their own certificate. A colleague has to do this."),
        "signing": _("Keys that sign are kept by their holders alone and cannot be recovered."),
        "gone": _("There is no such certificate here."),
        "handed": _("The key has been handed over. Another time needs a recovery by two people."),
        "not_issued": _("There is no key to hand over yet."),
        "state": _("This cannot follow the certificate's present state, or is not for you to do."),
        "open": _("The same is under way already."),
        "missing": _("There is no such authority."),
        "going_on": _("It was confirmed already: it is gone on with and not stopped."),
    }[code]


def unfit(code: str) -> str:
    """Why a request is not taken: the codes of `key_requests`."""
    return {
        "large": _("This file is too large for a request: at most 16 KB."),
        "unreadable": _("This is no certificate request (PKCS#10, in PEM or DER)."),
        "private": _("This file holds a private key. Keep it to yourself, make a new one since it"
                     " has been sent, and send the request only."),
        "algorithm": _("Only keys on the curves P-256 and SM2 are certified."),
        "curve": _("The key is on another curve. Only P-256 and SM2 are certified."),
        "hash": _("The request is signed with a hash that is not taken: use SHA-256, or SM3 with"
                  " SM2."),
        "point": _("The key in the request is no point of its curve."),
        "unproven": _("The request is not signed by its own key: it does not prove that you have"
                      " the key."),
        "name": _("The request names somebody with signs that cannot be printed."),
    }[code]  # fmt: skip


def profile(name: str) -> str:
    return {
        "signing": _("Signing"),
        "encryption": _("Encryption"),
        "seal": pgettext("certificate", "Seal of a body"),
        "system": _("System or node"),
        "log": _("Evidence log"),
        "log_head": _("Evidence log"),
        "witness": _("Witness of logs"),
        "consent": _("Consents of people and firms"),
        "power": _("Powers to act for others"),
        "message": _("Messages between nodes"),
        "directory": _("Directory of members"),
        "time_stamp": _("Time-stamps"),
        "status": _("Status answers"),
        "issuing": _("Issuing authority"),
        "root": _("Root"),
        "link": _("Root certified by another root"),
    }.get(name, name)


def revoked_because(reason: str) -> str:
    """The reasons of RFC 5280 §5.3.1."""
    return {
        "": "",
        "unspecified": _("no reason given"),
        "key_compromise": _("the key may be in other hands"),
        "ca_compromise": _("the authority's key may be in other hands"),
        "affiliation_changed": _("name or affiliation changed"),
        "superseded": _("replaced by another"),
        "cessation_of_operation": _("no longer used"),
        "certificate_hold": _("suspended for the time being"),
        "privilege_withdrawn": _("the right to it was withdrawn"),
    }[reason]


def state_word(state: str) -> str:
    return {
        "good": pgettext("certificate", "in force"),
        "suspended": pgettext("certificate", "suspended"),
        "revoked": pgettext("certificate", "revoked"),
    }[state]


def state_chip(row: IssuedCertificate) -> ui.Chip:
    """How a certificate stands now, its end included."""
    now = timezone.now()
    if row.state == "revoked":
        return ui.Chip("late", state_word("revoked"))
    if key_certificates.why_not(row) == "authority":
        return ui.Chip("late", pgettext("certificate", "void: its authority was revoked"))
    if row.not_after <= now:
        return ui.Chip("soft", pgettext("certificate", "ended"))
    if row.state == "suspended":
        return ui.Chip("warn", state_word("suspended"))
    if row.not_after <= now + RENEWABLE:
        return ui.Chip("warn", pgettext("certificate", "ends soon"))
    return ui.Chip("ok", state_word("good"))


def application_chip(made: CertificateApplication) -> ui.Chip:
    kinds: dict[str, ui.Kind] = {"issued": "ok", "refused": "late", "withdrawn": "soft"}
    return ui.Chip(kinds.get(made.state, "info"), str(made.get_state_display()))


def moment(at: datetime | None) -> str:
    """System time, in China's zone, as a reader writes it."""
    return ui.legal_datetime(timezone.localtime(at)) if at else "—"


def day(at: datetime) -> str:
    return ui.legal_date(timezone.localtime(at).date())


def spaced(serial: str) -> str:
    """A serial number in groups of four, so that people can compare it."""
    return " ".join(serial[at : at + 4] for at in range(0, len(serial), 4)).upper()


def table(
    columns: list[ui.Column], rows: list[dict[str, ui.CellLike]], caption: str, empty: str,
    next_url: str | None = None,
) -> ui.Table:  # fmt: skip
    return ui.Table(columns, rows, caption, ui.Empty(empty), next_url=next_url, caption_hidden=True)
