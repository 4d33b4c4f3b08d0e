"""The count of one process: lines of this minute in memory, taken away by who writes them down."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lingnan.kernel.exchange.traffic import buckets

MINUTE = 60
MOST = 20_000
"""Lines that a process tells apart between two writings; what is more is counted as OTHERS."""
OTHERS = "*"
OUT, IN, THROUGH, HERE = "out", "in", "through", "here"
"""Asked of another node; answered to another; passed on between two; used within this node."""
OK, DENIED, BAD, UNAVAILABLE, FAILED = "ok", "denied", "bad", "unavailable", "failed"
"""Answered; refused by law or agreement; the caller's own mistake; nobody answered; a fault."""
OUTCOMES = (OK, DENIED, BAD, UNAVAILABLE, FAILED)
FAULTS = frozenset({UNAVAILABLE, FAILED})
"""What counts as an error of a service. That somebody was rightly refused does not."""
_UNAVAILABLE = frozenset({
    "NetworkError", "ServiceFailed", "Overloaded", "OutdatedGlobalConf", "TimedOut", "Restarted",
})  # fmt: skip
_BAD = frozenset({
    "BadRequest", "UnknownService", "UnknownMember", "InvalidClientIdentifier", "MessageTooLarge",
    "InvalidSecurityServer", "UnknownServer",
})  # fmt: skip


class Line(NamedTuple):
    """What is counted apart. `client` and `service` as X-Road writes them; of a use within the node
    the body's code and the resource. Nodes (by `server`) are empty there."""

    way: str
    client: str
    service: str
    consumer_node: str
    provider_node: str
    outcome: str


@dataclass
class Count:
    """How many, how many bytes in both directions, how long, and the last one's moment (seconds
    since 1970)."""

    number: int = 0
    size: int = 0
    last: float = 0.0
    durations: dict[int, int] = field(default_factory=dict)

    def add(self, other: "Count") -> None:
        self.number += other.number
        self.size += other.size
        self.last = max(self.last, other.last)
        self.durations = buckets.together((self.durations, other.durations))


Taken = dict[tuple[int, Line], Count]
"""By minute (seconds since 1970) and line."""


class Counter:
    """Counts, from any thread; never waits for anything but another count."""

    def __init__(self) -> None:
        self._lines: Taken = {}
        self._turn = threading.Lock()

    def add(self, line: Line, seconds: float, size: int = 0) -> None:
        now = time.time()
        minute, bucket = int(now) // MINUTE * MINUTE, buckets.bucket(int(seconds * 1e6))
        with self._turn:
            if len(self._lines) >= MOST and (minute, line) not in self._lines:
                line = line._replace(client=OTHERS, service=OTHERS)
            count = self._lines.setdefault((minute, line), Count())
            count.number += 1
            count.size += size
            count.last = now
            count.durations[bucket] = count.durations.get(bucket, 0) + 1

    def take(self) -> Taken:
        """What was counted since the last time."""
        with self._turn:
            taken, self._lines = self._lines, {}
        return taken

    def give_back(self, taken: Mapping[tuple[int, Line], Count]) -> None:
        """What could not be written: it is counted on with what came meanwhile."""
        with self._turn:
            for key, count in taken.items():
                if key in self._lines:
                    self._lines[key].add(count)
                elif len(self._lines) < 2 * MOST:
                    self._lines[key] = count


counter = Counter()
"""That of this process."""


def outcome(status: int, error: str) -> str:
    """How a message ended, by its status and its X-Road-Error (empty: the service's own answer)."""
    kind = error.rpartition(".")[2]
    if kind == "AccessDenied" or (not error and status == 403):
        return DENIED
    if kind in _BAD or error.startswith("Client.") or (not error and status in (400, 422)):
        return BAD
    if kind in _UNAVAILABLE or status in (502, 503, 504):
        return UNAVAILABLE
    return FAILED if error or status >= 500 else OK
