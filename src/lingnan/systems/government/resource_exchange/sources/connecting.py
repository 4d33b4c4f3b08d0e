"""A body joins a source: the connection is tried before it is kept, its password sealed."""

from dataclasses import replace
from typing import Any

from lingnan.kernel.exchange.api import sources
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.systems.government.resource_exchange.sources.models import (
    RETRACTED,
    Publication,
    Source,
)

PARTS: dict[str, tuple[str, ...]] = {
    "postgresql": ("host", "port", "database", "user"),
    "mysql": ("host", "port", "database", "user"),
    "sqlite": ("path",),
    "folder": ("path", "pattern", "newest"),
    "rest": ("url", "pointer", "sample"),
}
"""What is kept of a connection, by its kind."""
WITH_PASSWORD = ("postgresql", "mysql", "rest")


class InUse(Exception):
    """A connection by which something is still published."""


def of_body(body: str) -> list[Source]:
    """What a body has joined, the oldest first."""
    return list(Source.objects.filter(body=body, ended=False).order_by("key"))


def connection(source: Source) -> sources.Connection:
    """Raises KeyStoreUnavailable where the password cannot be unsealed."""
    secret = sources.unseal(source.secret, source.number)
    return sources.Connection(source.kind, secret=secret, **source.place)


def tried(wanted: sources.Connection) -> int:
    """How many tables a connection shows. Raises SourceFailure."""
    return len(sources.tables(wanted))


def join(title: str, wanted: sources.Connection, who: Actor) -> Source:
    """Try a connection and keep it; the evidence first. Raises SourceFailure,
    EvidenceUnavailable, KeyStoreUnavailable."""
    tried(wanted)
    key = keys.new_key()
    number = f"LJ-{keys.veil(key, 'exchange.source')[:12].upper()}"
    witness("source.joined", number, who, {"source": wanted.kind})
    with action(by=who.signature, reason=f"source {number}") as act:
        return act.create(
            Source,
            key=key,
            number=number,
            body=who.body,
            title=title,
            kind=wanted.kind,
            place=_place(wanted),
            secret=sources.seal(wanted.secret, number),
            joined_by=who.signature[:200],
        )


def change(source: Source, title: str, wanted: sources.Connection, who: Actor) -> Source:
    """The same with another place or password; an empty password is the one that is known.
    Raises as `join`, and Conflict."""
    before = connection(source)
    wanted = wanted if wanted.secret else replace(wanted, secret=before.secret)
    if wanted.host != before.host or wanted.port != before.port or wanted.url != before.url:
        # What is known of one server is not shown to another.
        wanted = replace(wanted, secret=wanted.secret if wanted.secret != before.secret else "")
    tried(wanted)
    witness("source.changed", source.number, who, {"source": wanted.kind})
    sources.forget(before)
    with action(by=who.signature, reason=f"source {source.number} changed") as act:
        return act.change(
            source,
            title=title,
            place=_place(wanted),
            secret=sources.seal(wanted.secret, source.number),
        )


def leave(source: Source, who: Actor) -> None:
    """Forget a connection by which nothing is published. Raises InUse, Conflict."""
    used = Publication.objects.filter(source=source.number, ended=False).exclude(state=RETRACTED)
    if used.exists():
        raise InUse(source.number)
    sources.forget(connection(source))
    witness("source.left", source.number, who, {})
    with action(by=who.signature, reason=f"source {source.number} left") as act:
        act.change(source, ended=True, secret="")


def _place(wanted: sources.Connection) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in PARTS[wanted.kind]}


def witness(kind: str, number: str, who: Actor, more: dict[str, Any]) -> None:
    """Write down what is done to a source or a publication, before it is. Raises
    EvidenceUnavailable."""
    payload = {"actor": who.signature, "body": who.body, "role": who.role, "number": number}
    payload |= more | {"legal_time": legal_time.now().isoformat()}
    node_evidence.write([node_evidence.entry(kind, payload, (), number)])
