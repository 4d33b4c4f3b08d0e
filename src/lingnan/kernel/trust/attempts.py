"""How often signing in may fail: counted by login and by address, for five minutes.

The counts are shared by all web processes of the node, see counts.py. Every failure is evidence
besides; the password's length and its slow hash make guessing hopeless, this makes it slow.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from lingnan.kernel.trust.counts import counts

WINDOW = 300.0
PER_LOGIN = 10
# Many people of one office reach the node from one address.
PER_ADDRESS = 60
LOGIN, ADDRESS = "signin.login", "signin.address"


def take(login: str, address: str) -> int:
    """Count an attempt to sign in: 0, or the seconds to wait."""
    wait = counts.take(ADDRESS, address, PER_ADDRESS, WINDOW)
    if wait:
        return wait
    wait = counts.take(LOGIN, login, PER_LOGIN, WINDOW)
    if wait:
        counts.give_back(ADDRESS, address)
    return wait


def succeeded(login: str, address: str) -> None:
    counts.give_back(LOGIN, login)
    counts.give_back(ADDRESS, address)


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
