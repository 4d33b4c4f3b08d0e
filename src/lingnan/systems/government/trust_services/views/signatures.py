"""Anybody verifies a signature that a resident, firm or official made over a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import PUBLIC, allow, key_authorities, node_signatures
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.models import CertificateApplication
from lingnan.systems.government.trust_services.views import wording

MEGABYTES = 8


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The file and its signature (CMS, detached); what is verified is kept nowhere."""
    wrong: dict[str, str] = {}
    top: list[Any] = []
    if request.method == "POST":
        content, signature = (_sent(request, name, wrong) for name in ("file", "signature"))
        if not wrong:
            top = _told(node_signatures.verify(content, signature))
    fields = [
        ui.FieldView("file", _("The file that was signed"), kind="file", max_megabytes=MEGABYTES,
                     error=wrong.get("file", "")),
        ui.FieldView("signature", _("Its signature (CMS)"), kind="file",
                     hint=_("A file of its own (.p7s), in DER or PEM, at most 64 KB."),
                     error=wrong.get("signature", "")),
    ]  # fmt: skip
    page = ui.Page(
        _("Verify a signature"),
        _("Whether a certificate of this province signed a file, whose it is, and whether it still"
          " holds. Sealed documents are verified elsewhere. Neither file is kept."),
        top=top,
        forms=[ui.Form(fields, _("Verify"), files=True)],
        links=[ui.Link(reverse("verify"), _("Verify a sealed document")),
               ui.Link(reverse("certification"), _("The certification authority"))],
        after=[_how()],
    )  # fmt: skip
    return ui.shown(request, page, 422 if wrong else 200)


def _sent(request: HttpRequest, name: str, wrong: dict[str, str]) -> bytes:
    sent: Any = request.FILES.get(name)
    if sent is None:
        wrong[name] = _("Please choose the file.")
        return b""
    if (sent.size or 0) > MEGABYTES * 1024 * 1024:
        wrong[name] = _("This file is larger than %(size)s MB.") % {"size": MEGABYTES}
        return b""
    return bytes(sent.read())


def _told(found: node_signatures.Signed) -> list[Any]:
    good = found.state == "good"
    title = _("The signature holds") if good else _("Do not rely on this signature")
    notice = ui.Notice("ok" if good else "late", title, _why(found.state))
    row = found.row
    if row is None or found.state in ("changed", "broken"):
        return [notice]
    made = CertificateApplication.objects.filter(serial=row.serial, state="issued").first()
    own = key_authorities.issuer(row.authority).certificate
    items = [
        ui.Item(
            pgettext("signature", "Signed by"),
            row.name,
            str(made.get_kind_display()) if made else "",
        ),
        ui.Item(
            pgettext("signature", "Certificate"),
            wording.spaced(row.serial),
            wording.profile(row.profile),
        ),
        ui.Item(pgettext("signature", "Issued by"), str(own.subject.native["common_name"])),
        ui.Item(_("Algorithm"), _algorithm(found)),
        ui.Item(_("Stands now"), wording.state_chip(row), wording.revoked_because(row.because)),
        ui.Item(_("Valid until"), wording.moment(row.not_after)),
        ui.Item(_("When it was signed, by the signer's own word"), wording.moment(found.said_at)),
    ]
    note = _("Nobody has proven the time: a signature is judged by how its certificate stands now.")
    return [notice, ui.Panel(pgettext("signature", "Signature"), items, note)]


def _algorithm(found: node_signatures.Signed) -> ui.Cell:
    if not found.sm2:
        return ui.Cell("ECDSA P-256")
    return ui.Cell(
        (_("SM2 with SM3"), ui.Chip("info", _("commercial cryptography (SM)"))),
        _("GM/T 0009, GM/T 0010 (their texts were not at hand: unverified)"),
    )


def _why(state: str) -> str:
    return {
        "good": _("The file is as it was signed, and the certificate is in force."),
        "unreadable": _("The second file is no signature (CMS) in DER or PEM by one signer."),
        "unknown": _("It was not made with a certificate of this province."),
        "changed": _("The file was changed after it was signed, or the signature is of another"
                     " file."),
        "broken": _("The signature was changed after it was made, or the key of the certificate"
                    " that it names did not make it."),
        "authority": _("The authority that issued the certificate was revoked."),
        "suspended": _("The certificate is suspended for the time being."),
        "revoked": _("The certificate was revoked."),
        "early": _("The certificate is not valid yet, by this node's clock."),
        "expired": _("The certificate has ended, and nobody has proven that the file was signed"
                     " before."),
        "purpose": _("The certificate is not for signing documents."),
    }.get(state, _("The certificate cannot be trusted."))  # fmt: skip


def _how() -> ui.Panel:
    sign = (
        "openssl cms -sign -binary -in FILE -signer cert.pem -inkey key.pem"
        " -outform DER -out FILE.p7s"
    )
    items = [
        ui.Item(_("Sign a file"), sign),
        ui.Item(_("With SM2"), _("A program that signs with SM2 and SM3 (GM/T 0010), detached.")),
    ]
    note = _("With the certificate from “My key certificates” and your own key, on P-256 or SM2."
             " OpenSSL writes no such file with SM2; both kinds are verified here.")  # fmt: skip
    return ui.Panel(_("How to sign a file"), items, note)
