"""Passing on what is for a node that is reached through this one: as it is, answer and all.

Signatures go from end to end; who passes on writes down that it did, and can change nothing.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

from lingnan.kernel.exchange.messages import signing, witnessing
from lingnan.kernel.exchange.messages.calls import Answer, Wire, Witness
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.signing import Spoken
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message


class Passing(Protocol):
    """Who passes on what is for others."""

    def passes(self, request: Message, directory: Directory) -> bool: ...

    async def answered(self, request: Message, body: bytes, directory: Directory) -> Answer: ...


def told(request: Message, body: bytes, spoken: Spoken, to: str) -> dict[str, Any]:
    """What is kept of a request that is passed on."""
    return {
        "node": spoken.peer.server,
        "to": to,
        "client": request.fields.get(xroad.CLIENT, ""),
        "digest": hashlib.sha256(body).hexdigest(),
        "input": request.fields["signature-input"],
        "signature": base64.b64encode(spoken.signature).decode(),
    } | witnessing.passed(request)


@dataclass(frozen=True)
class Relay:
    """`here`: the node that passes on."""

    here: str
    wire: Wire
    witness: Witness

    def passes(self, request: Message, directory: Directory) -> bool:
        """Whether it is for another node of the directory."""
        named = request.fields.get(xroad.SERVER, "")
        return named != self.here and named in directory.servers

    async def answered(self, request: Message, body: bytes, directory: Directory) -> Answer:
        """Raises Refused: not signed by a node of the directory, neither from nor to a node that is
        reached through this one, or nobody answers."""
        spoken = signing.read_passing(request, body, directory)
        target = directory.peer(request.fields[xroad.SERVER])
        if self.here not in directory.way_to(target) | directory.way_to(spoken.peer):
            raise Refused("InvalidSecurityServer", f"this message is not for {self.here}")
        kept = told(request, body, spoken, target.server)
        await self.witness.write("message.relayed", kept, request.fields.get(xroad.ID, ""))
        answer, said = await self.wire.send(target, request, body)
        fields = [(k, v) for k, v in answer.fields.items() if k not in xroad.NOT_CARRIED]
        return Answer(answer.status, fields, said)
