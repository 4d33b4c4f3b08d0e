"""What this node is within its instance."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from django.conf import settings

from lingnan.kernel.exchange.federation.models import Membership
from lingnan.kernel.exchange.messages.channels import Certified
from lingnan.kernel.trust.api import Body, key_channels
from lingnan.standards.xroad import Identifier

MEMBER_CLASS, OWN_SYSTEM = "GOV", "exchange"
AUTHORITY = "data"
"""The function of the body that answers for an instance, and for a node where nothing else is said:
the data authority."""


class NotNamed(Exception):
    """This node was brought up without a name (`up --node`), or has not joined."""


@dataclass(frozen=True)
class Own:
    """This node: `code` as it is called, `server` within `instance`."""

    code: str
    instance: str
    server: str
    parent: str
    anchor: str

    @property
    def owner(self) -> str:
        """The code of the body that answers for the node."""
        return self.server.split("/")[2]

    @property
    def founded(self) -> bool:
        """Whether this node names the members of the instance."""
        return not self.parent


class Named(Protocol):
    """What `up --node` calls this node, and where its gateway is."""

    @property
    def code(self) -> str: ...
    @property
    def instance(self) -> str: ...
    @property
    def gateway(self) -> str: ...
    @property
    def hosts(self) -> tuple[str, ...]: ...


def named() -> Named:
    """Raises NotNamed."""
    found: Named | None = settings.NODE_NAMED
    if found is None:
        raise NotNamed("no name: ./lingnan up --node NAME")
    return found


def membership() -> Own:
    """Raises NotNamed."""
    called = named()
    row = Membership.objects.order_by("-id").first()
    if row is None:
        raise NotNamed(f"{called.code} has not joined: ./lingnan join URL")
    return Own(called.code, row.instance, row.server, row.parent, row.anchor)


def belong(instance: str, server: str, parent: str, anchor: str) -> None:
    """From now on this node belongs to an instance."""
    Membership.objects.create(
        instance=instance, server=server, parent=parent, anchor=anchor, at=datetime.now(UTC)
    )


def channel() -> Certified:
    """Raises NotNamed, `KeyStoreUnavailable`."""
    called = named()
    return Certified(*key_channels.own(called.code, called.hosts))


def server_of(instance: str, body: str, code: str) -> str:
    return f"{instance}/{MEMBER_CLASS}/{body}/{code}"


def services_of(server: str) -> Identifier:
    """Under what a node answers for itself."""
    instance, _class, owner, _code = server.split("/")
    return member(instance, owner, OWN_SYSTEM)


def authority() -> str:
    """The code of the highest data authority on record. Raises NotNamed where there is none."""
    found = Body.objects.filter(function=AUTHORITY, ended=False).order_by("division").first()
    if found is None:
        raise NotNamed("no body of this node is a data authority")
    return str(found.code)


def member(instance: str, body: str, system: str = "") -> Identifier:
    return Identifier(instance, MEMBER_CLASS, body, system)
