"""Information systems that ask through this node, and services of departments behind it."""

import hashlib
import ipaddress
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lingnan.kernel.exchange import agreements, elsewhere
from lingnan.kernel.exchange.federation import joining
from lingnan.kernel.exchange.federation.models import ClientSystem, ServiceAddress
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.trust.api import Body, node_evidence

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
PURPOSE = "service"
WHOLE = ["*"]
"""Of a service that is passed on as it is: no elements are told apart."""
LONGEST = 20_000


class NotPossible(ValueError):
    """What cannot be entered so; `why` is certificate, taken, body, subsystem, carried, code, url,
    consumers or basis."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def clients() -> list[ClientSystem]:
    return list(ClientSystem.objects.filter(ended=False).order_by("body", "subsystem", "key"))


def addresses() -> list[ServiceAddress]:
    return list(ServiceAddress.objects.filter(ended=False).order_by("subsystem", "code"))


def enter_client(certificate: str, body: str, subsystem: str, title: str, by: str) -> ClientSystem:
    """Let the system with this certificate (PEM) speak for a body; the evidence first.
    Raises NotPossible, EvidenceUnavailable."""
    digest = _digest(certificate)
    _demand_spoken_for(body)
    if not NAME.fullmatch(subsystem):
        raise NotPossible("subsystem")
    before = ClientSystem.objects.filter(certificate=digest).first()
    if before is not None and not before.ended:
        raise NotPossible("taken")
    values: dict[str, Any] = {"body": body, "subsystem": subsystem, "title": title}
    _witness("federation.client_entered", {**values, "certificate": digest, "actor": by})
    with action(by=by, reason="an information system may ask") as act:
        if before is not None:
            return act.change(before, **values, ended=False)
        return act.create(ClientSystem, certificate=digest, **values)


def withdraw_client(certificate: str, by: str) -> None:
    """From now on (a second at most) it speaks for nobody."""
    row = ClientSystem.objects.filter(certificate=certificate, ended=False).first()
    if row is not None:
        _witness("federation.client_withdrawn", {"certificate": certificate, "actor": by})
        with action(by=by, reason="an information system asks no more") as act:
            act.end(row)


def enter_address(
    body: str, subsystem: str, code: str, title: str, url: str, consumers: Sequence[str],
    basis: str, by: str,
) -> ServiceAddress:  # fmt: skip
    """Answer a service at a department's address, for these bodies by an agreement each; the
    evidence first. Raises NotPossible, EvidenceUnavailable."""
    _demand_spoken_for(body)
    if not NAME.fullmatch(subsystem) or not NAME.fullmatch(code):
        raise NotPossible("code")
    if elsewhere.carried(subsystem):
        raise NotPossible("carried")
    _demand_address(url)
    known = set(Body.objects.filter(code__in=consumers, ended=False).values_list("code", flat=True))
    if not consumers or known != set(consumers):
        raise NotPossible("consumers")
    if len(basis) < 5:
        raise NotPossible("basis")
    before = ServiceAddress.objects.filter(subsystem=subsystem, code=code).first()
    if before is not None and not before.ended:
        raise NotPossible("taken")
    values: dict[str, Any] = {"body": body, "title": title, "url": url}
    told = {**values, "service": f"{subsystem}.{code}", "consumers": sorted(known), "basis": basis}
    _witness("federation.service_entered", {**told, "actor": by})
    with action(by=by, reason="a department's service") as act:
        if before is not None:
            made = act.change(before, **values, ended=False)
        else:
            made = act.create(ServiceAddress, subsystem=subsystem, code=code, **values)
    for consumer in sorted(known):
        number = f"FW-{keys.veil(keys.new_key(), 'exchange.service')[:12].upper()}"
        agreements.conclude(number, f"{subsystem}.{code}", consumer, PURPOSE, basis, WHOLE, by)
    joining.announce()
    return made


def withdraw_address(subsystem: str, code: str, by: str) -> None:
    """The service is answered no more, and its agreements end."""
    row = ServiceAddress.objects.filter(subsystem=subsystem, code=code, ended=False).first()
    if row is None:
        return
    _witness("federation.service_withdrawn", {"service": f"{subsystem}.{code}", "actor": by})
    with action(by=by, reason="a department's service ended") as act:
        act.end(row)
    for one in Agreement.objects.filter(resource=f"{subsystem}.{code}", ended=False):
        agreements.end(one, by)
    joining.announce()


def _digest(certificate: str) -> str:
    try:
        found = x509.load_pem_x509_certificate(certificate[:LONGEST].encode())
    except (ValueError, x509.InvalidVersion):
        raise NotPossible("certificate") from None
    return hashlib.sha256(found.public_bytes(serialization.Encoding.DER)).hexdigest()


def _demand_spoken_for(body: str) -> None:
    """Raises NotPossible for a body for which the directory does not let this node speak."""
    here, _directory = elsewhere.present()
    if here is None or not elsewhere.speaks_for(here.server, body):
        raise NotPossible("body")


def _demand_address(url: str) -> None:
    """Raises NotPossible: http or https, a host, no name in it, and never where machines tell about
    themselves (link-local addresses)."""
    try:
        at = urlsplit(url)
        bad = at.scheme not in ("http", "https") or not at.hostname or at.username or at.query
        _port = at.port
    except ValueError:
        raise NotPossible("url") from None
    if bad or at.fragment or len(url) > 200 or not url.isascii():
        raise NotPossible("url")
    try:
        link_local = ipaddress.ip_address(at.hostname or "").is_link_local
    except ValueError:
        link_local = False
    if link_local:
        raise NotPossible("url")


def _witness(kind: str, told: dict[str, Any]) -> None:
    told |= {"legal_time": legal_time.now().isoformat()}
    node_evidence.write([node_evidence.entry(kind, told, [])])
