"""A question to another node, by the file of this node's own gateway."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards.xroad import Identifier, Service

pytestmark = pytest.mark.kernel
FIRE = Identifier("CN-GD", "GOV", "gd-440000-fire", "lingnan")
SERVICE = Service(Identifier("CN-GD", "GOV", "gd-440000-market", "legal_persons"), "firms")


@contextmanager
def gateway(path: Path, content: bytes | None) -> Iterator[list[bytes]]:
    """What was received first by one that says this once; None: it is never answered."""
    received: list[bytes] = []
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def serve() -> None:
        connection, _address = server.accept()
        with connection:
            while b"}" not in (received or [b""])[-1]:
                received.append(connection.recv(65_536))
            if content is not None:
                connection.sendall(content)
            else:
                connection.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.close()
        thread.join(2)


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    settings.GATEWAY_SOCKET = tmp_path / "g.sock"
    return tmp_path / "g.sock"


def said(content: bytes, head: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: %d\r\n\r\n" % len(content) + content


def test_it_says_who_asks_for_whom_in_which_case(place: Path) -> None:
    question = Question(FIRE, SERVICE, {"a": 1}, "办件 1", "科员/4")
    with gateway(place, said(b'{"b": 2}')) as received:
        assert outward.ask(question, 5.0) == Said(200, {"b": 2})
    head, _end, body = b"".join(received).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /r1/CN-GD/GOV/gd-440000-market/legal_persons/firms HTTP/1.1")
    for line in (b"x-road-client: CN-GD/GOV/gd-440000-fire/lingnan",
                 b"x-road-issue: %E5%8A%9E%E4%BB%B6 1",
                 b"x-road-userid: %E7%A7%91%E5%91%98/4"):  # fmt: skip
        assert line in head.lower() or line in head, line
    assert json.loads(body) == {"a": 1}


def test_a_refusal_of_the_gateway_is_told_apart(place: Path) -> None:
    refused = b"x-road-error: Server.ServerProxy.AccessDenied\r\n"
    with gateway(place, said(b'{"message": "no"}', refused)):
        answer = outward.ask(Question(FIRE, SERVICE, {}), 5.0)
    assert answer.refused == "Server.ServerProxy.AccessDenied" and answer.body["message"] == "no"


@pytest.mark.parametrize("content", [b"", b"[]", b"<html>", b"\xff"])
def test_what_is_no_object_is_empty(place: Path, content: bytes) -> None:
    with gateway(place, said(content)):
        assert outward.ask(Question(FIRE, SERVICE, {}), 5.0).body == {}


def test_an_answer_without_end_is_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "LONGEST", 10)
    with gateway(place, said(b'{"a": "0123456789"}')), pytest.raises(Unavailable, match="too long"):
        outward.ask(Question(FIRE, SERVICE, {}), 5.0)


def test_without_a_gateway_nothing_is_asked(place: Path) -> None:
    with pytest.raises(Unavailable):
        outward.ask(Question(FIRE, SERVICE, {}), 5.0)


def test_who_never_answers_is_waited_for_no_longer_than_the_deadline(place: Path) -> None:
    with gateway(place, None), pytest.raises(Unavailable):
        outward.ask(Question(FIRE, SERVICE, {}), 0.2)
