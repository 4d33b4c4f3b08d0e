"""A JSON service, asked by GET for one value at a time: no redirect is followed anywhere."""

import contextlib
import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from lingnan.kernel.exchange.sources import reaching
from lingnan.kernel.exchange.sources.described import Column, Kind, Table
from lingnan.kernel.exchange.sources.driver import SECONDS, Connection, Question, Row, plain
from lingnan.kernel.exchange.sources.failures import SourceFailure

VALUE, BYTES, VALUES, LOOKED_AT = "{value}", 4 * 1024 * 1024, 20, 50
NAME = "service"
_HOPS = {401: "sign_in", 403: "rights", 404: "table"}


class Rest:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tables(self) -> Sequence[str]:
        self._asked(self._connection.sample)
        return [NAME]

    def table(self, name: str) -> Table | None:
        """Which fields there are is seen in the answer to the sample."""
        if name != NAME:
            return None
        kinds: dict[str, Kind] = {}
        for row in self._asked(self._connection.sample)[:LOOKED_AT]:
            for field, value in row.items():
                if value is not None or field not in kinds:
                    kinds[str(field)] = _kind(value)
        columns = tuple(Column(field, kind, kind) for field, kind in kinds.items())
        return Table(NAME, columns, (), "", "service", (NAME,))

    def rows(self, question: Question) -> list[Row]:
        """The service is asked for each value; what it says of another is not handed on."""
        until = time.monotonic() + SECONDS
        values = [self._connection.sample] if question.values is None else question.values
        if len(values) > VALUES:
            raise SourceFailure("limit", str(VALUES))
        found: list[Row] = []
        for value in values:
            if time.monotonic() > until:
                raise SourceFailure("slow")
            for row in self._asked(str(value)):
                same = question.values is None or str(row.get(question.key)) == str(value)
                if same:
                    found.append({name: _flat(row.get(name)) for name in question.read})
        return found[: question.limit]

    def indexed(self, question: Question) -> bool:
        """How it finds them is the service's own affair: it is asked for one value only."""
        return question.values is not None

    def _asked(self, value: str) -> list[Mapping[str, Any]]:
        told = urlsplit(self._connection.url)
        if told.scheme not in ("http", "https") or not told.hostname or VALUE in told.netloc:
            raise SourceFailure("address", self._connection.url[:80])
        if VALUE not in told.path + told.query or told.username or told.fragment:
            raise SourceFailure("address", self._connection.url[:80])
        target = (told.path or "/") + (f"?{told.query}" if told.query else "")
        with self._open(told.scheme, told.hostname, told.port) as one:
            headers = {"Accept": "application/json", "User-Agent": "Lingnan"}
            if self._connection.secret:
                headers["Authorization"] = f"Bearer {self._connection.secret}"
            try:
                one.request("GET", target.replace(VALUE, quote(value, safe="")), headers=headers)
                answer = one.getresponse()
                content = _whole(answer, time.monotonic() + SECONDS)
            except TimeoutError as problem:
                raise SourceFailure("slow") from problem
            except (OSError, ValueError, http.client.HTTPException) as problem:
                raise SourceFailure("reach", told.hostname[:80]) from problem
        return self._read(answer.status, content)

    @contextlib.contextmanager
    def _open(
        self, scheme: str, host: str, port: int | None
    ) -> Iterator[http.client.HTTPConnection]:
        """To the address that was judged, under the name that was given."""
        safe = scheme == "https"
        number = port or (443 if safe else 80)
        found = reaching.address(host, number)
        one = http.client.HTTPConnection(host, number, timeout=SECONDS)
        try:
            plainly = socket.create_connection((found, number), timeout=SECONDS)
            context = ssl.create_default_context()
            one.sock = context.wrap_socket(plainly, server_hostname=host) if safe else plainly
        except OSError as problem:
            raise SourceFailure("reach", f"{host}:{number}") from problem
        with contextlib.closing(one):
            yield one

    def _read(self, status: int, content: bytes) -> list[Mapping[str, Any]]:
        if status == 404:  # as many services say that there is nobody of that number
            return []
        if status != 200:
            raise SourceFailure(_HOPS.get(status, "answer"), str(status))
        if len(content) > BYTES:
            raise SourceFailure("limit", f"{BYTES // 1024 // 1024} MB")
        try:
            said = _at(json.loads(content), self._connection.pointer)
        except (ValueError, LookupError, TypeError, RecursionError) as problem:
            raise SourceFailure("answer", self._connection.pointer[:80]) from problem
        rows = [said] if isinstance(said, dict) else said
        if rows is None:
            return []
        if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
            raise SourceFailure("answer", self._connection.pointer[:80])
        return rows


def _whole(answer: http.client.HTTPResponse, until: float) -> bytes:
    """What was said within the time, of which one byte more than is taken. Raises TimeoutError."""
    content = b""
    while len(content) <= BYTES and (piece := answer.read1(BYTES + 1 - len(content))):
        content += piece
        if time.monotonic() > until:
            raise TimeoutError
    return content


def _at(said: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer (RFC 6901). Raises LookupError, ValueError, TypeError."""
    if pointer and not pointer.startswith("/"):
        raise ValueError("a pointer begins with a slash")
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        said = said[int(name)] if isinstance(said, list) else said[name]
    return said


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "text" if value is None or isinstance(value, str) else "other"


def _flat(value: Any) -> Any:
    return None if isinstance(value, dict | list) else plain(value)
