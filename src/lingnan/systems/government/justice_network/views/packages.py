"""A package: its list to be ticked, its receipt, its bytes; and single documents."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.trust.api import allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import (
    handing,
    ledger,
    packages,
    receiving,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Document, Evidence, Package
from lingnan.systems.government.justice_network.packages import BadPackage, Opened
from lingnan.systems.government.justice_network.rules import stages
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import listing, rights, wording

SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt"}


def _found(seen: Seen, number: str) -> Package:
    """A package that the reader's body sent or is sent. Raises Http404."""
    package = Package.objects.filter(case=seen.case, number=number).first()
    if package is None or package not in sights.packages(seen):
        raise Http404
    return package


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, ref: str, number: str) -> HttpResponse:
    """What is in it, verified each time it is shown; who receives it ticks the list."""
    refuse_noughts_posted(request)
    seen, hand = rights.opened(request, ref, "package", package=number)
    found = _found(seen, number)
    said, fault = ui.Answers(request), ""
    opened, problem = _verified(found)
    if said.posted:
        missing = _missing(found, said)
        verdict = said.chosen("verdict", _verdicts(opened))
        text = said.text("text", 600, required=verdict in ("reserved", "refused"))
        if said.good:
            try:
                receiving.receive(found, hand, verdict, missing, text)
                messages.success(request, _("The receipt is signed and sent."))
                return redirect(ledger.link(seen.case))
            except (NotPossible, BadPackage) as refused:
                fault = wording.refusal(refused.code)
    status = 409 if fault else 422 if said.wrong else 200
    return ui.shown(request, _page(seen, found, hand, said, (opened, problem, fault)), status)


def _verified(found: Package) -> tuple[Opened | None, str]:
    try:
        return packages.unpack(handing.export(found), handing.roots()), ""
    except BadPackage as problem:
        return None, wording.refusal(problem.code)


def _missing(found: Package, said: ui.Answers) -> list[str]:
    """What of the list was not ticked."""
    ticked = set(said.several("there"))
    return [one for one in (*found.documents, *found.items) if one not in ticked]


def _page(
    seen: Seen, found: Package, hand: Hand, said: ui.Answers,
    checked: tuple[Opened | None, str, str],
) -> ui.Page:  # fmt: skip
    opened, problem, fault = checked
    links = [ui.Link("/desk/justice/", _("Criminal cases")),
             ui.Link(ledger.link(seen.case), seen.case.number)]  # fmt: skip
    top: list[ui.Notice | ui.Panel] = []
    if fault:
        top.append(ui.Notice("late", _("This was not done"), fault))
    if opened is None:
        top.append(ui.Notice("late", _("The package is not as it was sent"), problem))
    else:
        words = _("Signature, certificate and the digest of each document were checked just now.")
        top.append(ui.Notice("ok", _("Genuine and complete"), words))
    top.append(_panel(found))
    forms = [_ticking(found, said, opened)] if receiving.may_receive(found, hand) else []
    file = ui.Link(
        f"{ledger.link(seen.case)}packages/{found.number}.zip", _("The package as a file")
    )
    received = hasattr(found, "receipt") or found.sender == seen.body
    tables = [] if forms else [_list(found)]
    return ui.Page(
        wording.act_title(found.act), top=top, trail=ui.Trail(links, found.number), forms=forms,
        tables=tables, code=found.number, links=[file] if received else [],
    )  # fmt: skip


def _panel(found: Package) -> ui.Panel:
    known = sights.bodies([found.sender, found.receiver])
    act = stages.acts()[found.act]
    basis = act.basis or _("no text at hand says it: unverified")
    items = [
        ui.Item(pgettext("package", "From"), wording.body_title(found.sender, known)),
        ui.Item(pgettext("package", "To"), wording.body_title(found.receiver, known)),
        ui.Item(pgettext("package", "Sent"), ui.legal_datetime(found.sent_at)),
        ui.Item(_("Standing"), listing.package_chip(found)),
        ui.Item(_("Legal basis"), basis),
        ui.Item(_("Digest (SHA-256)"), found.sha256[:32].upper()),
    ]
    last = found.case.events.filter(kind=f"sent_{found.act}", told__package=found.number).first()
    if last is not None and last.text:
        label = _("Outline of what is to be investigated")
        items.append(
            ui.Item(
                label if found.act == "return_file" else _("Words to it"), wording.quoted(last.text)
            )
        )
    receipt = getattr(found, "receipt", None)
    if receipt is not None:
        items.append(
            ui.Item(_("Receipt"), ui.legal_datetime(receipt.at), wording.quoted(receipt.text))
        )
    return ui.Panel(_("Package"), items)


def _names(found: Package) -> list[tuple[str, str, str, str]]:
    """Number, name, kind and digest of each item of the list."""
    papers = {one.number: one for one in Document.objects.filter(number__in=found.documents)}
    things = {one.number: one for one in Evidence.objects.filter(number__in=found.items)}
    rows = [
        (number, papers[number].title, str(wording.VOLUMES[papers[number].volume]),
         papers[number].sha256)
        for number in found.documents
    ]  # fmt: skip
    rows += [
        (number, things[number].name, things[number].get_kind_display(), things[number].sha256)
        for number in found.items
    ]
    return rows


def _list(found: Package) -> ui.Part:
    receipt = getattr(found, "receipt", None)
    columns = [
        ui.Column("name", pgettext("package", "Item")),
        ui.Column("kind", pgettext("criminal", "Kind")),
        ui.Column("digest", _("Digest (SHA-256)")),
    ]
    if receipt is not None:
        columns.append(ui.Column("there", pgettext("criminal", "Found")))
    rows: list[dict[str, ui.CellLike]] = []
    for number, name, kind, sha256 in _names(found):
        row: dict[str, ui.CellLike] = {
            "name": ui.Cell(wording.quoted(name), number),
            "kind": kind,
            "digest": sha256[:16].upper(),
        }
        if receipt is not None:
            gone = number in receipt.missing
            row["there"] = ui.Chip("late" if gone else "ok", _("missing") if gone else _("there"))
        rows.append(row)
    table = ui.Table(columns, rows, _("List of the package"), _("It holds no item."),
                     caption_hidden=True)  # fmt: skip
    return ui.Part(table, _("List of the package"))


def _verdicts(opened: Opened | None) -> tuple[str, ...]:
    """What is not as it was sent, or whose signer's certificate was revoked, can only go back."""
    return tuple(handing.VERDICTS) if opened is not None else ("refused",)


def _ticking(found: Package, said: ui.Answers, opened: Opened | None) -> ui.Form:
    options = [
        ui.Option(number, wording.quoted(name), f"{number} · {kind} · {sha256[:16].upper()}")
        for number, name, kind, sha256 in _names(found)
    ]
    verdicts = [
        ui.Option("received", _("receive it: everything is there")),
        ui.Option("reserved", _("receive it with a reservation: what is not ticked is missing")),
        ui.Option("refused", _("refuse it: it goes back")),
    ]
    verdicts = [one for one in verdicts if one.value in _verdicts(opened)]
    fields = []
    if options:
        fields.append(
            said.field("there", _("Tick what is there"), kind="checkbox", options=options,
                       value=said.several("there"), required=False)
        )  # fmt: skip
    fields += [
        said.field("verdict", pgettext("criminal", "Decision"), kind="radio", options=verdicts),
        said.field("text", _("Reasons for a reservation or refusal"), kind="textarea",
                   maxlength=600, required=False),
    ]  # fmt: skip
    return ui.Form(fields, _("Sign the receipt"), _("Receive the package"))


@allow(rights.OFFICIALS)
@require_safe
def package_file(request: HttpRequest, ref: str, number: str) -> HttpResponse:
    """The bytes as they were sent, for who sent it or received it."""
    seen, hand = rights.opened(request, ref, "package_file", package=number)
    found = _found(seen, number)
    if found.sender != hand.who.body and not hasattr(found, "receipt"):
        raise Http404
    return _download(handing.export(found), "application/zip", f"{found.number}.zip")


@allow(rights.OFFICIALS)
@require_safe
def document(request: HttpRequest, ref: str, number: str) -> HttpResponse:
    """One document, as it was filed."""
    seen, _hand = rights.opened(request, ref, "document", document=number)
    one = next((one for one in sights.documents(seen) if one.number == number), None)
    if one is None:
        raise Http404
    return _download(bytes(one.content), one.media, f"{one.number}.{SUFFIXES[one.media]}")


def _download(content: bytes, media: str, name: str) -> HttpResponse:
    kind = f"{media}; charset=utf-8" if media.startswith("text/") else media
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
