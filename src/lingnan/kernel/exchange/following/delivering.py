"""The holder's node: a telling goes to the node of its follower as a CloudEvent, signed.

Its answer, signed too, is the receipt: without it the same event is sent again, later and later.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards import cloud_events
from lingnan.standards.cloud_events import Event
from lingnan.standards.xroad import Service

SERVICE, TYPE = "events", "cn.lingnan.record.changed"
PATIENCE = 10.0
LONGEST_WAIT = timedelta(minutes=15)
MOST = 680
"""Attempts at a node that does not answer: about a week; after that the telling is dead."""


class NotTaken(Exception):
    """The other node answered, and did not take it."""


def deliver(telling: Telling, change: Any) -> None:
    """Raises Unavailable where there is no receipt, NotTaken where it was refused."""
    follower = telling.follower
    there, own = elsewhere.node(follower.node), elsewhere.own_services()
    if there is None or own is None:
        raise Unavailable(f"the directory does not name {follower.node}")
    event = event_of(telling, change)
    service = Service(there.services, SERVICE)
    question = Question(own, service, event.plain, follower.reference, kind=cloud_events.STRUCTURED)
    said = outward.ask(question, PATIENCE)
    if said.status != 200 and not said.refused.endswith((".AccessDenied", ".BadRequest")):
        raise Unavailable(said.refused or f"it answered {said.status}")
    if said.body.get("received") != event.id:
        raise NotTaken(str(said.body.get("message", said.refused))[:200])


def event_of(telling: Telling, change: Any) -> Event:
    """The telling as it travels: the same one again is the same event again."""
    told = asdict(change) | {"follower": telling.follower_id}
    return Event(
        id=str(telling.id),
        source=f"/{settings.NODE_NAMED.code}" if settings.NODE_NAMED else "/",
        type=TYPE,
        subject=telling.follower.subject,
        time=telling.outgoing.recorded_at.isoformat(),
        datacontenttype="application/json",
        data=told,
    )


def next_attempt(telling: Telling, at: datetime) -> datetime | None:
    """When a node that did not answer is tried again; None once it has been down too long."""
    if telling.attempts >= MOST:
        return None
    return at + outward.next_wait(telling.attempts, LONGEST_WAIT)
