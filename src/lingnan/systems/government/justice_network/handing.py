"""The one boundary between bodies: bytes go out, bytes are taken in and verified.

`deliver` takes in on this node, and where the receiver is at another one the same bytes go there
by the exchange (`handed`): that node takes them in with the roots of the directory.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from lingnan.kernel.exchange.api import handing as between_nodes
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Body, consents
from lingnan.systems.government.justice_network import copying, ledger, packages
from lingnan.systems.government.justice_network.models import Package, Receipt
from lingnan.systems.government.justice_network.packages import BadPackage
from lingnan.systems.government.justice_network.rules import stages

SYSTEM, PACKAGE, RECEIPT = "justice_network", "package", "receipt"
VERDICTS = {kind for kind, _title in Receipt.VERDICTS}


def roots() -> set[str]:
    """The roots whose packages this node believes: its own, and those of the nodes of its instance.
    SHA-256 of each, 64 digits."""
    return {consents.foreign.root_digest(), *between_nodes.roots()}


def deliver(data: bytes, at: datetime) -> tuple[Package, bool]:
    """Carry a package to its receiver, who has it at that moment; whether that one is at another
    node, to which it is on its way then. Raises BadPackage, TooMuch, NoRoom."""
    package = take_in(data, at=at)
    away = between_nodes.hand_over(
        SYSTEM, PACKAGE, package.number, data, sender=package.sender, receiver=package.receiver,
        case=package.case.number,
    )  # fmt: skip
    return package, away


def export(package: Package) -> bytes:
    """The package as it was sent, to be carried anywhere."""
    return bytes(package.content)


def take_in(
    data: bytes, trusted: Collection[str] | None = None, at: datetime | None = None
) -> Package:
    """A package that has come: verified as a whole, then kept; the same one again changes nothing.

    What this node has not got of the case yet is entered from it. Raises BadPackage.
    """
    opened = packages.unpack(data, roots() if trusted is None else trusted)
    said, sha256 = opened.said, hashlib.sha256(data).hexdigest()
    before = Package.objects.filter(number=said["number"]).first()
    if before is not None:
        if before.sha256 != sha256:
            raise BadPackage("other_content")
        return before
    _demand_bodies(said)
    with transaction.atomic():
        case = copying.case_of(opened)
        made = Package.objects.create(
            key=keys.new_key(), case=case, number=said["number"], act=said["act"],
            sender=said["from"], receiver=said["to"], sha256=sha256, content=data,
            persons=opened.numbers("persons"), documents=opened.numbers("documents"),
            items=opened.numbers("evidence"), by=said["sent_by"][:200],
            sent_at=copying.moment(said["sent_at"]), arrived_at=at or legal_time.now(),
        )  # fmt: skip
        ledger.renew_sight(case, made.arrived_at)
    return made


def _demand_bodies(said: Any) -> None:
    """Whether the sender may do this act, and the receiver is of the kind that it goes to."""
    act = stages.acts().get(said["act"])
    functions = dict(Body.objects.filter(code__in=(said["from"], said["to"]), ended=False)
                     .values_list("code", "function"))  # fmt: skip
    if act is None or not act.receiver or len(functions) != 2:
        raise BadPackage("bodies")
    wanted = "court" if act.receiver in ("upper", "origin") else act.receiver
    if (functions[said["from"]], functions[said["to"]]) != (act.function, wanted):
        raise BadPackage("bodies")


def return_receipt(data: bytes) -> Receipt:
    """Carry a receipt to who sent the package. Raises BadPackage."""
    receipt = take_receipt(data)
    package = receipt.package
    between_nodes.hand_over(
        SYSTEM, RECEIPT, package.number, data, sender=package.receiver, receiver=package.sender,
        case=package.case.number,
    )  # fmt: skip
    return receipt


def take_receipt(data: bytes, trusted: Collection[str] | None = None, account: int = 0) -> Receipt:
    """A receipt that has come: signed by the receiver, about the package as it was sent.

    A second one about the same package is refused. Raises BadPackage.
    """
    said = packages.signed_text(data, roots() if trusted is None else trusted, "body")
    package = Package.objects.filter(number=str(said.get("package"))).first()
    if package is None or said.get("format") != packages.RECEIPT:
        raise BadPackage("shape")
    if (said.get("sha256"), said.get("body")) != (package.sha256, package.receiver):
        raise BadPackage("altered")
    missing = said.get("missing")
    known = {*package.documents, *package.items}
    if said.get("verdict") not in VERDICTS or not isinstance(missing, list):
        raise BadPackage("shape")
    if not set(missing) <= known or (said["verdict"] == "received" and missing):
        raise BadPackage("shape")
    if Receipt.objects.filter(package=package).exists():
        raise BadPackage("twice")
    return Receipt.objects.create(
        package=package, verdict=said["verdict"], missing=missing, text=str(said["text"])[:600],
        signed=data.decode(), account=account, by=str(said["by"])[:200],
        at=copying.moment(str(said["at"])),
    )  # fmt: skip
