"""What everybody sees of the authorities: fingerprints, lists, how to trust the root."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    PUBLIC,
    IssuedCertificate,
    allow,
    key_authorities,
    key_certificates,
    key_links,
    key_publishing,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.views import wording


@allow(PUBLIC)
@require_safe
def authorities(request: HttpRequest) -> HttpResponse:
    """Every authority there is, with its fingerprint, its list, and how long that holds."""
    labels = key_authorities.labels()
    roots = [one for one in labels if key_authorities.is_root(one)]
    gone = key_certificates.revoked_authorities()
    notices = []
    if legal_time.is_demonstration():
        text = _("Its certificates name invented people and bodies. Install it on no machine that"
                 " you use for anything else.")  # fmt: skip
        notices.append(ui.Notice("warn", _("This is the root of a demonstration"), text))
    page = ui.Page(
        _("The certification authority"),
        _("Who certifies seals, officials, firms and systems here, and how you find out whether"
          " a certificate still holds."),
        top=[*notices, *[_root(label) for label in roots], *_links()],
        links=[
            ui.Link(reverse("certification-mine"), _("My key certificates")),
            ui.Link(reverse("verify-signature"), _("Verify a signature")),
        ],
        tables=[ui.Part(_table([one for one in labels if one not in roots], gone),
                        _("Issuing authorities"))],
        after=[_install(), _qualification()],
    )  # fmt: skip
    return ui.shown(request, page)


def _root(label: str) -> ui.Panel:
    own = key_authorities.issuer(label).certificate
    base = "/trust/authorities/"
    items = [
        ui.Item(_("Name in the certificate"), str(own.subject.native["common_name"])),
        ui.Item(_("Fingerprint (SHA-256)"), key_authorities.fingerprint(own)),
        ui.Item(_("Valid until"), wording.day(own.not_valid_after)),
        ui.Item(_("Files"), ui.Cell((
            ui.Link(f"{base}{label}.cer", _("Certificate file"), label),
            ui.Link(f"{base}{label}.crl", _("List of revocations"), label),
        ))),
    ]  # fmt: skip
    sm2 = label.startswith(key_authorities.SM2)
    title = _("Root of the SM2 authorities") if sm2 else _("Root")
    former = key_authorities.newest(key_authorities.family(label)) != label
    note = _("The former root: what it certified holds until it ends.") if former else ""
    return ui.Panel(title, items, note)


def _links() -> list[ui.Panel]:
    """Each root as the other certifies it, for who trusts one of them alone."""
    items = []
    for name in key_links.names():
        own = key_links.certificate(name)
        text = str(own.subject.native["common_name"])
        link = ui.Link(f"/trust/authorities/links/{name}.cer", name)
        said = f"{text} · {key_authorities.fingerprint(own)}"
        items.append(ui.Item(_("Link certificate"), ui.Cell(link, said)))
    if items:
        words = "./lingnan verify FILE --root ONE.cer --link OTHER.cer --link LINK.cer"
        items.append(ui.Item(_("Verify with the root that you have"), words))
    note = _("Whoever trusts one root may trust the other, which it has certified.")
    return [ui.Panel(_("Roots certified by each other"), items, note)] if items else []


def _table(labels: list[str], gone: Mapping[str, IssuedCertificate]) -> ui.Table:
    columns = [
        ui.Column("name", _("Authority")),
        ui.Column("state", _("State")),
        ui.Column("until", _("Valid until")),
        ui.Column("list", _("List of revocations")),
        ui.Column("next", _("Next list by")),
        ui.Column("files", _("Files")),
    ]
    caption = _("Issuing authorities")
    return wording.table(
        columns, [_line(one, gone.get(one)) for one in labels], caption, _("None yet")
    )


def _stands(row: IssuedCertificate | None) -> ui.Cell:
    if row is None:
        return ui.Cell(ui.Chip("ok", wording.state_word("good")))
    why = wording.revoked_because(row.because)
    return ui.Cell(ui.Chip("late", wording.state_word("revoked")),
                   f"{wording.moment(row.state_at)} · {why}")  # fmt: skip


def _line(label: str, gone: IssuedCertificate | None) -> dict[str, ui.CellLike]:
    own = key_authorities.issuer(label).certificate
    told = key_publishing.listed(label)
    base = "/trust/authorities/"
    entries = _("%(count)s entries") % {"count": f"{told.count:,}"}
    return {
        "name": ui.Cell(str(own.subject.native["common_name"]), key_authorities.fingerprint(own)),
        "state": _stands(gone),
        "until": wording.day(own.not_valid_after),
        "list": ui.Cell(entries, _("made %(at)s") % {"at": wording.moment(told.made)}),
        "next": wording.moment(told.until),
        "files": ui.Cell((
            ui.Link(f"{base}{label}.cer", _("Certificate file"), label),
            ui.Link(f"{base}{label}.crl", _("List of revocations"), label),
        )),
    }  # fmt: skip


def _install() -> ui.Panel:
    root = f"{settings.PUBLIC_ADDRESS}/trust/authorities/root.cer"
    items = [
        ui.Item(_("Fetch it"), f"curl -O {root}"),
        ui.Item(_("Compare its fingerprint"),
                "openssl x509 -inform DER -in root.cer -noout -fingerprint -sha256"),
        ui.Item(_("Trust it (Debian)"),
                "openssl x509 -inform DER -in root.cer -out /usr/local/share/ca-certificates/"
                "lingnan.crt && update-ca-certificates"),
        ui.Item(_("Ask for the status of a certificate"),
                "openssl ocsp -issuer authority.pem -cert one.pem -url "
                f"{settings.PUBLIC_ADDRESS}/trust/ocsp/issuing-44"),
    ]  # fmt: skip
    note = _("Compare the fingerprint with one that you have on paper, such as the minutes of the"
             " ceremony. Lists are made when they are asked for and hold for a day.")  # fmt: skip
    return ui.Panel(_("How to trust the root"), items, note)


def _qualification() -> ui.Notice:
    text = _("Certification for government affairs needs the qualification of Art. 24 of the"
             " Regulation on Commercial Cryptography (2023). This authority has none: what it"
             " certifies holds within this platform.")  # fmt: skip
    return ui.Notice("info", _("No qualification"), text)
