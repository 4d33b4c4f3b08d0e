"""How often signing in may fail: counted by login and by address, for five minutes.

The counts are in the memory of one web process, bounded, and end with it: with N web processes
a guesser has up to N times as many attempts. They slow guessing down; what makes it hopeless is
the password's length and its slow hash. Every failure is evidence besides.
"""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

WINDOW = 300.0
PER_LOGIN = 10
# Many people of one office reach the node from one address.
PER_ADDRESS = 60
REMEMBERED = 20_000


class Attempts:
    """Attempts by key in windows. An attempt counts until it is forgiven. Thread-safe."""

    def __init__(self, allowed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed, self._clock = allowed, clock
        self._counted: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """Count an attempt: 0, or the seconds to wait (then it was not counted)."""
        with self._lock:
            now = self._clock()
            count, until = self._counted.get(key, (0, 0.0))
            if until <= now:
                self._counted.pop(key, None)
                count, until = 0, now + WINDOW
            if count >= self._allowed:
                return max(1, int(until - now + 0.999))
            self._counted[key] = (count + 1, until)
            if len(self._counted) > REMEMBERED:
                self._counted.popitem(last=False)
            return 0

    def give_back(self, key: str) -> None:
        """An attempt that succeeded does not count."""
        with self._lock:
            count, until = self._counted.get(key, (0, 0.0))
            if count > 1:
                self._counted[key] = (count - 1, until)
            else:
                self._counted.pop(key, None)

    def forget(self) -> None:
        with self._lock:
            self._counted.clear()


by_login, by_address = Attempts(PER_LOGIN), Attempts(PER_ADDRESS)


def take(login: str, address: str) -> int:
    """Count an attempt to sign in: 0, or the seconds to wait."""
    wait = by_address.take(address)
    if wait:
        return wait
    wait = by_login.take(login)
    if wait:
        by_address.give_back(address)
    return wait


def succeeded(login: str, address: str) -> None:
    by_login.give_back(login)
    by_address.give_back(address)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; of an IPv6 address the network, which one person may fill.

    Behind a proxy of ours (LINGNAN_PROXY=1) it is what the proxy has put last.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        told = request.headers.get("X-Forwarded-For", told).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
