"""One process of the measured exchange: `python -m benchmarks.exchange_gateways ROLE FILE`.

The gateways are put together as `node.gateway` does, of the same parts, with keys of the run. Bare,
nothing is signed, judged or written down; TLS, addresses, directory and forwarding stay.
"""

import asyncio
import hashlib
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.exchange.messages import asgi, channels, serving, signing, witnessing
from lingnan.kernel.exchange.messages.carrying import NodeWire
from lingnan.kernel.exchange.messages.connections import Connections
from lingnan.kernel.exchange.messages.consuming import Consumer
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.offerings import Address, Addresses
from lingnan.kernel.exchange.messages.providing import Provider
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.kernel.exchange.messages.signing import Speaker, Spoken
from lingnan.kernel.exchange.messages.witnessing import EvidenceWitness
from lingnan.kernel.trust.evidence.asynchronous import AsyncClient
from lingnan.standards.xroad import Identifier, Service

FIRE = Identifier("CN-GD", "GOV", "gd-440300-fire", "permits")
REGISTER = Identifier("CN-GD", "GOV", "gd-440000-market", "register")
SERVICE = Service(REGISTER, "firms")


def main() -> None:
    role, told = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    serving.settle()
    uvloop.run(_service(told) if role == "service" else _gateway(role, told))


async def _service(told: dict[str, Any]) -> None:
    """The department's own: answers with as many bytes as the path's last word says, and keeps the
    part of that number which is put there."""
    bodies: dict[bytes, bytes] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        size = scope["path"].rpartition("/")[2].encode()
        if scope["method"] == "PUT":
            data = await asgi.body_of(scope, receive)
            await asyncio.to_thread(_keep, told["kept"], int(size) * len(data), data)
            size = b"1"
        body = bodies.setdefault(size, b"x" * int(size or b"1024"))
        head = [(b"content-type", b"application/octet-stream"),
                (b"content-length", str(len(body)).encode())]  # fmt: skip
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    listener = serving.listening("127.0.0.1", told["service"])
    await serving.serve([(serving.server(application, None), listener)], asyncio.Event())


def _keep(path: str, offset: int, data: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.pwrite(opened, data, offset)
    os.fsync(opened)
    os.close(opened)


async def _gateway(role: str, told: dict[str, Any]) -> None:
    own = told[role]
    channel = channels.Certified(own["chain"], own["key"])
    roots = [told[name]["root"] for name in ("consumer", "provider")]
    context = channels.of_server(channel, [*roots, told["system"]["root"]])
    listener = serving.listening("127.0.0.1", own["port"])
    application = _consumer(told, channel) if role == "consumer" else _provider(told)
    await serving.serve([(serving.server(application, context), listener)], asyncio.Event())


def _consumer(told: dict[str, Any], channel: channels.Certified) -> Any:
    directory = _directory(told)
    wire = NodeWire(Connections(), channels.Callers(channel), told["consumer"]["server"],
                    lambda peer: peer)  # fmt: skip

    class Everybody:
        def demand(self, scope: Any, client: Identifier) -> None:
            if serving.caller(scope) is None:
                raise AssertionError("without a certificate")

    if told["bare"]:
        _bare()
    return Consumer(
        _speaker(told["consumer"]), lambda: directory, wire, Everybody(), _witness(told, "consumer")
    )


def _provider(told: dict[str, Any]) -> Any:
    directory = _directory(told)

    async def run(call: Any) -> Any:
        return call()

    address = Address(f"http://127.0.0.1:{told['service']}")
    offering = Addresses(
        lambda: {SERVICE: address}, Connections(), lambda member: {"register.firms"}, run
    )
    if told["bare"]:
        _bare()
    return Provider(
        _speaker(told["provider"]), lambda: directory, offering, _witness(told, "provider"),
        Seen(time.time() - 60),
    )  # fmt: skip


def _bare() -> None:
    """Signing and its judgement off, in this process alone."""
    directory_peer: dict[str, Peer] = {}

    def unsigned(message: Any, body: bytes, speaker: Speaker) -> Any:
        message.fields["signature-input"] = message.fields["signature"] = "none"
        return message

    def read_request(message: Any, body: bytes, directory: Directory, *_: Any) -> Spoken:
        peer = directory_peer.setdefault("consumer", next(iter(directory.peers)))
        return Spoken(peer, "", b"", 0)

    def read_answer(message: Any, body: bytes, directory: Directory, peer: Peer) -> Spoken:
        return Spoken(peer, "", b"", 0)

    patched: Any = signing
    patched.signed_request = patched.signed_answer = unsigned
    patched.read_request, patched.read_answer = read_request, read_answer
    written: Any = witnessing
    written.request = written.both = lambda *_messages: {}


class _Nobody:
    async def write(self, kind: str, payload: Any, reference: str) -> None:
        """Nothing is written down."""


def _witness(told: dict[str, Any], role: str) -> Any:
    if told["bare"]:
        return _Nobody()
    return EvidenceWitness(AsyncClient(Path(told[role]["evidence"])))


def _speaker(own: dict[str, Any]) -> Speaker:
    key = _loaded(own)
    algorithm = ec.ECDSA(hashes.SHA256())
    return Speaker(own["server"], own["keyid"], lambda data: key.sign(data, algorithm))


def _directory(told: dict[str, Any]) -> Directory:
    peers = []
    for role, member in (("consumer", FIRE), ("provider", REGISTER)):
        own = told[role]
        public = _loaded(own).public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )  # fmt: skip
        members = frozenset({Identifier(*member.parts[:3])})
        url = f"https://127.0.0.1:{own['port']}"
        peers.append(Peer(own["server"], url, {own["keyid"]: public}, members, own["root"]))
    now = datetime.now(UTC)
    homes = {REGISTER: told["provider"]["server"]}
    return Directory("CN-GD", 1, now, now + timedelta(hours=9), tuple(peers), homes)


def _loaded(own: dict[str, Any]) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(own["signs"].encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def keyid(der: bytes) -> str:
    """As the directory names a key."""
    return hashlib.sha256(der).hexdigest()


if __name__ == "__main__":
    main()
