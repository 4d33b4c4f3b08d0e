"""The directory as it travels: canonical values to be signed by the instance, and read again.

What is read was signed by somebody who is trusted to name nodes and members; it is still read
strictly, so that two nodes never understand one text differently.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier

MOST_NODES, MOST_MEMBERS, MOST_ROOT = 5_000, 100_000, 8_000
_KEYID = re.compile(r"[0-9a-f]{64}")


class NotADirectory(ValueError):
    """The text does not say what a directory says; the message tells what is wrong."""


def plain(directory: Directory) -> dict[str, Any]:
    """All that a directory says, as JSON values; lists in a fixed order."""
    nodes = [
        {
            "server": peer.server,
            "url": peer.url,
            "keys": {keyid: base64.b64encode(key).decode() for keyid, key in peer.keys.items()},
            "members": sorted(str(one) for one in peer.members),
            "root": peer.root,
            "via": peer.via,
        }
        for peer in directory.peers
    ]
    return {
        "instance": directory.instance,
        "version": directory.version,
        "issued": directory.issued.isoformat(),
        "expires": directory.expires.isoformat(),
        "gate": directory.gate,
        "nodes": sorted(nodes, key=lambda node: str(node["server"])),
        "homes": {str(one): server for one, server in directory.homes.items()},
        "names": {str(one): name for one, name in directory.names.items()},
    }


def read(said: Mapping[str, Any]) -> Directory:
    """Raises NotADirectory."""
    instance, version = _text(said, "instance"), said.get("version")
    if type(version) is not int or version < 1:
        raise NotADirectory("version is no number from 1")
    issued, expires = _moment(said, "issued"), _moment(said, "expires")
    if expires <= issued:
        raise NotADirectory("it expires before it is issued")
    nodes = said.get("nodes")
    if not isinstance(nodes, list) or len(nodes) > MOST_NODES:
        raise NotADirectory("nodes is no list, or too long")
    peers = [_peer(node, instance) for node in nodes]
    servers = {peer.server for peer in peers}
    keyids = [keyid for peer in peers for keyid in peer.keys]
    if len(servers) != len(peers) or len(set(keyids)) != len(keyids):
        raise NotADirectory("a node or a key is named twice")
    if not {peer.via for peer in peers} <= servers | {""}:
        raise NotADirectory("a node is reached through one that is not named")
    homes = _of_members(said, "homes", instance)
    if not set(homes.values()) <= servers:
        raise NotADirectory("a subsystem is at a node that is not named")
    names = _of_members(said, "names", instance)
    gate = said.get("gate", "")
    if not isinstance(gate, str) or gate not in servers | {""}:
        raise NotADirectory("the gate is a node that is not named")
    return Directory(instance, version, issued, expires, tuple(peers), homes, names, gate)


def _peer(node: Any, instance: str) -> Peer:
    if not isinstance(node, dict):
        raise NotADirectory("a node is an object")
    server, url = _text(node, "server"), _text(node, "url")
    address = urlsplit(url)
    whole = address.scheme == "https" and address.hostname and not address.path.strip("/")
    if not whole or address.query or address.username:
        raise NotADirectory(f"{server}: the address is https, a host and a port")
    members = node.get("members")
    if not isinstance(members, list):
        raise NotADirectory(f"{server}: members is no list")
    found = frozenset(_identifier(one, instance) for one in members)
    root, via = node.get("root", ""), node.get("via", "")
    if not isinstance(root, str) or not isinstance(via, str) or len(root) > MOST_ROOT:
        raise NotADirectory(f"{server}: root and via are texts")
    return Peer(server, url.rstrip("/"), keys_of(node.get("keys"), server), found, root, via)


def keys_of(keys: Any, server: str) -> dict[str, bytes]:
    """Public keys by their ids. Raises NotADirectory."""
    if not isinstance(keys, dict) or not all(_KEYID.fullmatch(str(one)) for one in keys):
        raise NotADirectory(f"{server}: keys are named by 64 hexadecimal digits")
    try:
        return {keyid: base64.b64decode(key, validate=True) for keyid, key in keys.items()}
    except (binascii.Error, TypeError, ValueError):
        raise NotADirectory(f"{server}: a key is not base64") from None


def _of_members(said: Mapping[str, Any], name: str, instance: str) -> dict[Identifier, str]:
    found = said.get(name)
    if not isinstance(found, dict) or len(found) > MOST_MEMBERS:
        raise NotADirectory(f"{name} is no object, or too long")
    if not all(isinstance(value, str) for value in found.values()):
        raise NotADirectory(f"{name} has a value that is no text")
    return {_identifier(one, instance): value for one, value in found.items()}


def _identifier(text: Any, instance: str) -> Identifier:
    try:
        found = xroad.identifier(str(text))
    except xroad.BadRequest as problem:
        raise NotADirectory(str(problem)) from problem
    if found.instance != instance or str(found) != text:
        raise NotADirectory(f"{text!r:.60} is of another instance, or written otherwise")
    return found


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 200 or not found.isprintable():
        raise NotADirectory(f"{name} is no text of 1 to 200 characters")
    return found


def _moment(said: Mapping[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(said, name))
    except ValueError as problem:
        raise NotADirectory(f"{name} is no time") from problem
    if found.tzinfo is None:
        raise NotADirectory(f"{name} carries no offset")
    return found
