"""CloudEvents 1.0.2 in JSON, structured and batched, over HTTP. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

SPECVERSION = "1.0"
STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"
CHARSET = "; charset=utf-8"
LONGEST_NAME = 20
"""Characters of an attribute's name (a SHOULD of §3.1, here a must)."""
_NAME = re.compile(r"[a-z0-9]+")
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+(\s*;.*)?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_REQUIRED = ("id", "source", "type")
_OPTIONAL = ("datacontenttype", "dataschema", "subject", "time")
Attribute = str | int | bool


class NotAnEvent(ValueError):
    """What came is not one that the specification allows; the text says what is wrong."""


@dataclass(frozen=True)
class Event:
    """One event. `source` and `id` together name it; `extensions` are the attributes that the
    specification does not know; `data` is any JSON value, or bytes."""

    id: str
    source: str
    type: str
    data: Any = None
    subject: str = ""
    time: str = ""
    datacontenttype: str = ""
    dataschema: str = ""
    extensions: Mapping[str, Attribute] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises NotAnEvent."""
        for name in _REQUIRED:
            if not getattr(self, name):
                raise NotAnEvent(f"{name} is missing")
        for name in (*_REQUIRED, *_OPTIONAL):
            _demand_text(name, getattr(self, name))
        if self.time and not _timed(self.time):
            raise NotAnEvent("time is not a time of RFC 3339")
        if self.datacontenttype and not _MEDIA_TYPE.fullmatch(self.datacontenttype):
            raise NotAnEvent("datacontenttype is no media type")
        if self.dataschema and not urlsplit(self.dataschema).scheme:
            raise NotAnEvent("dataschema is no absolute URI")
        for name, value in self.extensions.items():
            _demand_extension(name, value)

    @property
    def plain(self) -> dict[str, Any]:
        """As the JSON format has it (§3)."""
        told: dict[str, Any] = {"specversion": SPECVERSION}
        for name in (*_REQUIRED, *_OPTIONAL):
            if getattr(self, name):
                told[name] = getattr(self, name)
        told |= self.extensions
        if isinstance(self.data, bytes):
            told["data_base64"] = base64.b64encode(self.data).decode()
        elif self.data is not None:
            told["data"] = self.data
        return told


def written(event: Event) -> bytes:
    """The body of a structured message."""
    return json.dumps(event.plain, ensure_ascii=False, separators=(",", ":")).encode()


def batched(events: Sequence[Event]) -> bytes:
    """The body of a batch; their order is theirs."""
    plain = [event.plain for event in events]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def read(content_type: str, body: bytes) -> list[Event]:
    """The events of a message, one or a batch. Raises NotAnEvent."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in (STRUCTURED, BATCHED):
        raise NotAnEvent(f"not {STRUCTURED} nor {BATCHED}")
    try:
        said = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise NotAnEvent(f"not JSON: {problem}") from problem
    if kind == STRUCTURED:
        return [event(said)]
    if not isinstance(said, list):
        raise NotAnEvent("a batch is a list")
    return [event(one) for one in said]


def event(said: Any) -> Event:
    """One event from its JSON. Raises NotAnEvent."""
    if not isinstance(said, dict):
        raise NotAnEvent("an event is an object")
    told = {name: value for name, value in said.items() if value is not None}
    if told.pop("specversion", None) != SPECVERSION:
        raise NotAnEvent(f"specversion is not {SPECVERSION}")
    data = _data(told)
    own: dict[str, Any] = {name: told.pop(name, "") for name in (*_REQUIRED, *_OPTIONAL)}
    return Event(**own, data=data, extensions=told)


def _data(told: dict[str, Any]) -> Any:
    plain, encoded = told.pop("data", None), told.pop("data_base64", None)
    if encoded is None:
        return plain
    if plain is not None:
        raise NotAnEvent("data and data_base64 exclude each other")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise NotAnEvent("data_base64 is not base64") from None


def _demand_text(name: str, value: Any) -> None:
    """A String of §3.1.1: no control characters, no lone halves of pairs."""
    if not isinstance(value, str):
        raise NotAnEvent(f"{name} is not a text")
    for one in value:
        code = ord(one)
        if code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF:
            raise NotAnEvent(f"{name} has a character that no text may have")


def _demand_extension(name: str, value: Any) -> None:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or name == "data":
        raise NotAnEvent(f"no attribute is called {name[:40]!r}")
    if isinstance(value, str):
        _demand_text(name, value)
    elif not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise NotAnEvent(f"{name} is neither a text, a number of 32 bits, nor true or false")


def _timed(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
