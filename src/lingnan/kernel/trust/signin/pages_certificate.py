"""Signing in with a certificate: the text, its signature, and what a proxy of ours has seen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.trust.access import PUBLIC, allow, refuse_noughts_posted
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.signin import certificates, entering, pieces
from lingnan.kernel.trust.signin.certificates import NotThisCertificate
from lingnan.kernel.trust.signin.entering import Refused
from lingnan.kernel.trust.signin.pages_in import answer, nobody_yet
from lingnan.kernel.trust.signin.wording import certificate_refused
from lingnan.kernel.ui import api as ui

COMMAND = (
    "openssl cms -sign -in signin.txt -signer certificate.pem -inkey key.pem "
    "-outform DER -out signin.p7s"
)


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest) -> HttpResponse:
    """Sign in by signing a text with the key of a certificate, or by the connection's own."""
    if request.method != "POST":
        return _certificate_page(request)
    refuse_noughts_posted(request)
    act = request.POST.get("act", "")
    if act == "begin":
        certificates.challenge(request)
        return redirect(f"/signin/certificate/?{_carried(request)}")
    name = nobody_yet(request, "certificate")
    try:
        entering.count(request, name)
        account = _by_connection(request) if act == "connection" else _by_signature(request)
        return entering.enter(request, account, "certificate", entering.wanted(request), name)
    except NotThisCertificate as problem:
        login = problem.account.login if problem.account else "certificate"
        entering.failed(login, f"certificate: {problem.why}", problem.account)
        return _certificate_page(request, Refused(certificate_refused(problem.why), 422))
    except Refused as refused:
        return _certificate_page(request, refused)


def _by_connection(request: HttpRequest) -> Account:
    account = certificates.of_connection(request)
    if account is None:
        raise NotThisCertificate("unknown")
    return account


def _by_signature(request: HttpRequest) -> Account:
    sent = request.FILES.get("signature")
    return certificates.whose(request, sent.read(certificates.MOST) if sent else b"")


@allow(PUBLIC)
@require_safe
def certificate_text(request: HttpRequest) -> HttpResponse:
    """The text to be signed, as a file."""
    text = certificates.asked(request)
    if text is None:
        return redirect("/signin/certificate/")
    name = {"Content-Disposition": 'attachment; filename="signin.txt"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/plain; charset=us-ascii", headers=name)


def _carried(request: HttpRequest) -> str:
    told = {"next": entering.wanted(request)}
    return urlencode(told | ({"again": "1"} if entering.asked_again(request) else {}))


def _certificate_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    hidden = {"next": entering.wanted(request)}
    if entering.asked_again(request):
        hidden["again"] = "1"
    forms = [_sign_form(request, hidden, refused)]
    if _connected(request):
        words = _("Your connection bears a certificate.")
        forms.insert(0, ui.Form([], _("Sign in with it"), words, "connection", hidden=hidden))
    notices: list[Any] = [ui.Notice("late", refused.words)] if refused else []
    lead = _("For officials and firms with a digital certificate of this province.")
    shown: list[Any] = []
    if certificates.asked(request):
        text = ui.Link("/signin/certificate/signin.txt", _("The text to be signed"))
        notices.append(
            ui.Notice("info", _("Take the text, sign it, send the signature"), link=text)
        )
        shown.append(pieces.Command(COMMAND))
    title = _("Sign in with a certificate")
    page = ui.Page(title, lead, top=notices, forms=forms, after=shown)
    return answer(request, page, refused)


def _connected(request: HttpRequest) -> bool:
    try:
        return certificates.of_connection(request) is not None
    except NotThisCertificate:
        return False


def _sign_form(request: HttpRequest, hidden: dict[str, str], refused: Refused | None) -> ui.Form:
    if certificates.asked(request) is None:
        note = _("You get a short text, sign it with your key, and send the signature back.")
        return ui.Form([], _("Get the text"), act="begin", note=note, hidden=hidden)
    hint = _("A detached signature (CMS), for example by the command below.")
    file = ui.FieldView("signature", _("Signature"), kind="file", hint=hint)
    note = _("The text serves once, for ten minutes.")
    return ui.Form([file], _("Sign in"), _("Sign the text"), "sign", note, hidden, files=True)
