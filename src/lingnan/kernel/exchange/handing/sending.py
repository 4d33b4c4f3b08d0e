"""The sender's node: written down with the act that it belongs to, sent by the worker until the
other node has acknowledged it. What is more than one message carries goes in parts (`parting`)."""

import base64
import hashlib
import logging
import secrets
from datetime import datetime

from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.handing import arriving, ending, limits, manifests, offering, parting
from lingnan.kernel.exchange.handing.limits import TooMuch
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
SERVICE = "handed"
PATIENCE, BATCH = 30.0, 20


def hand_over(
    system: str, kind: str, number: str, data: bytes, *, sender: str, receiver: str, case: str,
    name: str = "", media: str = "application/octet-stream",
) -> bool:  # fmt: skip
    """Give one piece to a body; whether that is at another node. At this one nothing is sent: the
    system has it already. May be called in the transaction of the act. Raises TooMuch, NoRoom."""
    if elsewhere.node_of(receiver) is None:
        return False
    limits.demand_size(len(data))
    now = timezone.now()
    values = {
        "sender": sender, "receiver": receiver, "case": case, "size": len(data), "next_at": now,
        "sha256": hashlib.sha256(data).hexdigest(), "begun_at": now,
    }  # fmt: skip
    key = {"system": system, "kind": kind, "number": number}
    if len(data) <= arriving.MESSAGE:
        Handover.objects.get_or_create(**key, defaults=values | {"content": data})
        return True
    file = {"name": name or number, "media": manifests.media_type(media), "size": len(data)}
    values |= {"ref": secrets.token_hex(16), "files": [file], "part": manifests.PART,
               "state": "reading"}  # fmt: skip
    one, new = Handover.objects.get_or_create(**key, defaults=values)
    if new:
        offering.put(one, data)
    return True


def send_due(at: datetime | None = None) -> int:
    """The worker's round; returns how many were acknowledged or refused."""
    moment, done = at or timezone.now(), 0
    silent: set[str] = set()
    due = Handover.objects.filter(state="waiting", ref="", next_at__lte=moment).order_by("id")
    for one in due[:BATCH]:
        server = elsewhere.node_of(one.receiver) or ""
        try:
            if server in silent:
                raise Unavailable("it did not answer a moment ago")
            _sent(one, server, moment)
            done += 1
        except Unavailable as down:
            silent.add(server)
            parting.later(one, moment, down.detail)
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
    if said.status == 200 and said.body.get("taken") == one.sha256:
        ending.took(one, None, there.root, at)
        return
    if said.refused.endswith((".AccessDenied", ".BadRequest")):
        problem = str(said.body.get("message", said.refused))[:200]
        logger.warning("%s %s was refused by %s: %s", one.kind, one.number, server, problem)
        ending.refuse(one, problem, at)
        return
    raise Unavailable(said.refused or f"it answered {said.status}")


__all__ = ["BATCH", "PATIENCE", "SERVICE", "TooMuch", "hand_over", "send_due"]
