"""What pages need of the federation."""

from lingnan.kernel.exchange.federation import (
    directories,
    enrolling,
    inviting,
    own,
    systems,
)
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.messages.directory import Directory


def membership() -> Own | None:
    """What this node is within its instance; None for one by itself."""
    try:
        return own.membership()
    except own.NotNamed:
        return None


def present() -> Directory | None:
    """The newest directory that is known here."""
    here = membership()
    return directories.known(here.instance, here.anchor) if here is not None else None


def systems_of(directory: Directory, server: str) -> list[str]:
    """The systems for which a node answers."""
    return sorted(directories.holders(directory.homes, server))


__all__ = [
    "Directory",
    "Own",
    "enrolling",
    "inviting",
    "membership",
    "present",
    "systems",
    "systems_of",
]
