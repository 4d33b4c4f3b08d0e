"""Verifying a certificate: by its code, or by the file that somebody holds."""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from lingnan.kernel.content import files
from lingnan.kernel.matters import powers
from lingnan.kernel.matters.models import Certificate
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import (
    Check,
    Shown,
    acting,
    node_bundles,
    node_ofd,
    node_seals,
    node_signatures,
    sealed_documents,
)
from lingnan.kernel.ui import api as ui

ARCHIVE = b"PK"
"""How a bundle and an OFD document begin, and no PDF document does."""

OFD_FAILS = {
    "ofd_archive": "foreign",
    "ofd_parts": "foreign",
    "issuer": "foreign",
    "not_revoked": "revoked",
    "clock": "ahead",
}
"""What another program packed may be anybody's; any other fault is a change."""


@dataclass(frozen=True)
class Verdict:
    """What is known of a certificate.

    `state` is genuine (the file itself was checked), issued (only its code was given: the paper
    in hand must be compared), elsewhere (sealed here, but no certificate of a matter), kept
    (the same, and who keeps it says what it is), revoked
    (its seal), ahead (of this node's clock), altered, foreign, unknown, or signature (a signature
    over a file of its own, which is not judged without that file).
    """

    state: str
    certificate: Certificate | None = None
    signer: str = ""
    checks: tuple[Check, ...] = ()
    """What was checked of a file that somebody holds."""
    entries: tuple[Shown, ...] = ()
    """What an evidence bundle shows."""
    power: acting.showing.Verified | None = None
    """What was found of a power to act for another."""
    kept: Title | None = None
    """What a document is that is kept elsewhere than with the matters."""

    def notice(self) -> ui.Notice:
        if self.power is not None:
            return powers.notice(self.power)
        words = {
            "genuine": (
                _("This certificate is genuine"),
                _("It was issued as shown below; the seal is intact and nothing was changed."),
            ),
            "issued": (
                _("A certificate with this code was issued"),
                _(
                    "Compare every line with the paper in your hand. To find out whether a file "
                    "was changed, verify the file itself."
                ),
            ),
            "altered": (
                _("This file was changed after it was sealed"),
                _("Do not rely on it. Ask the holder for the file as it was issued."),
            ),
            "elsewhere": (
                _("This file bears a genuine seal, but is no certificate of a matter"),
                _(
                    "A body of this province sealed it and nothing was changed. Whether it still "
                    "holds, a licence's or credit report's own page of verification says."
                ),
            ),
            "no_evidence": (
                _("This evidence bundle is not genuine"),
                _("Do not rely on it. See below which check does not hold."),
            ),
            "foreign": (
                _("This file does not bear a seal of this province"),
                _("It was not issued here, or it is not the file that was issued."),
            ),
            "unknown": (
                _("There is no certificate with this code"),
                _("Please check the code: it has 12 letters and digits."),
            ),
        }
        if self.state == "evidence":
            return ui.Notice(
                "ok",
                _("This evidence bundle is genuine"),
                _("Each entry stands in the log as it is shown, and nothing was changed."),
            )
        if self.state == "signature":
            return _other_page()
        if self.kept is not None:
            return _kept(self.kept, self.signer)
        notice = ui.verdict(self.state, *words.get(self.state, ("",)))
        if self.state != "issued":
            return notice
        return replace(notice, link=ui.Link("/verify/", _("Verify a file")))


def _other_page() -> ui.Notice:
    address = node_signatures.page()
    text = _("It is verified together with the file that was signed: choose both there.")
    if not address:
        text = _("This node verifies none. Ask the node whose certificate made it.")
    link = ui.Link(address, _("Verify a signature")) if address else None
    return ui.Notice("info", _("This is a signature, not a sealed document"), text, link=link)


def _kept(title: Title, signer: str) -> ui.Notice:
    words = {"what": str(title), "body": signer}
    text = _("It is: %(what)s. %(body)s sealed it, and nothing was changed since.") % words
    return ui.Notice("ok", _("This document is genuine"), text)


def tidy(code: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", code.upper())[:20]


def of_code(code: str) -> Verdict:
    """The certificate of a code, its stored file checked anew."""
    certificate = Certificate.objects.filter(code=tidy(code)).first()
    if certificate is None:
        return Verdict("unknown")
    try:
        stored = files.read(certificate.sha256)
        report = node_seals.verify(sealed_documents.newest(stored))
    except OSError:
        return Verdict("altered", certificate)
    # Of a file of our own it is no news that it bears no seal of ours any more: it was changed.
    state = {"genuine": "issued", "foreign": "altered"}.get(report.state, report.state)
    return Verdict(state, certificate, report.signer_name or "")


def of_file(content: bytes) -> Verdict:
    """A file that somebody holds: known by its hash, and its seal intact."""
    if node_ofd.is_ofd(content):
        return _of_ofd(content)
    if content[:2] == ARCHIVE:
        return _of_bundle(content)
    if acting.is_text(content):
        found = acting.showing.verify(content)
        return Verdict("power", checks=found.found.checks, power=found)
    if node_signatures.is_signature(content):
        return Verdict("signature")
    mark = sealed_documents.as_sealed(content)
    certificate = Certificate.objects.filter(sha256=mark).first()
    report = node_seals.verify(content)
    signer = report.signer_name or ""
    if certificate is None and report.state == "genuine":
        kept = sealed_documents.described(mark)
        state = "elsewhere" if kept is None else "kept"
        return Verdict(state, None, signer, report.checks, kept=kept)
    shown = certificate if report.state in ("genuine", "revoked") else None
    return Verdict(report.state, shown, signer, report.checks)


def _of_bundle(content: bytes) -> Verdict:
    found = node_bundles.verify(content)
    state = "evidence" if found.genuine else "no_evidence"
    return Verdict(state, checks=found.checks, entries=found.entries if found.genuine else ())


def _of_ofd(content: bytes) -> Verdict:
    """An OFD document is made when it is asked for: it is known by the code that its seal covers,
    and is of the body that issued the certificate."""
    found = node_ofd.verify(content)
    if not found.genuine:
        return Verdict(OFD_FAILS.get(found.fails, "altered"), checks=found.checks)
    certificate = Certificate.objects.filter(code=found.mark).first()
    if certificate is None or certificate.body_zh != found.signer:
        return Verdict("altered", None, found.signer, found.checks)
    return Verdict("genuine", certificate, found.signer, found.checks)
