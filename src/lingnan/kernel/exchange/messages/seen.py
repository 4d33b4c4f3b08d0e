"""Which messages came already: one that comes again within its time is a replay."""

from collections import deque

MOST = 2_000_000
"""Nonces remembered; beyond, nothing more is taken until some have ended."""


class Full(Exception):
    """More messages than can be told apart came within the time that one is good for."""


class Seen:
    """Nonces of messages until they end. Times are seconds since 1970.

    `since`: when a process of before may last have taken one; what that took nobody here remembers.
    """

    def __init__(self, since: float) -> None:
        self.since = since
        self._ends: dict[str, float] = {}
        self._order: deque[tuple[float, str]] = deque()

    def again(self, nonce: str, ends: float, now: float) -> bool:
        """Whether it was here before; from now on it was. Raises Full."""
        while self._order and self._order[0][0] <= now:
            _ended, old = self._order.popleft()
            self._ends.pop(old, None)
        if nonce in self._ends:
            return True
        if len(self._ends) >= MOST:
            raise Full
        self._ends[nonce] = ends
        self._order.append((ends, nonce))
        return False
