"""The one process that writes evidence: `python -m lingnan.kernel.trust.evidence.serve`.

It claims the store, listens on a Unix socket only its own user may open, writes whatever has
arrived in one transaction, and answers when the disk has it. SIGTERM ends it between commits.
"""

import argparse
import json
import logging
import os
import re
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from .database import connect
from .entry import EvidenceUnavailable, InvalidEntry, prepare, system_now
from .store import Group, SqlStore
from .wire import FRAME_LIMIT, HEADER, entries_in, frame, receipts_out
from .writer import GAP

logger = logging.getLogger(__name__)
_READ = 256 * 1024
_REQUEST = re.compile("[0-9a-f]{32}")


class _Peer:
    """One connected client: bytes not yet read as frames, bytes not yet sent."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.incoming, self.outgoing = bytearray(), bytearray()
        self.events = selectors.EVENT_READ

    def frames(self) -> list[bytes]:
        """The complete frames so far. Raises ValueError when one is too long."""
        found, start = [], 0
        while len(self.incoming) >= start + HEADER.size:
            (length,) = HEADER.unpack_from(self.incoming, start)
            if length > FRAME_LIMIT:
                raise ValueError("The frame is too long.")
            end = start + HEADER.size + length
            if len(self.incoming) < end:
                break
            found.append(bytes(self.incoming[start + HEADER.size : end]))
            start = end
        del self.incoming[:start]
        return found


class Server:
    """Serves one claimed store on one socket, in one thread. Raises `EvidenceUnavailable`."""

    def __init__(self, store: SqlStore, path: Path, gap: float = GAP) -> None:
        self._store, self._path, self._gap = store, path, gap
        self._selector = selectors.DefaultSelector()
        self._listener = _listen(path)
        self._wake, self._woken = socket.socketpair()
        self._ending = False
        self._waiting: list[tuple[_Peer, Group]] = []
        self._before = 1
        for listened in (self._listener, self._woken):
            listened.setblocking(False)
            self._selector.register(listened, selectors.EVENT_READ)

    def end(self, *_: Any) -> None:
        """Finish the commit under way and stop; safe from a signal handler or another thread."""
        self._ending = True
        self._wake.send(b"\0")

    def run(self) -> None:
        """Serve until `end`."""
        try:
            while not self._ending:
                self._turn(None)
                until = time.monotonic() + self._gap
                while self._waiting and len(self._waiting) < self._before:
                    left = until - time.monotonic()
                    if left <= 0 or self._ending:
                        break
                    self._turn(left)
                self._commit()
        finally:
            self._close()

    def _turn(self, timeout: float | None) -> None:
        for key, events in self._selector.select(timeout):
            if key.fileobj is self._listener:
                self._accept()
            elif isinstance(key.data, _Peer):
                if events & selectors.EVENT_WRITE:
                    self._send(key.data)
                if events & selectors.EVENT_READ:
                    self._receive(key.data)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as problem:
            logger.warning("A connection could not be accepted: %s", problem)
            time.sleep(0.01)
            return
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, _Peer(connection))

    def _receive(self, peer: _Peer) -> None:
        try:
            data = peer.connection.recv(_READ)
            peer.incoming += data
            frames = peer.frames() if data else None
        except BlockingIOError:
            return
        except (OSError, ValueError):
            frames = None
        if frames is None:
            self._drop(peer)
            return
        for body in frames:
            try:
                self._request(peer, body)
            except InvalidEntry as problem:
                self._refuse(peer, "invalid", problem)
            except EvidenceUnavailable as problem:
                self._refuse(peer, "unavailable", problem)

    def _request(self, peer: _Peer, body: bytes) -> None:
        message = _message(body)
        request = message.get("request")
        if request is not None and not (isinstance(request, str) and _REQUEST.fullmatch(request)):
            raise InvalidEntry("A request is named by 32 hexadecimal digits.")
        match message.get("op"):
            case "append":
                entries = entries_in(message.get("entries"))
                group = Group(tuple(prepare(entry) for entry in entries), request)
                self._waiting.append((peer, group))
            case "erase":
                seqs, reason = message.get("seqs"), message.get("reason")
                if not isinstance(seqs, list) or not isinstance(reason, str):
                    raise InvalidEntry("An erasure names its entries and its reason.")
                group = self._store.erasure(seqs, reason, system_now())
                self._waiting.append((peer, Group(group.entries, request, group.erase)))
            case "ping":
                self._answer(peer, {"ok": True, "size": self._store.size()})
            case _:
                raise InvalidEntry("No such operation.")

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        self._before = len(waiting)
        try:
            answers = self._store.commit([group for _, group in waiting])
        except Exception as problem:  # every caller must hear of it, whatever it is
            logger.error("Evidence could not be written: %s", problem)
            for peer, _ in waiting:
                self._refuse(peer, "unavailable", problem)
            return
        for (peer, _), receipts in zip(waiting, answers, strict=True):
            self._answer(peer, receipts_out(receipts))

    def _refuse(self, peer: _Peer, error: str, problem: Exception) -> None:
        self._answer(peer, {"ok": False, "error": error, "message": str(problem)})

    def _answer(self, peer: _Peer, message: dict[str, Any]) -> None:
        peer.outgoing += frame(message)
        self._send(peer)

    def _send(self, peer: _Peer) -> None:
        if peer.connection.fileno() < 0:
            return
        try:
            sent = peer.connection.send(peer.outgoing)
            del peer.outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(peer)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.outgoing else 0)
        if events != peer.events:
            self._selector.modify(peer.connection, events, peer)
            peer.events = events

    def _drop(self, peer: _Peer) -> None:
        if peer.connection.fileno() >= 0:
            self._selector.unregister(peer.connection)
            peer.connection.close()

    def _close(self) -> None:
        self._path.unlink(missing_ok=True)
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()
        self._wake.close()
        self._store.close()


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise InvalidEntry("Not JSON.") from problem
    if not isinstance(message, dict):
        raise InvalidEntry("Not a request.")
    return message


def _listen(path: Path) -> socket.socket:
    """A socket of mode 0600; one that nobody answers any more is replaced."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(str(path)) == 0:
                raise EvidenceUnavailable("Another process answers on this socket.")
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen(1024)
    except BaseException as problem:
        listener.close()
        if isinstance(problem, OSError):  # also a path longer than 107 bytes
            raise EvidenceUnavailable(f"No socket at {path}: {problem}") from problem
        raise
    return listener


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 when the store or the socket cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m lingnan.kernel.trust.evidence.serve")
    parser.add_argument("--store", required=True, help="a file, or postgresql://…")
    parser.add_argument("--socket", required=True, type=Path)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        store = SqlStore(connect(options.store, write=True))
        server = Server(store, options.socket)
    except EvidenceUnavailable as problem:
        logger.error("%s", problem)
        return 1
    signal.signal(signal.SIGTERM, server.end)
    signal.signal(signal.SIGINT, server.end)
    logger.info("Evidence is written here; the log has %d entries.", store.size())
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
