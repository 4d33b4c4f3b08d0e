"""The keys by which this node speaks in messages, and by which an instance names its members."""

import hashlib
from collections.abc import Collection
from typing import Any

from lingnan.kernel.exchange.messages import directory_text
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.messages.signing import Speaker
from lingnan.kernel.trust.api import (
    Name,
    consents,
    key_authorities,
    key_certificates,
    key_profiles,
)

LONGEST = 8_000_000
"""Characters of a directory: some tens of thousands of members."""
SPEAKS, NAMES = "messages", "directory"


def own(server: str) -> Speaker:
    """This node's key for messages, certified anew before it ends. Raises `KeyStoreUnavailable`."""
    by = certified(server)
    return Speaker(server, keyid(by.certificate.dump()), by.key.sign)


def public(server: str) -> tuple[str, bytes]:
    """(key id, SubjectPublicKeyInfo) of it, as the directory names it."""
    by = certified(server)
    return keyid(by.certificate.dump()), by.key.public.der


def certified(server: str) -> key_certificates.Certified:
    """The key itself, with the certificates above it. Raises `KeyStoreUnavailable`."""
    return _kept(SPEAKS, _named(server), key_profiles.MESSAGE)


def _named(server: str) -> str:
    return f"Lingnan 报文签名 {server.rpartition('/')[2]}"[:64]


def keyid(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER, in hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def published(directory: Directory) -> dict[str, str]:
    """A directory signed by its instance, as it travels. Raises `KeyStoreUnavailable`."""
    by = _kept(NAMES, "Lingnan 成员目录 directory", key_profiles.DIRECTORY)
    return consents.foreign.signed(directory_text.plain(directory), by).plain()


def believed(
    told: Any, roots: Collection[str], known: Directory | None, instance: str
) -> Directory:
    """A directory under a registered root (SHA-256 of its certificate), no older than the one that
    is known: who keeps an old one back does not bring back whom it named. Raises NotADirectory."""
    foreign = consents.foreign
    try:
        shown = foreign.Shown.read(told, LONGEST)
        said, _root = foreign.said(shown, roots, "directory")
    except foreign.NotGenuine as problem:
        raise NotADirectory(str(problem)) from problem
    found = directory_text.read(said)
    if found.instance != instance:
        raise NotADirectory(f"this is the directory of {found.instance}")
    if known is not None and found.version < known.version:
        raise NotADirectory(f"version {found.version} is older than {known.version}, known here")
    return found


def _kept(holder: str, name: str, profile: key_profiles.Profile) -> key_certificates.Certified:
    who = Name(name, "Lingnan 岭南")
    return key_certificates.kept_for(holder, who, profile, key_authorities.province())
