"""Writing evidence from any process, through the socket of the one that holds the store."""

import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .closing import Closing
from .entry import Entry, EvidenceUnavailable, InvalidEntry, Receipt
from .wire import HEADER, entries_out, frame, receipts_in

PATIENCE = 1.0
"""How long, in seconds, a request waits for a writer that is being restarted."""


class _Lost(Exception):
    """The connection ended before the answer."""


class Client(Closing):
    """Appends through the writer's socket; one connection for each thread, made when needed.

    A request interrupted by a restart of the writer is sent once more under the same name, so it
    is written exactly once. Anything else is `EvidenceUnavailable`; after it the entries may or
    may not have become durable.
    """

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._path, self._patience = path, patience
        self._local = threading.local()

    def append(
        self, entries: Sequence[Entry], timeout: float = 10.0, request: str | None = None
    ) -> list[Receipt]:
        """As `Evidence.append`."""
        if not entries:
            return []
        message = {"op": "append", "entries": entries_out(entries)}
        return receipts_in(self._ask(message, timeout, request))

    def erase(self, seqs: Sequence[int], reason: str, timeout: float = 10.0) -> Receipt:
        """As `Evidence.erase`."""
        message = {"op": "erase", "seqs": list(seqs), "reason": reason}
        return receipts_in(self._ask(message, timeout))[0]

    def ping(self, timeout: float = 1.0) -> bool:
        """Whether a writer answers now."""
        try:
            self._try(frame({"op": "ping"}), time.monotonic() + timeout, patience=0)
        except (_Lost, EvidenceUnavailable):
            return False
        return True

    def close(self) -> None:
        """Close this thread's connection; those of other threads end with their threads."""
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _ask(
        self, message: dict[str, Any], timeout: float, request: str | None = None
    ) -> dict[str, Any]:
        data = frame({**message, "request": request or secrets.token_hex(16)})
        until = time.monotonic() + timeout
        try:
            answer = self._try(data, until, self._patience)
        except _Lost:
            try:
                answer = self._try(data, until, self._patience)
            except _Lost as problem:
                raise EvidenceUnavailable("The evidence writer went away.") from problem
        if answer.get("ok"):
            return answer
        if answer.get("error") == "invalid":
            raise InvalidEntry(answer.get("message"))
        raise EvidenceUnavailable(answer.get("message"))

    def _try(self, data: bytes, until: float, patience: float) -> dict[str, Any]:
        """Send and wait. Raises `_Lost` when sending again is worth while."""
        connection = self._connection(min(until, time.monotonic() + patience))
        try:
            _allow(connection, until)
            connection.sendall(data)
            (length,) = HEADER.unpack(_receive(connection, HEADER.size, until))
            answer = json.loads(_receive(connection, length, until))
        except TimeoutError as problem:
            self.close()
            raise EvidenceUnavailable("The evidence was not durable in time.") from problem
        except OSError as problem:
            self.close()
            raise _Lost from problem
        except BaseException:
            self.close()
            raise
        return answer if isinstance(answer, dict) else {}

    def _connection(self, until: float) -> socket.socket:
        """This thread's connection, or a new one, tried again until that moment."""
        connection: socket.socket | None = getattr(self._local, "connection", None)
        if connection is not None and self._local.process == os.getpid():
            return connection
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(1.0)
                connection.connect(str(self._path))
            except OSError as problem:
                connection.close()
                if time.monotonic() >= until:
                    raise EvidenceUnavailable("No evidence writer answers.") from problem
                time.sleep(0.02)
                continue
            self._local.connection, self._local.process = connection, os.getpid()
            return connection


def _receive(connection: socket.socket, length: int, until: float) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        _allow(connection, until)
        data = connection.recv(length - len(parts))
        if not data:
            raise _Lost
        parts += data
    return bytes(parts)


def _allow(connection: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
