"""HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530). Pure: keys are callables.

Of structured fields (RFC 8941) what these two need: dictionaries of inner lists and of byte
sequences, with parameters that are integers, strings or true.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

ECDSA_P256 = "ecdsa-p256-sha256"
"""The signature is r and s, 32 bytes each (RFC 9421 §3.3.4)."""
LONGEST = 4096
"""Characters of a Signature or Signature-Input that are read."""
_NAME = re.compile(r'"([a-z0-9@_*.!#$%&\'+^`|~-]+)"')
_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_INNER = re.compile(r'\(((?:[^"()]|"[^"]*")*)\)')
_BETWEEN = re.compile(r" +|$")
_EQUALS, _COMMA = re.compile("="), re.compile(r"[ \t]*,[ \t]*(?=.)")
_BARE = r'(?:\?[01]|-?[0-9]{1,15}(?![0-9.])|"(?:[ !#-\[\]-~]|\\["\\])*")'
_PARAMETER = re.compile(rf" *({_KEY.pattern})(?:=({_BARE}))?(?!=)")
_UNESCAPED = re.compile(r"\\(.)")
_BYTES = re.compile(r":([A-Za-z0-9+/]*={0,2}):")
# Nearly all fields have one member, which is read at once; others are read step by step.
_ONE_INPUT = re.compile(
    rf"({_KEY.pattern})=({_INNER.pattern}((?:; *{_KEY.pattern}(?:={_BARE})?(?!=))*))"
)
_ONE_PARAMETER = re.compile(rf"; *({_KEY.pattern})(?:=({_BARE}))?")
# What most signatures state, in this order: it is read several times sooner.
_USUAL = re.compile(
    r";created=([0-9]{1,15});expires=([0-9]{1,15})"
    r';nonce="([ !#-\[\]-~]*)";alg="([ !#-\[\]-~]*)";keyid="([ !#-\[\]-~]*)"'
)
_HEAD = re.compile(rf"({_KEY.pattern})={_INNER.pattern}")
_ONE_SIGNATURE = re.compile(f"({_KEY.pattern})={_BYTES.pattern}")
Value = int | str | bool


class BadSignature(ValueError):
    """The signature fields cannot be read, or what they name is not in the message."""


class Component(NamedTuple):
    """What is covered: a field's name in lower case, or a derived component (`@method`).

    `request` is the parameter `req` (§2.4): in a response, of the request that it answers.
    """

    name: str
    request: bool = False

    def __str__(self) -> str:
        return f'"{self.name}";req' if self.request else f'"{self.name}"'


@dataclass(frozen=True)
class Message:
    """A message as it is signed. Fields by lower-case name; several of one name are joined by a
    comma and a space (§2.1). A response has a `status` and the `request` that it answers."""

    fields: Mapping[str, str]
    method: str = ""
    authority: str = ""
    path: str = "/"
    query: str = ""
    status: int = 0
    request: Message | None = None
    bases: dict[str, bytes] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was reckoned of it already, by what the signature states."""

    def saying(self, fields: Mapping[str, str]) -> Message:
        """The same message with other fields."""
        return Message(
            fields, self.method, self.authority, self.path, self.query, self.status, self.request
        )


@dataclass(frozen=True)
class Stated:
    """What a message says of one of its signatures; `text` is its member of Signature-Input."""

    label: str
    covered: tuple[Component, ...]
    text: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


def inner_list(covered: Sequence[Component], parameters: Mapping[str, Value]) -> str:
    """The member of Signature-Input: components in order, then parameters (§4.1)."""
    return f"({_listed(tuple(covered))})" + "".join(
        f";{name}{_bare(value)}" for name, value in parameters.items()
    )


@lru_cache(maxsize=1024)
def _listed(covered: tuple[Component, ...]) -> str:
    return " ".join(map(str, covered))


def base(message: Message, covered: Sequence[Component], text: str) -> bytes:
    """The signature base (§2.5): a line for each component, then the parameters. `text`, the member
    of Signature-Input, lists what is `covered`.

    Raises BadSignature where a component is not in the message or is named twice.
    """
    kept = message.bases.get(text)
    if kept is not None:
        return kept
    fields = message.fields
    lines = [
        head + (fields[own] if own in fields else _value(message, one)).strip(" \t")
        for head, own, one in _heads(tuple(covered))
    ]
    lines.append(f'"@signature-params": {text}')
    whole = "\n".join(lines)
    if not whole.isascii() or whole.count("\n") != len(lines) - 1 or "\r" in whole:
        raise BadSignature("a component is not one line of ASCII")
    found = message.bases[text] = whole.encode("ascii")
    return found


@lru_cache(maxsize=1024)
def _heads(covered: tuple[Component, ...]) -> tuple[tuple[str, str, Component], ...]:
    """How the line of each begins, and which field of the message itself it is, if it is one.
    Raises BadSignature where one is named twice."""
    if len(set(covered)) != len(covered):
        raise BadSignature("a component is covered twice")
    return tuple(
        (f"{one}: ", "" if one.request or one.name.startswith("@") else one.name, one)
        for one in covered
    )


def sign(
    message: Message,
    covered: Sequence[Component],
    parameters: Mapping[str, Value],
    by: Callable[[bytes], bytes],
    label: str = "sig1",
) -> tuple[str, str]:
    """The fields Signature-Input and Signature. `by` gives the raw signature of a base."""
    text = inner_list(covered, parameters)
    signature = base64.b64encode(by(base(message, covered, text))).decode()
    return f"{label}={text}", f"{label}=:{signature}:"


def stated(message: Message, label: str = "sig1") -> tuple[Stated, bytes]:
    """What the message says of the signature of that label, and the signature itself.

    Raises BadSignature. That it is by whom it says is still to be seen: `base`, then the key.
    """
    given = message.fields.get("signature-input", ""), message.fields.get("signature", "")
    if not all(0 < len(one) <= LONGEST for one in given):
        raise BadSignature("not signed")
    told, values = _inputs(given[0]), _signatures(given[1])
    if label not in told or label not in values:
        raise BadSignature(f"no signature {label}")
    return told[label], values[label]


def content_digest(body: bytes) -> str:
    """Content-Digest of a body, SHA-256 (RFC 9530 §2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def digest_of(text: str) -> bytes | None:
    """The SHA-256 digest that a Content-Digest or Repr-Digest states; None where it has none.
    Raises BadSignature on one that cannot be read."""
    return _signatures(text).get("sha-256") if len(text) <= LONGEST else None


def same_digest(text: str, body: bytes) -> bool:
    """Whether a Content-Digest is the body's; False where it states no SHA-256."""
    told = digest_of(text)
    return told is not None and hmac.compare_digest(told, hashlib.sha256(body).digest())


def _value(message: Message, component: Component) -> str:
    name, of_request = component
    told = message.request if of_request else message
    if told is None:
        raise BadSignature(f"{component}: there is no request")
    found = _derived(told, name) if name[:1] == "@" else told.fields.get(name)
    if found is None:
        raise BadSignature(f"{component} is not in the message")
    return found


def _derived(message: Message, name: str) -> str | None:
    """Derived components (§2.2); None for those of the other kind of message."""
    if message.status:
        return str(message.status) if name == "@status" else None
    if name == "@method":
        return message.method
    if name == "@path":
        return message.path or "/"
    if name == "@query":
        return f"?{message.query}"
    if name == "@authority":
        return message.authority.lower()
    if name == "@request-target":
        return message.path + (f"?{message.query}" if message.query else "")
    return None


def _bare(value: Value) -> str:
    if value is True:
        return ""
    if isinstance(value, int):
        return f"={value}"
    if not value.isascii() or not value.isprintable():
        raise BadSignature("a parameter is printable ASCII")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'="{escaped}"'


class _Reader:
    """A structured field, read from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text.strip(" "), 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise BadSignature(f"cannot be read from its character {self._at + 1}")
        self._at = found.end()
        return found

    def have(self, literal: str) -> bool:
        if not self._text.startswith(literal, self._at):
            return False
        self._at += len(literal)
        return True

    def next_member(self) -> bool:
        """Whether another member of the dictionary follows."""
        if self._at == len(self._text):
            return False
        self.take(_COMMA)
        return True

    @property
    def ended(self) -> bool:
        return self._at == len(self._text)

    def since(self, start: int) -> str:
        return self._text[start : self._at]

    @property
    def at(self) -> int:
        return self._at


def _inputs(text: str) -> dict[str, Stated]:
    usual = _usual(text)
    if usual is not None:
        return {usual.label: usual}
    one = _ONE_INPUT.fullmatch(text.strip(" "))
    if one is not None:
        label, whole, inner, parameters = one.groups()
        told = {key: _said(text) for key, text in _ONE_PARAMETER.findall(parameters)}
        return {label: Stated(label, _components(inner), whole, told)}
    return _inputs_in_turn(text)


def _usual(text: str) -> Stated | None:
    """One signature that states what most do; None of others."""
    end = text.find(")") + 1
    stated = _USUAL.fullmatch(text, end)
    head = _head(text[:end]) if stated is not None else None
    if stated is None or head is None:
        return None
    created, expires, nonce, algorithm, keyid = stated.groups()
    told: dict[str, Value] = {"created": int(created), "expires": int(expires), "nonce": nonce,
                              "alg": algorithm, "keyid": keyid}  # fmt: skip
    label, covered = head
    return Stated(label, covered, text[len(label) + 1 :], told)


@lru_cache(maxsize=1024)
def _head(text: str) -> tuple[str, tuple[Component, ...]] | None:
    """Its label and what is covered. Raises BadSignature."""
    found = _HEAD.fullmatch(text)
    return (found[1], _components(found[2])) if found is not None else None


def _inputs_in_turn(text: str) -> dict[str, Stated]:
    reader, found = _Reader(text), {}
    while True:
        label = reader.take(_KEY).group()
        reader.take(_EQUALS)
        start = reader.at
        covered = _inner(reader)
        parameters = _parameters(reader)
        found[label] = Stated(label, covered, reader.since(start), parameters)
        if not reader.next_member():
            return found


def _inner(reader: _Reader) -> tuple[Component, ...]:
    return _components(reader.take(_INNER).group(1))


@lru_cache(maxsize=1024)
def _components(text: str) -> tuple[Component, ...]:
    """What stands in an inner list. Nodes cover the same again and again: it is read once."""
    reader, found = _Reader(text), []
    while not reader.ended:
        name = reader.take(_NAME).group(1)
        parameters = _parameters(reader)
        if set(parameters) - {"req"} or parameters.get("req", True) is not True:
            raise BadSignature("a component has a parameter that is not known here")
        found.append(Component(name, "req" in parameters))
        reader.take(_BETWEEN)
    return tuple(found)


def _parameters(reader: _Reader) -> dict[str, Value]:
    found: dict[str, Value] = {}
    while reader.have(";"):
        key, text = reader.take(_PARAMETER).groups("")
        found[key] = _said(text)
    return found


def _said(bare: str) -> Value:
    """What a bare item says; a parameter without one is true."""
    if bare[:1] == '"':
        return _UNESCAPED.sub(r"\1", bare[1:-1]) if "\\" in bare else bare[1:-1]
    return int(bare) if bare[:1] not in ("", "?") else bare != "?0"


def _signatures(text: str) -> dict[str, bytes]:
    """A dictionary of byte sequences."""
    one = _ONE_SIGNATURE.fullmatch(text.strip(" "))
    if one is not None:
        return {one[1]: _decoded(one[1], one[2])}
    reader, found = _Reader(text), {}
    while True:
        label = reader.take(_KEY).group()
        reader.take(_EQUALS)
        found[label] = _decoded(label, reader.take(_BYTES).group(1))
        _parameters(reader)
        if not reader.next_member():
            return found


def _decoded(label: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise BadSignature(f"{label} is not base64") from problem
