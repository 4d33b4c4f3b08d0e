"""Requests to another node's portal, and which hop fails where one does."""

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lingnan.kernel.runtime.api import read_json

LONGEST = 32 * 1024 * 1024
PATIENCE = 10.0


class Failed(Exception):
    """A hop that failed: address, name, reach, tls, answer, or what the other node said."""

    def __init__(self, hop: str, detail: str) -> None:
        super().__init__(f"{hop}: {detail}")
        self.hop, self.detail = hop, detail


@dataclass(frozen=True)
class Said:
    """An answer: its status, and its JSON (empty where it is no object)."""

    status: int
    body: dict[str, Any]


def get(url: str, path: str) -> Said:
    """Raises Failed."""
    return _asked(url, "GET", path, None)


def post(url: str, path: str, told: dict[str, Any], patience: float = PATIENCE) -> Said:
    """Raises Failed."""
    return _asked(url, "POST", path, json.dumps(told).encode(), patience)


def _asked(
    url: str, method: str, path: str, body: bytes | None, patience: float = PATIENCE
) -> Said:
    connection = _connected(url, patience)
    head = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        connection.request(method, path, body, head)
        answer = connection.getresponse()
        content = answer.read(LONGEST + 1)
    except (OSError, http.client.HTTPException) as problem:
        raise Failed("answer", f"{url}: {problem or type(problem).__name__}") from problem
    finally:
        connection.close()
    try:
        found = read_json(content[: LONGEST + 1])
    except ValueError:
        found = {}
    return Said(answer.status, found if isinstance(found, dict) else {})


def _connected(url: str, patience: float) -> http.client.HTTPConnection:
    """Hop by hop, so that the one that fails can be named."""
    at = urlsplit(url)
    if at.scheme not in ("http", "https") or not at.hostname:
        raise Failed("address", f"{url} is no address: http:// or https://, a host, a port")
    port = at.port or (443 if at.scheme == "https" else 80)
    reached(at.hostname, port, patience)
    if at.scheme == "http":
        return http.client.HTTPConnection(at.hostname, port, timeout=patience)
    made = http.client.HTTPSConnection(
        at.hostname, port, timeout=patience, context=ssl.create_default_context()
    )
    try:
        made.connect()
    except ssl.SSLError as problem:
        raise Failed("tls", f"{at.netloc}: {problem.reason or problem}") from problem
    except OSError as problem:
        raise Failed("reach", f"{at.netloc}: {problem}") from problem
    return made


def reached(host: str, port: int, patience: float = PATIENCE) -> socket.socket:
    """A connection that is closed again at once by whoever drops it. Raises Failed."""
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise Failed("name", f"{host}: {problem.strerror or problem}") from problem
    try:
        made = socket.create_connection((host, port), timeout=patience)
    except OSError as problem:
        raise Failed("reach", f"{host}:{port}: {problem.strerror or problem}") from problem
    return made


def channel(
    url: str, context: ssl.SSLContext, name: str, *, speak: bool = True, patience: float = PATIENCE
) -> None:
    """That a node of this name answers at the address of its gateway; one that does not know us yet
    shows who it is and no more (`speak`). Raises Failed."""
    at = urlsplit(url)
    plain = reached(at.hostname or "", at.port or 443, patience)
    try:
        with context.wrap_socket(plain, server_hostname=name) as made:
            if not speak:
                return
            made.settimeout(patience)
            made.sendall(b"GET / HTTP/1.1\r\nHost: " + at.netloc.encode() + b"\r\n\r\n")
            if not made.recv(16).startswith(b"HTTP/1.1"):
                raise Failed("answer", f"{at.netloc} does not speak HTTP")
    except ssl.SSLError as problem:
        raise Failed("tls", f"{at.netloc}: {problem.reason or problem}") from problem
    except OSError as problem:
        raise Failed("answer", f"{at.netloc}: {problem}") from problem
    finally:
        plain.close()
