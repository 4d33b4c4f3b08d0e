"""The forms by which a certificate is asked for."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import (
    RESIDENT,
    SIGNED_IN,
    Actor,
    Body,
    actor,
    allow,
    at_level,
    key_requests,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services import owned
from lingnan.systems.government.trust_services.acts import applying
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication
from lingnan.systems.government.trust_services.views import wording

RESIDENTS = at_level(RESIDENT, 2)
DAYS = {"resident": 1095, "official": 1095, "firm": 1095, "system": 397, "node": 397}


def kinds_for(who: Actor) -> dict[str, str]:
    """What somebody may ask for: kind → words of the way there."""
    if who.kind == "resident":
        return {
            "resident": _("Apply for your own certificate"),
            "firm": _("Apply for a certificate of your firm"),
        }
    ways = {"official": _("Apply for your own certificate")}
    if who.role == "data_officer":
        ways["system"] = _("Apply for a system of your body")
    if who.role == "operator":
        ways["node"] = _("Apply for a node")
    return ways


@allow(RESIDENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def apply_oneself(request: HttpRequest) -> HttpResponse:
    """A resident asks for a certificate of the own: known by more than a password."""
    return _apply(request, "resident")


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a certificate, or for the renewal of one's own (`?renews=`)."""
    if kind == "resident":  # its own address asks for more
        raise Http404
    return _apply(request, kind)


def _apply(request: HttpRequest, kind: str) -> HttpResponse:
    who = actor(request)
    if kind not in kinds_for(who):
        raise Http404
    refuse_noughts_posted(request)
    before = _renewed(request, who, kind)
    firms = owned.firms_of(who) if kind == "firm" else {}
    said = ui.Answers(request)
    if said.posted:
        made = _filed(request, kind, who, said, before, firms or {})
        if made is not None:
            return redirect("certification-mine-one", number=made.number)
    fields = _fields(kind, said, before, firms or {})
    page = ui.Page(
        _("Renew a certificate") if before else kinds_for(who)[kind],
        _("Make the key yourself and send its request alone. One officer checks, another issues."),
        top=_notices(said, firms),
        forms=[ui.Form(fields, _("Send the application"), files=True)],
        after=[_how()],
        trail=ui.Trail([ui.Link(reverse("certification-mine"), _("My key certificates"))]),
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _renewed(request: HttpRequest, who: Actor, kind: str) -> CertificateApplication | None:
    number = request.GET.get("renews", "")
    if not number:
        return None
    rows = CertificateApplication.objects.filter(
        applicant=who.account, kind=kind, state="issued", number=number[:40]
    )
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _notices(said: ui.Answers, firms: dict[str, str] | None) -> list[ui.Notice]:
    found = [ui.Notice("late", said.wrong["act"])] if "act" in said.wrong else []
    if firms is None:
        words = _("The register of firms does not answer now. Please try again later.")
        found.append(ui.Notice("warn", words))
    return found


def _fields(
    kind: str, said: ui.Answers, before: CertificateApplication | None, firms: dict[str, str]
) -> list[ui.FieldView]:
    fields: list[ui.FieldView] = []
    if before is not None:
        fields.append(ui.FieldView("was", _("Holder named"), value=before.name, kind="readonly"))
    elif kind == "firm":
        choices = [ui.Option(code, f"{name} {code}") for code, name in firms.items()]
        fields.append(said.field("firm", _("Firm"), kind="select", options=choices))
    elif kind == "resident":
        hint = _("Its officers check who you are and issue.")
        fields.append(said.field("city", _("Office"), kind="select", options=_offices(), hint=hint))
    elif kind in ("system", "node"):
        fields.append(said.field("name", _("Name of the system"), maxlength=64))
        hint = _("One a line, such as data.gz.example.cn")
        fields.append(
            said.field("hosts", _("Host names"), hint=hint, kind="textarea", rows=3, maxlength=400)
        )
    fields.append(
        said.field(
            "request", _("Request (PKCS#10)"), kind="file", accept=("csr", "pem", "p10", "der"),
            required=kind not in ("system",),
        )
    )  # fmt: skip
    if kind == "system":
        hint = _("Send no request then: the key is made and stays here, for a system of this node.")
        fields.append(_tick(said, "kept", _("Let this node keep the key"), hint))
    if kind in ("resident", "official", "firm"):
        hint = _("The key-management centre makes and keeps its key, so that it can be recovered.")
        fields.append(_tick(said, "pair", _("With an encryption certificate"), hint))
    days = said["days"] or str(DAYS[kind])
    hint = _("At most %(days)s") % {"days": DAYS[kind]}
    fields.append(said.field("days", _("Days of validity"), value=days, kind="number", hint=hint))
    return fields


def _offices() -> list[ui.Option]:
    """The cities' data bodies, which check and issue."""
    rows = Body.objects.filter(function="data", tier="city", ended=False).order_by("division")
    return [ui.Option(one.division, str(one.title)) for one in rows]


def _tick(said: ui.Answers, name: str, label: str, hint: str) -> ui.FieldView:
    return said.field(name, label, hint=hint, kind="checkbox", required=False)


def _filed(
    request: HttpRequest, kind: str, who: Actor, said: ui.Answers,
    before: CertificateApplication | None, firms: dict[str, str],
) -> CertificateApplication | None:  # fmt: skip
    asked = _request(request, kind, said)
    days = said.whole("days", DAYS[kind])
    wish: dict[str, Any] = {"days": days, "request": asked, "encryption": said.ticked("pair")}
    try:
        wish |= _whose(kind, who, said, before, firms)
        if not said.good:
            return None
        if asked is not None:
            wish["algorithm"] = applying.algorithm_of(asked)
        return applying.file(applying.Wish(kind=kind, **wish), who)
    except Refused as refused:
        fields = {"hosts": "hosts", "days": "days", "reused": "request"}
        if "name" in request.POST:
            fields["name"] = "name"
        said.wrong[fields.get(refused.code, "act")] = wording.refusal(refused.code)
    return None


def _request(request: HttpRequest, kind: str, said: ui.Answers) -> key_requests.Request | None:
    """The request that was sent, judged; None where there is none or it is not taken."""
    sent: Any = request.FILES.get("request")
    if sent is None:
        if not (kind == "system" and said.ticked("kept")):
            said.wrong["request"] = wording.refusal("key")
        return None
    try:
        return key_requests.read(sent.read(key_requests.MOST_BYTES + 1))
    except key_requests.Unfit as unfit:
        said.wrong["request"] = wording.unfit(unfit.code)
        return None


def _whose(
    kind: str, who: Actor, said: ui.Answers, before: CertificateApplication | None,
    firms: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Whom the certificate shall name. Raises `Refused`."""
    if kind == "resident":
        offices = [one.value for one in _offices()]
        division = before.division if before else said.chosen("city", offices)
        told = applying.resident(who, owned.name_of(who) if said.good else None, division)
    elif kind == "official":
        told = applying.official(who)
    elif kind == "firm":
        code = before.organisation_code if before else said.chosen("firm", list(firms))
        if code not in firms:
            raise Refused("not_yours")
        told = applying.firm(code, firms[code])
    elif before is not None:
        told = applying.system(who, kind, before.name, before.host_names)
    else:
        name = said.text("name", 64)
        told = applying.system(who, kind, name, applying.hosts_of(said["hosts"]))
    return told | ({"renews": before.serial} if before else {})


def _how() -> ui.Panel:
    """How a request is made."""
    make = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem"
    ask = "openssl req -new -key key.pem -subj /CN=request -out request.csr"
    sm2 = "openssl genpkey -algorithm SM2 -out key.pem"
    ask_sm2 = (
        "openssl req -new -key key.pem -subj /CN=request -sm3"
        " -sigopt distid:1234567812345678 -out request.csr"
    )
    items = [
        ui.Item(_("A key on P-256"), make),
        ui.Item(_("Its request"), ask),
        ui.Item(_("A key for SM2"), sm2),
        ui.Item(_("Its request"), ask_sm2),
    ]
    note = _("Keep key.pem to yourself. The certificate names you as the registers do.")
    return ui.Panel(_("How to make a request"), items, note)
