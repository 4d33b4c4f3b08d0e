"""Group commit inside one process: many threads ask, one thread writes, all wait for the disk."""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from .closing import Closing
from .entry import Entry, EvidenceUnavailable, Receipt, prepare, system_now
from .store import Group, Store

GAP = 0.002
"""How long, in seconds, a commit waits for as many callers as the one before it had."""
COMMIT_GROUPS = 500
WAITING_GROUPS = 20_000


class Evidence(Protocol):
    """How evidence is written, whoever holds the store: `Writer` or `Client`."""

    def append(
        self, entries: Sequence[Entry], timeout: float = 10.0, request: str | None = None
    ) -> list[Receipt]:
        """Returns when every entry is durable. Raises `InvalidEntry` or `EvidenceUnavailable`.

        A `request` (32 hexadecimal digits) that was written before is not written again: it gets
        the receipts it got then, while it is remembered (`store.REMEMBERED`).
        """
        ...

    def erase(self, seqs: Sequence[int], reason: str, timeout: float = 10.0) -> Receipt:
        """Erase what is personal in these entries; the receipt is the erasure's own entry."""
        ...

    def close(self) -> None: ...


class _Ticket:
    """One waiting caller. `waits` is held until there is an answer; a lock wakes sooner than an
    event, and every entry wakes somebody."""

    __slots__ = ("group", "problem", "receipts", "waits")

    def __init__(self, group: Group) -> None:
        self.group = group
        self.waits = threading.Lock()
        self.waits.acquire()
        self.receipts: list[Receipt] = []
        self.problem: EvidenceUnavailable | None = None


class Writer(Closing):
    """Writes a claimed store from any number of threads; closing it closes the store."""

    def __init__(self, store: Store, gap: float = GAP) -> None:
        self._store, self._gap = store, gap
        self._queue: deque[_Ticket] = deque()
        self._arrived = threading.Condition()
        self._enough = 1
        self._closing, self._process = False, os.getpid()
        self._thread = threading.Thread(target=self._run, name="evidence", daemon=True)
        self._thread.start()

    def append(
        self, entries: Sequence[Entry], timeout: float = 10.0, request: str | None = None
    ) -> list[Receipt]:
        """As `Evidence.append`; after a timeout the entries may still become durable."""
        group = Group(tuple(prepare(entry) for entry in entries), request)
        return self.submit(group, timeout) if entries else []

    def erase(self, seqs: Sequence[int], reason: str, timeout: float = 10.0) -> Receipt:
        """As `Evidence.erase`."""
        return self.submit(self._store.erasure(seqs, reason, system_now()), timeout)[0]

    def submit(self, group: Group, timeout: float) -> list[Receipt]:
        """Queue a prepared group and wait for its receipts."""
        if self._process != os.getpid():
            raise EvidenceUnavailable("The evidence writer was opened before this process split.")
        ticket = _Ticket(group)
        with self._arrived:
            if self._closing or len(self._queue) >= WAITING_GROUPS:
                raise EvidenceUnavailable("The evidence writer is closing or has too much to do.")
            self._queue.append(ticket)
            if len(self._queue) >= self._enough:
                self._arrived.notify()
        if not ticket.waits.acquire(timeout=timeout):
            raise EvidenceUnavailable("The evidence was not durable in time.")
        if ticket.problem is not None:
            raise EvidenceUnavailable(str(ticket.problem)) from ticket.problem
        return ticket.receipts

    def close(self) -> None:
        """Write what is waiting, stop, and close the store."""
        with self._arrived:
            self._closing = True
            self._arrived.notify()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        before = 1
        while tickets := self._gather(before):
            before = len(tickets)
            self._commit(tickets)
        self._store.close()

    def _gather(self, before: int) -> list[_Ticket]:
        """The callers of the next commit; none when closed and everything is written."""
        with self._arrived:
            self._enough = 1
            while not self._queue and not self._closing:
                self._arrived.wait()
            # Woken once by the last that it waits for, not by each.
            self._enough = min(before, COMMIT_GROUPS)
            until = time.monotonic() + self._gap
            while len(self._queue) < self._enough and not self._closing:
                left = until - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    break
            count = min(len(self._queue), COMMIT_GROUPS)
            return [self._queue.popleft() for _ in range(count)]

    def _commit(self, tickets: list[_Ticket]) -> None:
        try:
            answers = self._store.commit([ticket.group for ticket in tickets])
        except Exception as problem:  # every caller must hear of it, whatever it is
            for ticket in tickets:
                ticket.problem = EvidenceUnavailable(str(problem))
        else:
            for ticket, receipts in zip(tickets, answers, strict=True):
                ticket.receipts = receipts
        for ticket in tickets:
            ticket.waits.release()
