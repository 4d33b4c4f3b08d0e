"""The receiver's node: what comes is given to the system that it is for, once, and acknowledged.

What comes in one message; what comes in parts is `receiving`. Of the system's own module `arriving`
tells. One that has none takes nothing.
"""

import base64
import binascii
import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.handing import rights
from lingnan.kernel.exchange.handing.arriving import MESSAGE
from lingnan.kernel.exchange.handing.models import HandedIn
from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.xroad import Identifier

TEXTS = {"system": 40, "kind": 20, "number": 60, "from": 40, "to": 40, "sha256": 64}


def take(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """The receipt. Raises PermissionError, ValueError; what the system raises besides goes on, and
    it comes again."""
    server = elsewhere.server_of(asks)
    if server is None:
        raise PermissionError(f"{asks} is no node")
    said = {name: _text(question, name, most) for name, most in TEXTS.items()}
    ends = {"sender": said["from"], "receiver": said["to"], "agreement": ""}
    module = rights.demand_taking(server, {**said, **ends})
    data = _content(question, said["sha256"])
    if not hasattr(module, "handed"):
        raise PermissionError(f"nothing is taken here for {said['system']} in one message")
    key = {"server": server, "system": said["system"], "kind": said["kind"],
           "number": said["number"]}  # fmt: skip
    before = HandedIn.objects.filter(**key).first()
    if before is None:
        try:
            with legal_time.hold(), transaction.atomic():
                HandedIn.objects.create(
                    **key, sha256=said["sha256"], at=timezone.now(), sender=said["from"],
                    receiver=said["to"], size=len(data),
                )  # fmt: skip
                module.handed(said["kind"], said["number"], data, server)
        except IntegrityError:
            # The same at the same moment, perhaps: then one of the two has done it.
            before = HandedIn.objects.filter(**key).first()
            if before is None:
                raise
    if before is not None and before.sha256 != said["sha256"]:
        raise ValueError("something else came by this number before")
    return {"taken": said["sha256"]}


def _content(question: dict[str, Any], sha256: str) -> bytes:
    try:
        data = base64.b64decode(str(question.get("content", "")), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ValueError("the content is not base64") from problem
    if len(data) > MESSAGE or hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("the content is not what it says, or too large")
    return data


def _text(question: dict[str, Any], name: str, most: int) -> str:
    found = question.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= most or not found.isprintable():
        raise ValueError(f"{name} is no text of 1 to {most} characters")
    return found
