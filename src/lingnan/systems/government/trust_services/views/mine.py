"""A holder's own certificates: what was asked for, what holds, what to do about it."""

from asn1crypto import pem
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import (
    SIGNED_IN,
    Actor,
    IssuedCertificate,
    KeyStoreUnavailable,
    actor,
    allow,
    key_authorities,
    key_certificates,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts import applying, handing, states
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication
from lingnan.systems.government.trust_services.views import acting, wording
from lingnan.systems.government.trust_services.views.asking import kinds_for

SHOWN = 50


@allow(SIGNED_IN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Applications of the signed-in person, newest first, and the ways to make one."""
    who = actor(request)
    found = CertificateApplication.objects.filter(applicant=who.account).order_by("-key")[:SHOWN]
    links = [
        ui.Link(reverse("certification-apply", args=[kind]), words)
        for kind, words in kinds_for(who).items()
    ]
    page = ui.Page(
        _("My key certificates"),
        _("What you sign and encrypt with. The key that signs stays with you: nobody here has it."),
        links=[*links, ui.Link(reverse("certification"), _("The certification authority"))],
        tables=[ui.Part(_applications(list(found)))],
    )
    return ui.shown(request, page)


def _applications(found: list[CertificateApplication]) -> ui.Table:
    rows = {row.serial: row for row in _rows([one.serial for one in found if one.serial])}
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(reverse("certification-mine-one", args=[one.number]), one.name),
                            one.number),
            "kind": str(one.get_kind_display()),
            "state": wording.application_chip(one),
            "stands": wording.state_chip(rows[one.serial]) if one.serial in rows else "—",
        }
        for one in found
    ]  # fmt: skip
    columns = [
        ui.Column("name", _("Holder named")),
        ui.Column("kind", _("Kind of holder")),
        ui.Column("state", _("Application")),
        ui.Column("stands", _("Certificate now")),
    ]
    caption = _("My key certificates")
    return wording.table(columns, lines, caption, _("You have asked for no certificate yet"))


def _rows(serials: list[str]) -> list[IssuedCertificate]:
    return list(key_certificates.rows().filter(serial__in=serials))


def _own(number: str, who: Actor) -> CertificateApplication:
    rows = CertificateApplication.objects.filter(number=number, applicant=who.account)
    found = rows.first()
    if found is None:
        raise Http404
    return found


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One application and its certificates: fetch, report a loss, renew, withdraw."""
    who = actor(request)
    refuse_noughts_posted(request)
    found, said = _own(number, who), ui.Answers(request)
    rows = _rows([serial for serial in (found.serial, found.encryption_serial) if serial])
    rows.sort(key=lambda row: row.profile == "encryption")
    if said.posted and _done(found, rows, who, said):
        messages.success(request, _("It is on record."))
        return redirect("certification-mine-one", number=number)
    page = ui.Page(
        _("Application for a certificate"),
        top=[
            *_refused(said),
            *_ends_soon(found, rows),
            *[acting.certificate_panel(row) for row in rows],
            _panel(found),
        ],
        links=[*_downloads(found), *_ways(found, rows)],
        forms=_forms(found, rows, who, said),
        trail=ui.Trail([ui.Link(reverse("certification-mine"), _("My key certificates"))]),
        name=found.name,
        code=found.number,
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _done(
    found: CertificateApplication, rows: list[IssuedCertificate], who: Actor, said: ui.Answers
) -> bool:
    try:
        if said.act == "withdraw":
            applying.withdraw(found, who)
        else:
            acting.act_on(rows, who, said)
    except Refused as refused:
        said.wrong["act"] = wording.refusal(refused.code)
    except Conflict:
        said.wrong["act"] = wording.refusal("done")
    return said.good


def _refused(said: ui.Answers) -> list[ui.Notice]:
    return [ui.Notice("late", words) for field, words in said.wrong.items() if field == "act"]


def _ends_soon(found: CertificateApplication, rows: list[IssuedCertificate]) -> list[ui.Notice]:
    soon = [row for row in rows if row.serial == found.serial and acting.renewable(row)]
    if not soon:
        return []
    text = _("Make a new key and renew it: the old certificate holds until it ends.")
    words = _("Your certificate ends on %(day)s") % {"day": wording.day(soon[0].not_after)}
    return [ui.Notice("warn", words, text)]


def _panel(found: CertificateApplication) -> ui.Panel:
    items = [
        ui.Item(_("State"), wording.application_chip(found), found.refusal),
        ui.Item(_("Kind of holder"), str(found.get_kind_display())),
        ui.Item(_("Organisation"), found.organisation or "—", found.organisation_code),
        ui.Item(_("Algorithm"), str(found.get_algorithm_display())),
        ui.Item(_("Filed on"), ui.legal_date(found.filed_on)),
        ui.Item(_("Identity checked by"), found.checked_name or "—"),
        ui.Item(pgettext("certificate", "Issued by"), found.issued_name or "—"),
    ]
    if found.hosts:
        items.insert(3, ui.Item(_("Host names"), ui.listed(found.host_names)))
    return ui.Panel(_("Application"), items)


def _downloads(found: CertificateApplication) -> list[ui.Link]:
    if found.state != "issued":
        return []
    links = [ui.Link(reverse("certification-file", args=[found.number, "signing"]),
                     _("Certificate with its path (PEM)"))]  # fmt: skip
    if found.encryption_serial:
        links.append(
            ui.Link(
                reverse("certification-file", args=[found.number, "encryption"]),
                _("Encryption certificate (PEM)"),
            )
        )
        if found.handed_at is None:
            way = reverse("certification-key", args=[found.number])
            links.append(ui.Link(way, _("Fetch the encryption key, once")))
    return links


def _ways(found: CertificateApplication, rows: list[IssuedCertificate]) -> list[ui.Link]:
    if not any(row.serial == found.serial and row.state == "good" for row in rows):
        return []
    way = reverse("certification-apply", args=[found.kind]) + f"?renews={found.number}"
    return [ui.Link(way, _("Renew it with a new key"))]


def _forms(
    found: CertificateApplication, rows: list[IssuedCertificate], who: Actor, said: ui.Answers
) -> list[ui.Form]:
    if found.state in found.OPEN:
        return [ui.Form([], _("Withdraw the application"), act="withdraw")]
    return [form for row in rows for form in acting.form(row, states.may(row, who), said)]


@allow(SIGNED_IN)
@require_safe
def certificate_file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A certificate and those above it, as PEM."""
    found = _own(number, actor(request))
    serial = {"signing": found.serial, "encryption": found.encryption_serial}.get(kind, "")
    rows = _rows([serial]) if serial else []
    if not rows:
        raise Http404
    above = key_authorities.chain(rows[0].authority)
    whole = rows[0].pem + "".join(pem.armor("CERTIFICATE", c.dump()).decode() for c in above)
    answer = HttpResponse(whole, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}-{kind}.pem"'
    return answer


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, number: str) -> HttpResponse:
    """The encryption key, handed over once under a passphrase that this page alone shows."""
    who = actor(request)
    found = _own(number, who)
    said = ui.Answers(request)
    if said.posted:
        try:
            made = handing.hand_over(found, who, said["passphrase"])
            return acting.key_file(made, found.number)
        except Refused as refused:
            said.wrong["passphrase"] = wording.refusal(refused.code)
        except (ValueError, Conflict):
            said.wrong["passphrase"] = _("Please use the passphrase that this page shows.")
        except KeyStoreUnavailable:
            said.wrong["passphrase"] = acting.unavailable()
    elif found.handed_at is not None or not found.encryption_serial:
        raise Http404
    page = acting.key_page(said, reverse("certification-mine-one", args=[number]), found.name)
    return ui.shown(request, page, 422 if said.wrong else 200)
