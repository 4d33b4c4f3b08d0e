"""The consumer's node: an event is acted on once, however often it comes, and then acknowledged.

What the listener writes into this node's database, and that it was acted on, is one writing: a
process may be killed at any moment, before it nothing has happened, after it all has.
"""

import hashlib
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.following.delivering import TYPE
from lingnan.kernel.exchange.following.models import Arrived, Following
from lingnan.kernel.exchange.told import Told
from lingnan.kernel.runtime.api import legal_time
from lingnan.standards import cloud_events
from lingnan.standards.xroad import Identifier

ACTIVE = ("wanted", "following")
"""Asked for, perhaps taken there already: an event may come before the answer that it was."""


def take(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """The receipt of an event. Raises PermissionError (not a following of that node), ValueError;
    what the listener raises goes on, and the event comes again."""
    server = elsewhere.server_of(asks)
    if server is None:
        raise PermissionError(f"{asks} is no node")
    event = cloud_events.event(question)
    if event.type != TYPE or not isinstance(event.data, dict):
        raise ValueError("not an event that is taken here")
    following = Following.objects.filter(server=server, number=event.data.get("follower")).first()
    if following is None:
        raise PermissionError("nobody here follows this")
    receipt = {"received": event.id, "as": following.pk}
    if Arrived.objects.filter(server=server, event=event.id).exists():
        return receipt
    change = _change(event.data, following, event)
    module = import_module(f"{apps.get_app_config(following.listener).name}.told")
    try:
        with legal_time.hold():
            _acted(module, change, following, event.id)
    except IntegrityError:
        # The same event at the same moment: one of the two has acted on it.
        if not Arrived.objects.filter(server=server, event=event.id).exists():
            raise
    return receipt


def _acted(module: Any, change: Told, following: Following, event: str) -> None:
    outside, active = getattr(module, "OUTSIDE", False), following.state in ACTIVE
    if outside and active:
        module.told(change)
    with transaction.atomic():
        Arrived.objects.create(
            server=following.server, event=event, following=following, at=timezone.now()
        )
        if active and not outside:
            module.told(change)


def _number(server: str, event: str) -> int:
    """The same for the same event: 63 bits, so that no telling of this node has it."""
    digest = hashlib.sha256(f"{server} {event}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _change(data: dict[str, Any], following: Following, event: cloud_events.Event) -> Told:
    """As the listener gets it: by its own reference. Raises ValueError."""
    try:
        return Told(
            resource=following.resource,
            consumer=following.consumer,
            reference=following.reference,
            purpose=following.purpose,
            elements={
                str(code): (pair[0], pair[1])
                for code, pair in dict(data["elements"]).items()
                if code in following.elements
            },
            gone=bool(data["gone"]),
            record=str(data["record"])[:64],
            valid_from=str(data["valid_from"]),
            valid_to=str(data["valid_to"]),
            as_of=str(data["as_of"]),
            evidence=int(data["evidence"]),
            telling=_number(following.server, event.id),
        )
    except (KeyError, TypeError, IndexError) as fault:
        raise ValueError(f"not a telling: {fault}") from fault
