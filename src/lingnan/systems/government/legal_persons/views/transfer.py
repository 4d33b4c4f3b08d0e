"""The form by which a registrar registers transfers of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    seen_by,
    trail,
    witness,
)
from lingnan.systems.government.legal_persons.views.desk import said as words_of
from lingnan.systems.government.legal_persons.views.forms import MOST_YUAN

LINES = 3
TEXTS = {"seller": 24, "buyer": 24, "other": 120}
PLACE_OF_FAULT = {
    TransferFault.TO_ITSELF: "buyer",
    TransferFault.OWN_SHARES: "other",
    TransferFault.NOT_A_HOLDER: "seller",
    TransferFault.TOO_MUCH_PAID: "paid",
    TransferFault.TOO_LITTLE_PAID: "paid",
}


@dataclass
class Asked:
    """The transfers that a form means, the line in which each stands, and who is to receive."""

    transfers: list[Transfer] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    buyers: dict[str, Party] = field(default_factory=dict)


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """Transfers between holders of a company of the own county, together or not at all."""
    who = actor(request)
    company = seen_by(who, code)
    if who.division != company.division:
        raise Http404
    refuse_noughts_posted(request)
    rows, said, top = holdings_of([code]), ui.Answers(request), list[ui.Notice]()
    asked = _asked(said, company, rows)
    if said.good:
        try:
            register(company, asked.transfers, asked.buyers, who, said["reference"])
            return redirect("legal-persons-control", code=code)
        except TransferRefused as refused:
            place = PLACE_OF_FAULT.get(refused.fault, "subscribed")
            words = wording.transfer_fault(refused.fault)
            said.wrong[f"{place}-{asked.lines[refused.line]}"] = words
        except InvalidHoldings as refused:
            untrue = _("These holdings cannot be true")
            top = [ui.Notice("late", untrue, words_of(refused))]
        except (Conflict, IntegrityError):
            again = _("A colleague has changed these holdings. Please send it again.")
            top = [ui.Notice("warn", again)]
    witness(who, company, [(row.kind, row.holder) for row in rows])
    return ui.shown(request, _page(company, rows, said, top), 422 if said.posted else 200)


def _asked(said: ui.Answers, company: Enterprise, rows: list[Holding]) -> Asked:
    asked, held = Asked(), {row.number: row for row in rows}
    said.text("reference", 60)
    for line in range(LINES):
        names = (*TEXTS, "subscribed", "paid")
        if said.posted and (line == 0 or any(said[f"{name}-{line}"] for name in names)):
            _read(asked, said, line, company, held)
    return asked


def _read(
    asked: Asked, said: ui.Answers, line: int, company: Enterprise, rows: dict[str, Holding]
) -> None:
    """One line: who gives how much to whom."""
    for name, most in TEXTS.items():
        said.text(f"{name}-{line}", most, required=False)
    seller = rows.get(said[f"seller-{line}"])
    if seller is None:
        said.wrong[f"seller-{line}"] = _("Please choose who transfers.")
    buyer = _buyer(said, line, company, rows)
    subscribed = said.whole(f"subscribed-{line}", MOST_YUAN)
    paid = said.whole(f"paid-{line}", MOST_YUAN, required=False)
    if seller is not None and buyer is not None:
        asked.lines.append(line)
        asked.buyers[buyer.mark] = buyer
        asked.transfers.append(Transfer(seller.holder, buyer.mark, Capital(subscribed, paid)))


def _buyer(
    said: ui.Answers, line: int, company: Enterprise, rows: dict[str, Holding]
) -> Party | None:
    """A holder who is chosen, or somebody new: a credit code, or the name of an outside party."""
    chosen, other = rows.get(said[f"buyer-{line}"]), said[f"other-{line}"]
    if chosen is not None and cancelled([chosen.holder_code]):
        gone = _("Its registration is cancelled: it can take nothing new.")
        said.wrong[f"buyer-{line}"] = gone
        return None
    if chosen is not None and not other:
        return Party(chosen.holder, chosen.holder_name, chosen.kind, chosen.holder_code)
    if not other or chosen is not None:
        said.wrong[f"buyer-{line}"] = _("Please choose who receives, or name somebody new.")
        return None
    code = other.replace(" ", "").upper()
    if len(code) != 18 or not code.isascii():
        return Party(outsider(other, company.division), other, "outside")
    found = Enterprise.objects.filter(credit_code=code, ended=False).first()
    if found is None:
        said.wrong[f"other-{line}"] = _("The register has no enterprise with this code.")
        return None
    return Party(mark_of(code), found.name, "enterprise", code)


def _page(
    company: Enterprise, rows: list[Holding], said: ui.Answers, top: list[ui.Notice]
) -> ui.Page:
    title, holders = _("Register a transfer of shares"), _("Shareholders and their capital")
    fields = [one for line in range(LINES) for one in _fields(said, rows, line)]
    fields.append(said.field("reference", _("Number of the decision"), maxlength=60))
    note = _("All transfers of this act are registered together, or none of them.")
    back = reverse("legal-persons-control", args=[company.credit_code])
    return ui.Page(
        title,
        top=top,
        tables=[ui.Part(tables.holders(company, rows), holders)],
        forms=[ui.Form(fields, _("Register the transfers"), title, note=note)],
        trail=trail(title, ui.Link(back, _("Enterprise"))),
        name=company.name,
        code=company.credit_code,
    )


def _fields(said: ui.Answers, rows: list[Holding], line: int) -> list[ui.FieldView]:
    """The questions of one line; each label names its line, for they are heard one by one."""
    holders = [ui.Option(row.number, row.holder_name) for row in rows]
    choice: dict[str, Any] = {"kind": "select", "options": holders, "blank": "—"}
    number: dict[str, Any] = {"inputmode": "numeric", "unit": _("yuan"), "width": "medium"}
    hint = _("A credit code of this register, or the name of a party outside it")
    first = line == 0

    def one(name: str, label: str, required: bool = False, **more: Any) -> ui.FieldView:
        named = _("Transfer %(number)s: %(label)s") % {"number": line + 1, "label": label}
        return said.field(f"{name}-{line}", named, required=required, **more)

    return [
        one("seller", _("Who transfers"), first, **choice),
        one("buyer", _("Who receives"), **choice),
        one("other", _("Or a new shareholder"), hint=hint, maxlength=TEXTS["other"]),
        one("subscribed", _("Capital subscribed that goes over"), first, **number),
        one("paid", _("Of it paid"), **number),
    ]
