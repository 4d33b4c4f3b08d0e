"""The sender's node: written down with the act that it belongs to, sent by the worker until the
other node has acknowledged it."""

import base64
import hashlib
import logging
from datetime import datetime, timedelta

from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
SERVICE = "handed"
LARGEST = 20 * 1024 * 1024
"""Bytes of one thing that is handed over in one message."""
PATIENCE, BATCH, MOST = 30.0, 20, 680
LONGEST_WAIT = timedelta(minutes=15)


class TooLarge(ValueError):
    """More than one message carries."""


def hand_over(
    system: str, kind: str, number: str, data: bytes, *, sender: str, receiver: str, case: str
) -> bool:
    """Give something to a body; whether that is at another node. At this one nothing is sent: the
    system has it already. May be called in the transaction of the act. Raises TooLarge."""
    if elsewhere.node_of(receiver) is None:
        return False
    if len(data) > LARGEST:
        raise TooLarge(f"at most {LARGEST} bytes are handed over at once")
    Handover.objects.get_or_create(
        system=system, kind=kind, number=number,
        defaults={
            "sender": sender, "receiver": receiver, "content": data, "case": case,
            "sha256": hashlib.sha256(data).hexdigest(), "next_at": timezone.now(),
        },
    )  # fmt: skip
    return True


def send_due(at: datetime | None = None) -> int:
    """The worker's round; returns how many were acknowledged or refused."""
    moment, done = at or timezone.now(), 0
    silent: set[str] = set()
    due = Handover.objects.filter(state="waiting", next_at__lte=moment).order_by("id")
    for one in due[:BATCH]:
        server = elsewhere.node_of(one.receiver) or ""
        try:
            if server in silent:
                raise Unavailable("it did not answer a moment ago")
            _sent(one, server, moment)
            done += 1
        except Unavailable as down:
            silent.add(server)
            _later(one, moment, down.detail)
    return done


def _sent(one: Handover, server: str, at: datetime) -> None:
    """Raises Unavailable where there is no receipt."""
    there, own = elsewhere.node(server), elsewhere.own_services()
    if there is None or own is None:
        raise Unavailable(f"no node is known that speaks for {one.receiver}")
    told = {
        "system": one.system, "kind": one.kind, "number": one.number, "from": one.sender,
        "to": one.receiver, "sha256": one.sha256,
        "content": base64.b64encode(bytes(one.content)).decode(),
    }  # fmt: skip
    said = outward.ask(Question(own, Service(there.services, SERVICE), told, one.case), PATIENCE)
    waiting = Handover.objects.filter(pk=one.pk, state="waiting")
    if said.status == 200 and said.body.get("taken") == one.sha256:
        waiting.update(state="taken", problem="", finished_at=at)
        return
    if said.refused.endswith((".AccessDenied", ".BadRequest")):
        problem = str(said.body.get("message", said.refused))[:200]
        logger.warning("%s %s was refused by %s: %s", one.kind, one.number, server, problem)
        waiting.update(state="refused", problem=problem, finished_at=at)
        return
    raise Unavailable(said.refused or f"it answered {said.status}")


def _later(one: Handover, at: datetime, why: str) -> None:
    wait = outward.next_wait(one.attempts, LONGEST_WAIT)
    values = {"attempts": one.attempts + 1, "problem": why[:200], "next_at": at + wait}
    if one.attempts >= MOST:
        values |= {"state": "dead", "finished_at": at}
    Handover.objects.filter(pk=one.pk, state="waiting").update(**values)
