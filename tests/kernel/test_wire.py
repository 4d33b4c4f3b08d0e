"""A question to another node: what it is sent over, and what it may answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lingnan.kernel.exchange import wire
from lingnan.kernel.exchange.use import Unavailable

pytestmark = pytest.mark.kernel


@contextmanager
def answering(content: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """(port, what was received first) of a server that says this once."""
    received: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = server.accept()
        with connection:
            received.append(connection.recv(65_536))
            connection.sendall(content)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1]), received
    finally:
        thread.join(5)
        server.close()


def test_an_https_address_is_never_asked_in_plain_text() -> None:
    content = b"HTTP/1.1 200 OK\r\n\r\n{}"
    with answering(content) as (port, received), pytest.raises(Unavailable):
        wire.post(f"https://127.0.0.1:{port}", "the-word", "/x", {"a": "secret"}, 5.0)
    assert received[0][:1] == b"\x16", "a TLS handshake"
    assert b"secret" not in received[0] and b"the-word" not in received[0]


def test_an_answer_without_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LONGEST", 10)
    for content, good in ((b'{"a": 1}', True), (b'{"a": "0123456789"}', False)):
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        with answering(head + content) as (port, _received):
            url = f"http://127.0.0.1:{port}"
            if good:
                assert wire.post(url, "w", "/x", {}, 5.0) == (200, {"a": 1})
            else:
                with pytest.raises(Unavailable, match="too long"):
                    wire.post(url, "w", "/x", {}, 5.0)


def test_who_never_answers_is_waited_for_no_longer_than_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unavailable):
        wire.post(f"http://127.0.0.1:{silent.getsockname()[1]}", "w", "/x", {}, 0.2)
