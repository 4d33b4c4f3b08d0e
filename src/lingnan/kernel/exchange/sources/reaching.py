"""Whether an officer's connection may go to an address, and whether anybody answers there.

Loopback, link-local and the like lead into this node or its neighbours, sockets into this machine:
only where the operator has said so (`LINGNAN_SOURCE_HOSTS`). The address that was judged is the
one that is connected to, so that no name can mean another a moment later.
"""

import socket
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings

from lingnan.kernel.exchange.sources.driver import CONNECT
from lingnan.kernel.exchange.sources.failures import SourceFailure


def is_socket(host: str) -> bool:
    return host.startswith("/")


def address(host: str, port: int) -> str:
    """The address of a host, judged and answering on the port. Raises SourceFailure."""
    if is_socket(host):
        if host not in settings.SOURCE_HOSTS:
            raise SourceFailure("address", host)
        if not Path(host).exists():
            raise SourceFailure("reach", host)
        return host
    found = _resolved(host, port)
    try:
        socket.create_connection((found, port), timeout=CONNECT).close()
    except OSError as problem:
        raise SourceFailure("reach", f"{host}:{port}") from problem
    return found


def _resolved(host: str, port: int) -> str:
    if not host or len(host) > 253 or not 0 < port < 65536:
        raise SourceFailure("address", host[:80])
    try:
        known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise SourceFailure("address", host[:80]) from problem
    addresses = list(dict.fromkeys(str(one[4][0]) for one in known))
    if not all(_allowed(host, one) for one in addresses):
        raise SourceFailure("address", host[:80])
    return addresses[0]


def _allowed(host: str, found: str) -> bool:
    """Offices' own networks are private ones: those are what sources are for."""
    if host in settings.SOURCE_HOSTS:
        return True
    known = ip_address(found.partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None)
    known = mapped or known
    inner = known.is_loopback or known.is_link_local or known.is_unspecified
    return not (inner or known.is_multicast or known.is_reserved)


def within(path: str) -> Path:
    """A file or folder under one of those that the operator allows. Raises SourceFailure."""
    for root in settings.SOURCE_FOLDERS:
        base = Path(root).resolve()
        try:
            found = (base / path).resolve()
        except (OSError, ValueError) as problem:
            raise SourceFailure("address", path[:80]) from problem
        if path and found.is_relative_to(base) and found.exists():
            return found
    raise SourceFailure("address", path[:80])
