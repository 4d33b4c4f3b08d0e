"""The directory of the instance: made by the node that founded it, kept by every node.

A new one is issued when what it says changes, and in good time before it expires; where the
founder is away, nodes go on by the last until then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.models import (
    InstanceNode,
    KnownDirectory,
    ServiceAddress,
)
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.messages import directory_text, voices
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.wishes import holders_of
from lingnan.kernel.trust.api import Body, consents, key_channels
from lingnan.standards.xroad import Identifier

GOOD_FOR = timedelta(hours=72)
"""So long a node goes on while the founder is away, and so long a node that was shut out could be
believed by one that hears nothing."""
ANEW_AFTER = timedelta(hours=12)
KEPT = 20


def newest(instance: str) -> KnownDirectory | None:
    rows = KnownDirectory.objects.filter(instance=instance)
    return rows.order_by("-version").first()


def newest_number(instance: str) -> int:
    """The newest version that is known here; 0 without any."""
    found = KnownDirectory.objects.filter(instance=instance).aggregate(n=Max("version"))["n"]
    return int(found or 0)


def known(instance: str, anchor: str) -> Directory | None:
    """The newest directory that is known here, judged anew by its root; None without any."""
    row = newest(instance)
    if row is None:
        return None
    return voices.believed(row.document, [anchor], None, instance)


def keep(document: Any, instance: str, anchor: str) -> Directory:
    """Take in a directory that somebody told, unless a newer is known. Raises NotADirectory."""
    row = newest(instance)
    before = voices.believed(row.document, [anchor], None, instance) if row else None
    found = voices.believed(document, [anchor], before, instance)
    if before is None or found.version > before.version:
        _kept(found, document)
    return found


def publish(here: Own) -> Directory:
    """The founder's: issued anew where something has changed or the last has aged."""
    row = newest(here.instance)
    last = voices.believed(row.document, [here.anchor], None, here.instance) if row else None
    now = datetime.now(UTC)
    made = _made(here, now, last.version + 1 if last else 1)
    if last is not None and _same(last, made) and now - last.issued < ANEW_AFTER:
        return last
    document = voices.published(made)
    try:
        with transaction.atomic():
            _kept(made, document)
    except IntegrityError:
        # Another process issued this version at the same moment; what it lacks the next has.
        return publish(here)
    return made


def _kept(found: Directory, document: Any) -> None:
    KnownDirectory.objects.create(
        instance=found.instance, version=found.version, document=document, at=datetime.now(UTC)
    )


def _same(one: Directory, other: Directory) -> bool:
    """Whether they name the same nodes, members and homes."""
    other = replace(other, version=one.version, issued=one.issued, expires=one.expires)
    return directory_text.plain(one) == directory_text.plain(other)


def _made(here: Own, now: datetime, version: int) -> Directory:
    rows = list(InstanceNode.objects.filter(ended=False).order_by("server"))
    elsewhere = {code for row in rows for code in row.members}
    bodies = {b.code: b for b in Body.objects.filter(ended=False).order_by("code")}
    mine = [code for code in bodies if code not in elsewhere]
    peers = [_own_peer(here, mine), *(_peer(here, row) for row in rows)]
    homes = dict(_homes(here, here.server, homes_here(mine)))
    for row in rows:
        homes |= dict(_homes(here, row.server, row.homes))
    names = {
        own.member(here.instance, code): bodies[code].name_zh
        for code in (*mine, *elsewhere)
        if code in bodies
    }
    names |= {home: names.get(Identifier(*home.parts[:3]), home.member) for home in homes}
    return Directory(
        here.instance, version, now, now + GOOD_FOR, tuple(peers), homes, names, here.server
    )  # fmt: skip


def _own_peer(here: Own, members: Iterable[str]) -> Peer:
    keyid, key = voices.public(here.code)
    url = own.named().gateway
    told = frozenset(own.member(here.instance, code) for code in members)
    return Peer(here.server, url, {keyid: key}, told, key_channels.root())


def _peer(here: Own, row: InstanceNode) -> Peer:
    keys = directory_text.keys_of(row.keys, row.server)
    told = frozenset(own.member(here.instance, code) for code in row.members)
    return Peer(row.server, row.url, keys, told, row.root, row.via)


def _homes(
    here: Own, server: str, pairs: Iterable[tuple[str, str] | list[str]]
) -> Iterable[tuple[Identifier, str]]:
    """Where each of these bodies' systems is; and the node's own services."""
    owner = server.split("/")[2]
    yield own.member(here.instance, owner, own.OWN_SYSTEM), server
    for body, system in pairs:
        yield own.member(here.instance, body, system), server


def homes_here(members: Iterable[str]) -> list[tuple[str, str]]:
    """(body, system) for what this node's systems share: of each the highest of these bodies that
    holds what it answers from."""
    codes = set(members)
    bodies = Body.objects.filter(code__in=codes, ended=False)
    highest: dict[str, str] = {}
    for body in bodies.order_by("division", "code"):
        highest.setdefault(body.function, body.code)
    found: dict[str, str] = {}
    published = set()
    for resource in catalogue.resources().values():
        if resource.body:
            # What a body has published itself it answers for by itself.
            published |= {(resource.body, resource.system)} if resource.body in codes else set()
            continue
        for function in sorted(holders_of(resource)):
            if function in highest:
                found.setdefault(resource.system, highest[function])
    services = ServiceAddress.objects.filter(body__in=codes, ended=False)
    pairs = {(body, system) for system, body in found.items()} | published
    return sorted(pairs | set(services.values_list("body", "subsystem")))


def holders(homes: Mapping[Identifier, str], server: str) -> dict[str, str]:
    """Which body answers for which system at a node, by the directory."""
    return {
        one.subsystem: one.member
        for one, at in homes.items()
        if at == server and one.subsystem != own.OWN_SYSTEM
    }


def root_of(peer: Peer) -> str:
    """The digest by which a peer's root is registered for consents."""
    return str(consents.foreign.digest_of(peer.root))
