"""The form by which a registrar registers transfers of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import wording
from lingnan.systems.government.legal_persons.holdings import (
    Party,
    cancelled,
    holdings_of,
    mark_of,
    outsider,
)
from lingnan.systems.government.legal_persons.models import Enterprise, Holding
from lingnan.systems.government.legal_persons.rules.holdings import InvalidHoldings
from lingnan.systems.government.legal_persons.rules.transfer import (
    Capital,
    Transfer,
    TransferFault,
    TransferRefused,
)
from lingnan.systems.government.legal_persons.transfers import register
from lingnan.systems.government.legal_persons.views import tables
from lingnan.systems.government.legal_persons.views.desk import (
    REGISTRARS,
    said,
    seen_by,
    trail,
    witness,
)

LINES = 3
NAMES = {"seller": 24, "buyer": 24, "other": 120, "subscribed": 15, "paid": 15}
PLACE_OF_FAULT = {
    TransferFault.TO_ITSELF: "buyer",
    TransferFault.OWN_SHARES: "other",
    TransferFault.NOT_A_HOLDER: "seller",
    TransferFault.TOO_MUCH_PAID: "paid",
    TransferFault.TOO_LITTLE_PAID: "paid",
}


@dataclass(frozen=True)
class Line:
    """One transfer of the form."""

    title: str
    fields: list[ui.FieldView]


@dataclass
class Asked:
    """What was sent, what is wrong with it (by field), and the transfers that it means."""

    said: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    transfers: list[Transfer] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    buyers: dict[str, Party] = field(default_factory=dict)
    refused: ui.Notice | None = None


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """Transfers between holders of a company of the own county, together or not at all."""
    who = actor(request)
    company = seen_by(who, code)
    if who.division != company.division:
        raise Http404
    refuse_noughts_posted(request)
    rows = holdings_of([code])
    asked = _asked(request, company, rows)
    if request.method == "POST" and not asked.wrong:
        try:
            register(company, asked.transfers, asked.buyers, who, asked.said["reference"])
            return redirect("legal-persons-control", code=code)
        except TransferRefused as refused:
            line = asked.lines[refused.line]
            place = PLACE_OF_FAULT.get(refused.fault, "subscribed")
            asked.wrong[f"{place}-{line}"] = wording.transfer_fault(refused.fault)
        except InvalidHoldings as refused:
            asked.refused = ui.Notice("late", _("These holdings cannot be true"), said(refused))
        except (Conflict, IntegrityError):
            again = _("A colleague has changed these holdings. Please send it again.")
            asked.refused = ui.Notice("warn", again)
    witness(who, company, [(row.kind, row.holder) for row in rows])
    return _page(request, company, rows, asked)


def _asked(request: HttpRequest, company: Enterprise, rows: list[Holding]) -> Asked:
    names = {f"{name}-{line}": length for line in range(LINES) for name, length in NAMES.items()}
    names |= {"reference": 60}
    asked = Asked({name: request.POST.get(name, "").strip() for name in names})
    if request.method != "POST":
        return asked
    for name, length in names.items():
        if len(asked.said[name]) > length:
            asked.wrong[name] = _("This is too long: at most %(count)s characters.") % {
                "count": length
            }
    if not asked.said["reference"]:
        asked.wrong["reference"] = _("Please fill this in.")
    for line in range(LINES):
        if line == 0 or any(asked.said[f"{name}-{line}"] for name in NAMES):
            _read(asked, line, company, {row.number: row for row in rows})
    return asked


def _read(asked: Asked, line: int, company: Enterprise, rows: dict[str, Holding]) -> None:
    """One line: who gives how much to whom."""
    values = {name: asked.said[f"{name}-{line}"] for name in NAMES}
    seller = rows.get(values["seller"])
    if seller is None:
        asked.wrong[f"seller-{line}"] = _("Please choose who transfers.")
    buyer = _buyer(asked, line, company, rows)
    amounts = []
    for name in ("subscribed", "paid"):
        amount = values[name] or ("0" if name == "paid" else "")
        if not (amount.isascii() and amount.isdigit()):
            asked.wrong.setdefault(f"{name}-{line}", _("Please give whole yuan, digits only."))
        amounts.append(int(amount) if amount.isascii() and amount.isdigit() else 0)
    if seller is not None and buyer is not None:
        asked.lines.append(line)
        asked.buyers[buyer.mark] = buyer
        asked.transfers.append(Transfer(seller.holder, buyer.mark, Capital(*amounts)))


def _buyer(asked: Asked, line: int, company: Enterprise, rows: dict[str, Holding]) -> Party | None:
    """A holder who is chosen, or somebody new: a credit code, or the name of an outside party."""
    chosen, other = rows.get(asked.said[f"buyer-{line}"]), asked.said[f"other-{line}"]
    if chosen is not None and cancelled([chosen.holder_code]):
        gone = _("Its registration is cancelled: it can take nothing new.")
        asked.wrong[f"buyer-{line}"] = gone
        return None
    if chosen is not None and not other:
        return Party(chosen.holder, chosen.holder_name, chosen.kind, chosen.holder_code)
    if not other or chosen is not None:
        asked.wrong[f"buyer-{line}"] = _("Please choose who receives, or name somebody new.")
        return None
    code = other.replace(" ", "").upper()
    if len(code) != 18 or not code.isascii():
        return Party(outsider(other, company.division), other, "outside")
    found = Enterprise.objects.filter(credit_code=code, ended=False).first()
    if found is None:
        asked.wrong[f"other-{line}"] = _("The register has no enterprise with this code.")
        return None
    return Party(mark_of(code), found.name, "enterprise", code)


def _page(
    request: HttpRequest, company: Enterprise, rows: list[Holding], asked: Asked
) -> HttpResponse:
    lines = [
        Line(_("Transfer %(number)s") % {"number": line + 1}, _fields(asked, rows, line))
        for line in range(LINES)
    ]
    reference = _field(asked, "reference", _("Number of the decision"), maxlength=60)
    back = reverse("legal-persons-control", args=[company.credit_code])
    every = [one for line in lines for one in line.fields] + [reference]
    context = {
        "enterprise": company,
        "holders": tables.holders(company, rows),
        "lines": lines,
        "reference": reference,
        "refused": asked.refused,
        "errors": ui.ErrorSummary.of(every) if asked.wrong else None,
        "trail": trail(_("Register a transfer of shares"), ui.Link(back, company.name)),
    }
    status = 422 if asked.wrong or asked.refused else 200
    return render(request, "legal_persons/transfer.html", context, status=status)


def _fields(asked: Asked, rows: list[Holding], line: int) -> list[ui.FieldView]:
    holders = [ui.Option(row.number, row.holder_name) for row in rows]
    own: dict[str, Any] = {"required": line == 0}
    choice: dict[str, Any] = {"kind": "select", "options": holders, "blank": "—"}
    number: dict[str, Any] = {"inputmode": "numeric", "unit": _("yuan"), "width": "medium"}
    hint = _("A credit code of this register, or the name of a party outside it")

    def one(name: str, label: str, **more: Any) -> ui.FieldView:
        return _field(asked, f"{name}-{line}", label, **more)

    return [
        one("seller", _("Who transfers"), **choice, **own),
        one("buyer", _("Who receives"), required=False, **choice),
        one("other", _("Or a new shareholder"), hint=hint, required=False, maxlength=120),
        one("subscribed", _("Capital subscribed that goes over"), **number, **own),
        one("paid", _("Of it paid"), required=False, **number),
    ]


def _field(asked: Asked, name: str, label: str, **more: Any) -> ui.FieldView:
    return ui.FieldView(
        name, label, value=asked.said[name], error=asked.wrong.get(name, ""), **more
    )
