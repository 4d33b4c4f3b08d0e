"""The X-Road message protocol for REST (PR-REST 1.0) and its metadata (PR-META, PR-MREST). Pure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, unquote

VERSION = "r1"
CLIENT, SERVICE, ID, REQUEST_ID = (
    "x-road-client",
    "x-road-service",
    "x-road-id",
    "x-road-request-id",
)
USER, ISSUE, HASH, ERROR = "x-road-userid", "x-road-issue", "x-road-request-hash", "x-road-error"
SERVER = "x-road-security-server"
METADATA = ("listMethods", "allowedMethods", "getOpenAPI")
NOT_CARRIED = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "host", "user-agent", "server", "content-length", "expect"}
)
"""Fields that a security server neither passes on nor counts in the hash (§4.3)."""
LONGEST_TARGET = 2000
_PART = re.compile(r"[A-Za-z0-9'()+,\-.=?_]{1,80}")
"""Characters of an identifier's part (§4.8), and the underscore, which our systems' names have."""
_TWO_DOTS = re.compile(r"\.{1,2}")


class BadRequest(ValueError):
    """What a client sent is not as the protocol has it: Client.BadRequest, 400."""


@dataclass(frozen=True, order=True)
class Identifier:
    """A member of an instance, or one of its subsystems."""

    instance: str
    member_class: str
    member: str
    subsystem: str = ""

    def __str__(self) -> str:
        """As X-Road-Client has it: parts percent-encoded, joined by slashes."""
        return self._text

    @cached_property
    def _text(self) -> str:
        return "/".join(quote(part, safe="") for part in self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        whole = (self.instance, self.member_class, self.member, self.subsystem)
        return whole if self.subsystem else whole[:3]

    @property
    def plain(self) -> dict[str, str]:
        """As the metadata services write it (PR-META annex B)."""
        kind = "SUBSYSTEM" if self.subsystem else "MEMBER"
        told = {
            "object_type": kind,
            "xroad_instance": self.instance,
            "member_class": self.member_class,
            "member_code": self.member,
        }
        return told | ({"subsystem_code": self.subsystem} if self.subsystem else {})


@dataclass(frozen=True, order=True)
class Service:
    """A service of a subsystem."""

    provider: Identifier
    code: str

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        return f"{self.provider}/{quote(self.code, safe='')}"


@dataclass(frozen=True)
class Called:
    """A call: the service, and below it the path and the query as they were sent, encoded."""

    service: Service
    path: str
    query: str


@lru_cache(maxsize=8192)
def identifier(text: str) -> Identifier:
    """From X-Road-Client. Raises BadRequest."""
    parts = [_part(one) for one in text.strip().split("/")]
    if not 3 <= len(parts) <= 4:
        raise BadRequest("an identifier is instance/class/member, and a subsystem after it")
    return Identifier(*parts)


def called(path: str, query: str = "") -> Called:
    """From `/r1/{instance}/{class}/{member}/{subsystem}/{service}[/path]` (§4.1).

    Raises BadRequest, also where the path below could climb out of the service's own address.
    """
    if len(path) + len(query) > LONGEST_TARGET:
        raise BadRequest(f"an address has at most {LONGEST_TARGET} characters")
    parts = path.split("/", 7)
    if len(parts) < 7 or parts[0] or parts[1] != VERSION:
        raise BadRequest(f"an address begins /{VERSION}/ and names a service")
    service = _service(*parts[2:7])
    below = f"/{parts[7]}" if len(parts) == 8 else ""
    if below and (
        any(_TWO_DOTS.fullmatch(unquote(one)) for one in below.split("/")) or "\\" in unquote(below)
    ):
        raise BadRequest("a path may not lead upwards")
    return Called(service, below, query)


@lru_cache(maxsize=8192)
def _service(*parts: str) -> Service:
    instance, member_class, member, subsystem, code = map(_part, parts)
    return Service(Identifier(instance, member_class, member, subsystem), code)


def service(text: str) -> Service:
    """From X-Road-Service. Raises BadRequest."""
    provider, _, code = text.strip().rpartition("/")
    return Service(identifier(provider), _part(code))


def carried(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields that are passed on, in their order, names in lower case; of them, those of the
    protocol's answers that a sender has no right to set are left out (§4.3)."""
    own = NOT_CARRIED | {HASH, REQUEST_ID, ERROR}
    return [(name.lower(), value) for name, value in fields if name.lower() not in own]


def request_hash(method: str, target: str, fields: Iterable[tuple[str, str]], body: bytes) -> str:
    """X-Road-Request-Hash of a request as it was received (§4.3).

    Base64 of SHA-512(SHA-512(head) + SHA-512(body)), or of SHA-512(head) where there is no body.
    The head is method, target (path and query) and each field as name:value, a line each.
    """
    lines = [method, target, *(f"{name}:{value}" for name, value in fields)]
    head = hashlib.sha512("".join(f"{line}\r\n" for line in lines).encode()).digest()
    if body:
        head = hashlib.sha512(head + hashlib.sha512(body).digest()).digest()
    return base64.b64encode(head).decode()


def failure(kind: str, message: str, detail: str) -> dict[str, str]:
    """The body of an answer with X-Road-Error (§4.6). `detail` is where to look it up."""
    return {"type": kind, "message": message, "detail": detail}


def clients(members: Mapping[Identifier, str]) -> dict[str, Any]:
    """What listClients answers: members and subsystems, each by its member's name."""
    return {"member": [{"id": one.plain, "name": members[one]} for one in sorted(members)]}


def methods(
    provider: Identifier, services: Mapping[str, Iterable[tuple[str, str]]], kind: str = "REST"
) -> dict[str, Any]:
    """What listMethods and allowedMethods answer: by service code its (method, path) endpoints."""
    told = provider.plain | {"object_type": "SERVICE", "service_type": kind}
    return {
        "service": [
            told
            | {
                "service_code": code,
                "endpoint_list": [{"method": m, "path": p} for m, p in services[code]],
            }
            for code in sorted(services)
        ]
    }


def _part(text: str) -> str:
    try:
        part = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise BadRequest("an identifier is UTF-8, percent-encoded") from None
    if not _PART.fullmatch(part) or _TWO_DOTS.fullmatch(part):
        raise BadRequest("a part of an identifier has 1 to 80 letters, digits or '()+,-.=?_")
    return part
