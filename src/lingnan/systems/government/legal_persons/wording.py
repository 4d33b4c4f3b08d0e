"""Shares, kinds of holders and grounds in words."""

from fractions import Fraction

from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons.holdings import Held
from lingnan.systems.government.legal_persons.rules.control import Controller, Ground, Verdict
from lingnan.systems.government.legal_persons.rules.holdings import (
    HoldingsFault,
    InvalidHoldings,
)
from lingnan.systems.government.legal_persons.rules.paths import Way
from lingnan.systems.government.legal_persons.rules.transfer import TransferFault

LEAST = Fraction(1, 10_000)


def percent(share: Fraction) -> str:
    """At most two decimals; what is less than 0.01 % is not called nothing."""
    if 0 < share < LEAST:
        return "<0.01%"
    return f"{float(share * 100):.2f}".rstrip("0").rstrip(".") + "%"


def kind(code: str) -> str:
    return {
        "person": _("natural person"),
        "enterprise": _("enterprise of the register"),
        "outside": _("party outside the register"),
    }[code]


def fault(refused: InvalidHoldings, name: str) -> str:
    """Why holdings cannot stand together, to somebody who can put them right."""
    words = {
        HoldingsFault.NOT_A_SHARE: _("A holding in %(name)s is no share of its capital."),
        HoldingsFault.OWN_SHARES: _("%(name)s would hold shares of itself."),
        HoldingsFault.OVER_WHOLE: _("More than 100%% of %(name)s is held."),
        HoldingsFault.CLOSED_RING: _("%(name)s would belong to a ring that nobody else holds."),
    }
    return words[refused.fault] % {"name": name}


def transfer_fault(refused: TransferFault) -> str:
    return {
        TransferFault.NOTHING: _("Please give an amount above nought."),
        TransferFault.TO_ITSELF: _("Seller and buyer are the same."),
        TransferFault.OWN_SHARES: _(
            "A company does not take its own shares by a transfer: 《公司法》（2023-12-29）"
            "第一百六十二条."
        ),
        TransferFault.NOT_A_HOLDER: _("The seller holds nothing of this company."),
        TransferFault.TOO_MUCH: _("The seller holds less than that."),
        TransferFault.TOO_MUCH_PAID: _("No more is paid of what is transferred."),
        TransferFault.DISPUTED: _("A dispute about this shareholding is noted and open."),
        TransferFault.TOO_LITTLE_PAID: _("More would stay paid than the seller has subscribed."),
    }[refused]


def verdict(found: Verdict, held: Held) -> list[ui.Notice]:
    """Who controls, and why that can be said."""
    notices = [_controller(one, held.parties[one.holder].name) for one in found.controllers]
    if len(notices) > 1:
        notices.append(ui.Notice("warn", _("The larger part and the votes are in two hands")))
    if not notices and not found.open:
        text = _("No end holder has a majority, and none stands out.")
        notices.append(ui.Notice("info", _("No controller by holdings"), text))
    if found.open:
        text = _("What is unknown could make somebody else the controller.")
        title = _("Unknown who controls") if not found.controllers else _("Not certain")
        notices.append(ui.Notice("warn", title, text))
    return notices


def _controller(one: Controller, name: str) -> ui.Notice:
    why = {
        Ground.MAJORITY: _("holds more than half, all ways together"),
        Ground.CHAIN: _("holds more than half at each step of the way"),
        Ground.LARGEST: _("nobody holds more, though not a majority"),
    }[one.ground]
    title = _("Controls in the end: “%(name)s”") % {"name": name}
    return ui.Notice(
        "ok", title, _("%(share)s: %(why)s.") % {"share": percent(one.share), "why": why}
    )


def way(one: Way, held: Held) -> str:
    """Down a way, as it is multiplied: A —60%→ B —50%→ C."""
    words = [held.parties[one.nodes[0]].name]
    for share, node in zip(one.steps, one.nodes[1:], strict=True):
        words.append(f"—\N{WORD JOINER}{percent(share)}→ {held.parties[node].name}")
    return " ".join(words)
