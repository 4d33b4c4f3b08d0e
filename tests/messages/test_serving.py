"""The gateway's own TLS: who may call, whom one reaches, and who takes too long."""

import asyncio
import gc
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from lingnan.kernel.exchange.messages import channels, serving
from lingnan.kernel.exchange.messages.connections import Channel, Connections
from lingnan.kernel.exchange.messages.directory import Peer
from lingnan.kernel.exchange.messages.refusals import Refused
from tests.messages.certificates import certified

HERE, HERE_ROOT = certified("shenzhen")
THERE, THERE_ROOT = certified("province")
STRANGER, STRANGER_ROOT = certified("stranger")


async def told(scope: Any, receive: Any, send: Any) -> None:
    """Says whose certificate the channel has, and whether it came by the socket file."""
    found = serving.caller(scope)
    name = x509.load_der_x509_certificate(found).subject.rfc4514_string() if found else ""
    body = f"{name}|{serving.local(scope)}".encode()
    head = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


def served(act: Callable[[int], Awaitable[Any]], *roots: str) -> Any:
    """What `act` returns while the province's gateway takes callers under these roots."""

    async def run() -> Any:
        stopping = asyncio.Event()
        context = channels.of_server(THERE, roots)
        listener = serving.listening("127.0.0.1", 0)
        serve = serving.serve([(serving.server(told, context), listener)], stopping)
        running = asyncio.create_task(serve)
        try:
            return await act(listener.getsockname()[1])
        finally:
            stopping.set()
            await running

    return asyncio.run(run())


def asking(own: channels.Certified, root: str, code: str = "province") -> Any:
    async def ask(port: int) -> bytes:
        connections = Connections()
        peer = Peer(f"CN-GD/GOV/data/{code}", f"https://127.0.0.1:{port}", root=root)
        channel = Channel(channels.Callers(own).of(peer), peer.code)
        try:
            return (await connections.fetch("GET", f"{peer.url}/", {}, b"", channel))[2]
        finally:
            await connections.close()

    return ask


def test_both_know_each_other_by_the_roots_of_the_directory() -> None:
    assert served(asking(HERE, THERE_ROOT), HERE_ROOT) == b"CN=shenzhen|False"


def test_who_is_under_no_root_of_the_directory_is_not_heard() -> None:
    with pytest.raises(Refused, match=r"127\.0\.0\.1"):
        served(asking(STRANGER, THERE_ROOT), HERE_ROOT)


@pytest.mark.parametrize("root,code", [(STRANGER_ROOT, "province"), (THERE_ROOT, "shenzhen")])
def test_who_is_not_the_node_that_is_meant_is_told_nothing(root: str, code: str) -> None:
    with pytest.raises(Refused):
        served(asking(HERE, root, code), HERE_ROOT)


def test_nothing_of_an_answer_waits_for_the_collector() -> None:
    """What waits lies in memory until there is much of it, and every message is slower for it."""

    async def many(port: int) -> int:
        connections = Connections()
        peer = Peer("CN-GD/GOV/data/province", f"https://127.0.0.1:{port}", root=THERE_ROOT)
        channel = Channel(channels.Callers(HERE).of(peer), peer.code)
        gc.collect()
        gc.disable()
        try:
            for _message in range(20):
                await connections.fetch("GET", f"{peer.url}/", {}, b"", channel)
            return sum(type(one) is RequestResponseCycle for one in gc.get_objects())
        finally:
            gc.enable()
            await connections.close()

    kept_by_its_connection = 1
    assert served(many, HERE_ROOT) <= kept_by_its_connection


def test_a_root_that_joins_later_is_taken_without_a_restart() -> None:
    async def run() -> bytes:
        context = channels.of_server(THERE, [HERE_ROOT])
        listener, stopping = serving.listening("127.0.0.1", 0), asyncio.Event()
        serve = serving.serve([(serving.server(told, context), listener)], stopping)
        running = asyncio.create_task(serve)
        port = listener.getsockname()[1]
        with pytest.raises(Refused):
            await asking(STRANGER, THERE_ROOT)(port)
        channels.trust(context, [STRANGER_ROOT])
        found: bytes = await asking(STRANGER, THERE_ROOT)(port)
        stopping.set()
        await running
        return found

    assert asyncio.run(run()) == b"CN=stranger|False"


def slow(content: bytes) -> Any:
    """What comes back to one that sends this and then nothing more."""

    async def ask(port: int) -> bytes:
        context = channels.of_client(HERE, THERE_ROOT)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname="province"
        )
        writer.write(content)
        try:
            return await asyncio.wait_for(reader.read(), 9)
        except (ConnectionError, ssl.SSLError):
            return b""
        finally:
            writer.close()

    return ask


@pytest.mark.parametrize("content", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nx-a: 1\r\n"])
def test_who_does_not_finish_a_head_is_let_go(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.1)
    assert served(slow(content), HERE_ROOT) == b""


def test_a_head_without_end_is_let_go() -> None:
    endless = b"GET / HTTP/1.1\r\n" + b"".join(b"x-%d: %s\r\n" % (n, b"y" * 99) for n in range(999))
    assert served(slow(endless), HERE_ROOT) == b""


def test_rubbish_gets_no_answer_that_helps() -> None:
    answer = served(slow(b"\x00\x01\x02 nonsense\r\n\r\n"), HERE_ROOT)
    assert b"200" not in answer.split(b"\r\n")[0]


def test_the_socket_file_is_for_this_nodes_own_processes(tmp_path: Path) -> None:
    async def run() -> bytes:
        place, stopping = tmp_path / "g.sock", asyncio.Event()
        serve = serving.serve([(serving.server(told, None), serving.listening_at(place))], stopping)
        running = asyncio.create_task(serve)
        assert place.stat().st_mode & 0o777 == 0o600
        reader, writer = await asyncio.open_unix_connection(str(place))
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        found = await reader.read()
        writer.close()
        stopping.set()
        await running
        return found

    assert asyncio.run(run()).endswith(b"|True")


def test_the_key_of_a_channel_is_on_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = ssl.SSLContext.load_cert_chain

    def load(self: ssl.SSLContext, certfile: Any, *more: Any) -> None:
        read.append(str(certfile))
        plain(self, certfile, *more)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load)
    channels.of_client(HERE, THERE_ROOT)
    assert len(read) == 1 and read[0].startswith("/proc/self/fd/")
    assert serialization.load_pem_private_key(HERE.key.encode(), None)
