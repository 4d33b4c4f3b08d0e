"""Enterprises as their representatives, the public and the registrar find them."""

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Closing,
    Enterprise,
    ListEntry,
    PublicationOrder,
)

OPEN = ("public", "applied")


def own_firms(who: Actor) -> list[Enterprise]:
    """Those that a resident represents, cancelled ones too; or the one that they act for."""
    if who.acting is not None:
        return list(Enterprise.objects.filter(credit_code=who.acting.code or "-"))
    person = introduce(who.subject, to="legal_persons")
    return list(Enterprise.objects.filter(agent=person).order_by("key"))


def own_firm(who: Actor, code: str) -> Enterprise | None:
    return next((one for one in own_firms(who) if one.credit_code == code), None)


def branches_of(code: str) -> list[Branch]:
    return list(Branch.objects.filter(company=code, ended=False).order_by("name", "key"))


def closing_of(code: str) -> Closing | None:
    """The cancellation under way, if any."""
    return Closing.objects.filter(company=code, state__in=OPEN, ended=False).first()


def entries_of(code: str) -> list[ListEntry]:
    """All on any list, the newest first."""
    rows = ListEntry.objects.filter(company=code, ended=False)
    return list(rows.order_by("-noticed_on", "-key"))


def orders_of(code: str) -> list[PublicationOrder]:
    """All orders to publish, the newest first."""
    rows = PublicationOrder.objects.filter(company=code, ended=False)
    return list(rows.order_by("-ordered_on", "-key"))


def on_lists(code: str) -> set[str]:
    """The lists on which a firm stands today."""
    rows = ListEntry.objects.filter(company=code, state__in=("entered", "remedied"), ended=False)
    return set(rows.values_list("list", flat=True))
