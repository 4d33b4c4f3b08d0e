"""What ends when: keys and certificates of this node, roots of others, the directory, terms.

Certificates and the directory end by system time, terms of agreements by legal time.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import pem, x509

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.federation.models import ClientSystem
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.models import Agreement, GiverNode
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import consents, key_authorities, key_certificates, key_profiles

AHEAD = timedelta(days=90)
"""Terms of agreements that end later are not listed: there may be thousands."""
MOST = 500
_OWN = {
    "messages": key_profiles.MESSAGE.name, "directory": key_profiles.DIRECTORY.name,
    "evidence-log": key_profiles.LOG.name,
}  # fmt: skip
_NAMES = {"messages": "message_key", "directory": "directory_key", "evidence-log": "log_key"}


@dataclass(frozen=True)
class Ending:
    """kind   root, issuing, message_key, directory_key, log_key, channel, client, foreign_root,
              giver, directory or terms
    name      whose or what it is
    left      until it ends, by the clock that counts for it; `begun`: from when it holds, where
              that is known"""

    kind: str
    name: str
    until: datetime
    left: timedelta
    begun: datetime | None = None
    renews_itself: bool = False

    @property
    def used(self) -> float:
        """How much of its time is over, 0 to 1."""
        if self.begun is None:
            return 0.0 if self.left > AHEAD else 1 - max(self.left / AHEAD, 0.0)
        whole = self.until - self.begun
        return min(1.0, max(0.0, 1 - self.left / whole)) if whole else 1.0


def endings(now: datetime | None = None) -> list[Ending]:
    """The nearest first."""
    moment = now or datetime.now(UTC)
    here, directory = elsewhere.present()
    found = [*_own(moment), *_authorities(moment), *_terms()]
    if here is not None and directory is not None:
        found += [*_clients(moment), *_foreign(directory, here.server, moment)]
        left = directory.expires - moment
        found.append(
            Ending("directory", directory.instance, directory.expires, left, directory.issued, True)
        )
    return sorted(found, key=lambda one: (one.left, one.kind, one.name))


def _own(now: datetime) -> Iterator[Ending]:
    """Of each of the node's own keys the certificate that ends last: it is the one in use."""
    rows = key_certificates.rows().filter(state="good", not_after__gt=now - AHEAD)
    newest: dict[str, Any] = {}
    for row in rows.filter(holder__in=_OWN).order_by("not_after"):
        if row.profile == _OWN[row.holder]:
            newest[_NAMES[row.holder]] = row
    channels = rows.filter(holder__startswith="channel-", profile=key_profiles.SYSTEM.name)
    for row in channels.order_by("not_after"):
        newest["channel"] = row
    for kind, row in newest.items():
        name = row.name if kind == "channel" else ""
        yield _of_row(kind, name, row, now, renews_itself=True)


def _authorities(now: datetime) -> Iterator[Ending]:
    for label in key_authorities.labels():
        own = key_authorities.chain(label)[0]
        kind = "root" if key_authorities.is_root(label) else "issuing"
        yield _of_certificate(kind, _short(own), own, now)


def _short(one: x509.Certificate) -> str:
    """The beginning of its fingerprint."""
    return f"{hashlib.sha256(one.dump()).hexdigest()[:16].upper()}…"


def _of_row(kind: str, name: str, row: Any, now: datetime, renews_itself: bool = False) -> Ending:
    return Ending(
        kind, name, row.not_after, row.not_after - now, row.not_before, renews_itself
    )  # fmt: skip


def _of_certificate(kind: str, name: str, one: x509.Certificate, now: datetime) -> Ending:
    return Ending(kind, name, one.not_valid_after, one.not_valid_after - now, one.not_valid_before)


def _clients(now: datetime) -> Iterator[Ending]:
    """Of certificates of information systems the node keeps only the digest; those that it issued
    itself it finds again."""
    entered = {row.certificate: row.title for row in ClientSystem.objects.filter(ended=False)}
    if not entered:
        return
    rows = key_certificates.rows().filter(profile=key_profiles.SYSTEM.name, state="good")
    for row in rows.order_by("-key")[:MOST]:
        title = entered.pop(_digest(row.pem), "")
        if title:
            yield _of_row("client", title, row, now)


def _foreign(directory: Directory, here: str, now: datetime) -> Iterator[Ending]:
    """Other nodes' roots; and of those whose consents count here, that they are registered."""
    givers = set(GiverNode.objects.filter(ended=False).values_list("root", flat=True))
    for peer in directory.peers:
        if peer.server == here or not peer.root:
            continue
        kind = "giver" if consents.foreign.digest_of(peer.root) in givers else "foreign_root"
        for one in _read(peer.root):
            yield _of_certificate(kind, peer.code, one, now)


def _terms() -> Iterator[Ending]:
    today, now = legal_time.today(), legal_time.now()
    rows = Agreement.objects.filter(ended=False, valid_until__gte=today)
    for row in rows.filter(valid_until__lt=today + AHEAD).order_by("valid_until")[:MOST]:
        day = row.valid_until
        assert day is not None
        until = datetime(day.year, day.month, day.day, tzinfo=legal_time.CHINA) + timedelta(days=1)
        yield Ending("terms", row.number, until, until - now)


def _digest(text: str) -> str:
    return next((hashlib.sha256(one.dump()).hexdigest() for one in _read(text)), "")


def _read(text: str) -> Iterable[x509.Certificate]:
    """The first certificate of a PEM; none where it cannot be read."""
    try:
        return [x509.Certificate.load(pem.unarmor(text.encode())[2])]
    except ValueError:
        return []
