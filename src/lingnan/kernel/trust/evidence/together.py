"""Writing evidence from many threads of one process: who asks while others wait is written with
them, by one message of one connection, as `asynchronous` does for an event loop.

A message for each caller would cost the process more than the disk costs the writer. Those who were
written together wake one another, one after the other: all at once they would only wait for
Python's lock, and take it from whoever computes.
"""

import threading
from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from .client import Client
from .closing import Closing
from .entry import Entry, EvidenceUnavailable, InvalidEntry, Receipt

LANES = 2
"""Messages under way: while the disk writes what came by one, the other gathers."""
TOGETHER = 500
"""Most entries of one message."""


class _Asked:
    """One caller. `turn` is held until it has its answer, or is to send what is waiting; then it
    wakes who is `following`. It has `left` when it waited too long."""

    __slots__ = ("entries", "following", "left", "problem", "receipts", "sends", "turn")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.receipts: list[Receipt] = []
        self.problem: Exception | None = None
        self.sends = self.left = False
        self.following: _Asked | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class Together(Closing):
    """As `Client`, which it sends by. One of those who wait sends for all of them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._guard = threading.Lock()
        self._waiting: deque[_Asked] = deque()
        self._lanes = LANES

    def append(
        self, entries: Sequence[Entry], timeout: float = 10.0, request: str | None = None
    ) -> list[Receipt]:
        """As `Evidence.append`."""
        if not entries:
            return []
        if request is not None or len(entries) > TOGETHER:
            return self._client.append(entries, timeout, request)
        asked = _Asked(entries)
        with self._guard:
            self._waiting.append(asked)
            if self._lanes:
                self._lanes -= 1
                self._wake()
        if not asked.turn.acquire(timeout=timeout):
            self._give_up(asked)
            raise EvidenceUnavailable("The evidence was not durable in time.")
        try:
            if asked.sends:
                self._send(asked, timeout)
        finally:
            self._pass_on(asked)
        if asked.problem is not None:
            raise asked.problem
        return asked.receipts

    def erase(self, seqs: Sequence[int], reason: str, timeout: float = 10.0) -> Receipt:
        """As `Evidence.erase`."""
        return self._client.erase(seqs, reason, timeout)

    def ping(self, timeout: float = 1.0) -> bool:
        """Whether a writer answers now."""
        return self._client.ping(timeout)

    def close(self) -> None:
        self._client.close()

    def _give_up(self, asked: _Asked) -> None:
        """Who waits no longer does not send for others either, nor wake them."""
        with self._guard:
            asked.left = True
            if asked in self._waiting:
                self._waiting.remove(asked)
            woken = asked.turn.acquire(blocking=False)
            if woken and asked.sends:
                self._wake()
        if woken:
            self._pass_on(asked)

    def _pass_on(self, asked: _Asked) -> None:
        """Wake the next of those who were written together."""
        with self._guard:
            following = asked.following
            while following is not None and following.left:
                following = following.following
            if following is not None:
                following.turn.release()

    def _wake(self) -> None:
        """Let the first that waits send; the lane is free where nobody does. Under the guard."""
        if self._waiting:
            first = self._waiting[0]
            first.sends = True
            self._waiting.popleft()
            first.turn.release()
        else:
            self._lanes += 1

    def _send(self, own: _Asked, timeout: float) -> None:
        with self._guard:
            batch, count = [own], len(own.entries)
            while self._waiting and count + len(self._waiting[0].entries) <= TOGETHER:
                batch.append(self._waiting.popleft())
                count += len(batch[-1].entries)
        try:
            self._write(batch, timeout)
        finally:
            with self._guard:
                self._wake()
                for asked, following in pairwise(batch):
                    asked.following = following

    def _write(self, batch: Sequence[_Asked], timeout: float) -> None:
        try:
            receipts = self._client.append([e for one in batch for e in one.entries], timeout)
        except InvalidEntry as problem:
            if len(batch) == 1:
                batch[0].problem = problem
                return
            # One caller's bad entry is not another's failure.
            for asked in batch:
                self._write([asked], timeout)
        except Exception as problem:  # every caller must hear of it, whatever it is
            for asked in batch:
                asked.problem = EvidenceUnavailable(str(problem))
        else:
            at = 0
            for asked in batch:
                asked.receipts = receipts[at : at + len(asked.entries)]
                at += len(asked.entries)
