"""Who asks which address, so that every declaration is tried and nobody asks for nothing."""

from functools import cache
from zlib import crc32

from lingnan.node import permissions
from lingnan.node.permissions import Address, Post
from tests.conftest import FULL

# A declaration judges a post by its function, role and tier alone (`Access.permits`): at every
# address one of each role, and the last that each declaration lets in, see
# that it is kept. What it says of all the others stands in the document below.
EVERYTHING = {"nobody", "resident"}


def fully() -> set[str]:
    return EVERYTHING | set(named())


@cache
def named() -> dict[str, Post]:
    return {f"{p.function}/{p.role}/{p.tier}": p for p in firsts()}


@cache
def firsts() -> set[Post]:
    """At its lowest tier, the first post of each role, and the last of each declaration."""
    lowest = list(reversed(permissions.posts()))
    declared = {one.access for one in permissions.addresses() if one.access}
    found = {post.role: post for post in lowest}
    let_in = [[post for post in lowest if access.permits(post.actor)] for access in declared]
    return {*found.values(), *(posts[-1] for posts in let_in if posts)}


WIDE, OPEN, CLOSED = 12, 4, 3


@cache
def asking(route: str, access: permissions.Access) -> dict[str, int]:
    """Which officials ask an address, and by how many methods.

    All whom a narrow declaration lets in; of those whom one for everybody lets in, and of those
    whom any turns away, a few, others at each address. The guard stands before the method: that
    it holds for all of them, the first of those let in show. `--full` lets everybody ask.
    """
    names = sorted(named())
    turn = crc32(route.encode()) % len(names)
    turned = [*names[turn:], *names[:turn]]
    let_in = [name for name in turned if access.permits(named()[name].actor)]
    away = [name for name in turned if name not in let_in]
    if FULL:
        return dict.fromkeys(let_in, 2) | dict.fromkeys(away, 1)
    let_in = let_in[:OPEN] if len(let_in) > WIDE else let_in
    return dict.fromkeys(let_in, 1) | dict.fromkeys(let_in[:2], 2) | dict.fromkeys(away[:CLOSED], 1)


def asked(methods: tuple[str, ...], name: str, address: Address) -> tuple[str, ...]:
    """Everybody without a post asks by every method."""
    if name in EVERYTHING:
        return methods
    assert address.access is not None
    return methods[: asking(address.route, address.access).get(name, 0)]
