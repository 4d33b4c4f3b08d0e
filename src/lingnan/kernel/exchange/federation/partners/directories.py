"""The directory of another instance: fetched at its portal, believed under its own anchor alone."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from lingnan.kernel.exchange.federation import calling, own
from lingnan.kernel.exchange.federation.calling import Failed
from lingnan.kernel.exchange.federation.models import KnownDirectory
from lingnan.kernel.exchange.federation.partners.models import Heard, Partner
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.xroad import Identifier

logger = logging.getLogger(__name__)
DIRECTORY = "/exchange/directory"
MOST_SEEN = 64
_seen: dict[tuple[str, str, str], Directory | None] = {}


def partners() -> list[Partner]:
    """Those in force."""
    return list(Partner.objects.filter(ended=False).order_by("instance"))


def in_force(instance: str) -> Partner | None:
    """Read anew each time, so that one that ended a moment ago lets nothing through any more."""
    return Partner.objects.filter(instance=instance, ended=False).first()


def known(partner: Partner) -> Directory | None:
    """The newest directory of a partner that is known here; None without one that is believed."""
    row = newest(partner)
    return _judged(partner, row.document) if row is not None else None


def newest(partner: Partner) -> KnownDirectory | None:
    """The same as it came, not judged."""
    found: KnownDirectory | None = (
        _kept(partner.instance, partner.anchor).order_by("-version").first()
    )
    return found


def gate(partner: Partner, directory: Directory) -> Peer:
    """The partner's node that founded it. Raises NotADirectory where it is not named."""
    named = [one for one in directory.peers if one.code == partner.node]
    if len(named) != 1 or named[0].via:
        raise NotADirectory(f"no node {partner.node} that is reached directly")
    return named[0]


def fetch(partner: Partner, own_known: Directory | None) -> Directory:
    """Ask for the newest one and keep it; how it went stands in `Heard`. Raises Failed (of a hop),
    NotADirectory; what was known before goes on until it expires."""
    now = datetime.now(UTC)
    try:
        said = calling.get(partner.portal, DIRECTORY)
        if said.status != 200:
            raise Failed("answer", f"{partner.portal}{DIRECTORY}: {said.status}")
        found = keep(said.body, partner, own_known)
    except (Failed, NotADirectory) as problem:
        Heard.objects.update_or_create(
            instance=partner.instance, defaults={"tried_at": now, "problem": str(problem)[:200]}
        )
        raise
    Heard.objects.update_or_create(
        instance=partner.instance, defaults={"tried_at": now, "heard_at": now, "problem": ""}
    )
    return found


def keep(document: Any, partner: Partner, own_known: Directory | None) -> Directory:
    """Take in a directory that a partner's portal told, unless a newer is known. Raises
    NotADirectory, also where it names what is this instance's."""
    found = read(document, partner, own_known)
    if known(partner) is None or _newer(found, partner):
        KnownDirectory.objects.create(
            instance=found.instance, anchor=partner.anchor, version=found.version,
            document=document, at=datetime.now(UTC),
        )  # fmt: skip
    return found


def read(document: Any, partner: Partner, own_known: Directory | None) -> Directory:
    """A directory as it would be kept; nothing is written. Raises NotADirectory."""
    found = voices.believed(document, [partner.anchor], known(partner), partner.instance)
    gate(partner, found)
    for peer in found.peers:
        if not peer.server.startswith(f"{partner.instance}/"):
            raise NotADirectory(f"{peer.server} is no node of {partner.instance}")
    taken = _keys(own_known.peers) if own_known is not None else set()
    if taken & _keys(found.peers):
        raise NotADirectory("it names a key of this instance's as its own")
    return found


def _keys(peers: Collection[Peer] | Any) -> set[bytes]:
    return {key for peer in peers for key in peer.keys.values()}


def _newer(found: Directory, partner: Partner) -> bool:
    row = _kept(partner.instance, partner.anchor).filter(version__gte=found.version)
    return not row.exists()


def _kept(instance: str, anchor: str) -> Any:
    return KnownDirectory.objects.filter(instance=instance, anchor=anchor)


def _judged(partner: Partner, document: Any) -> Directory | None:
    """Judged once: a directory that is kept does not change."""
    name = (partner.instance, partner.anchor, str(document.get("signature")))
    if name not in _seen:
        if len(_seen) >= MOST_SEEN:
            _seen.clear()
        try:
            _seen[name] = voices.believed(document, [partner.anchor], None, partner.instance)
        except NotADirectory:
            _seen[name] = None
    return _seen[name]


def refused(instance: str) -> Refused:
    """What is said of an instance that is not known, or whose exchange has ended: no more."""
    return Refused("AccessDenied", f"nothing is exchanged with {instance[:40]} here", 403)


def services_of(partner: Partner, directory: Directory) -> Identifier:
    """Under which subsystem the partner's gate answers for itself."""
    return own.services_of(gate(partner, directory).server)
