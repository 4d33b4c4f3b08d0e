"""Published tables as GET services of X-Road: `…/{subsystem}/{name}?{column}={value}`.

By the key column alone, a page at a time: `limit` (100, at most 1000 rows), and `after`, as the
page before said it. It demands an agreement of the client's body: its purpose is told by the field
`X-Lingnan-Purpose`, the case by `X-Road-Issue`; `elements` may name fewer than the agreement's.
Each page is a use, written down by the gateway before it is answered.
"""

import base64
import contextvars
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

from lingnan.kernel.exchange import agreements, gateway, pseudonyms, use_text
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.calls import Answer, Call, Served
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.sources import asking
from lingnan.kernel.exchange.sources.driver import LONGEST
from lingnan.kernel.exchange.sources.failures import SourceFailure
from lingnan.kernel.exchange.sources.joined import Joined, codes_of, key_of, row_of
from lingnan.kernel.exchange.use import Denied, ExchangeFailure, Unavailable, Use
from lingnan.kernel.runtime.api import legal_time, read_json
from lingnan.kernel.trust.api import superiors
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier, Service

MEMBER_CLASS, PURPOSE = "GOV", "x-lingnan-purpose"
ENDPOINT = ("GET", "/")
LIMIT, OWN = 100, ("limit", "after", "elements")
_T = TypeVar("_T")


class Run(Protocol):
    """Runs what waits for the database where it may wait."""

    def __call__(self, call: Callable[[], _T]) -> Awaitable[_T]: ...


@dataclass(frozen=True)
class Offered:
    """A published table as the offering serves it; `column` is the one that it is asked by."""

    joined: Joined
    resource: Resource
    column: str


class Tables:
    """As `calls.Offering`: the tables that bodies have published. `known` gives them, by code."""

    def __init__(self, instance: str, known: Callable[[], Mapping[str, Offered]], run: Run) -> None:
        self._instance, self._known, self._run = instance, known, run

    async def served(self, call: Call) -> Served:
        found = await self._offered(call.called.service)
        if call.method == "POST":
            # A use of it is asked of it as of any resource.
            raise Refused("UnknownService", f"{call.called.service} answers GET only")
        if call.client.instance != self._instance:
            raise Refused("AccessDenied", f"{call.client} is of another instance")
        return _Table(found, self._run)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        known = await self._run(self._known)
        own = [one for one in known.values() if self._provider(one) == provider]
        if client is not None:
            named = client.member
            covered = await self._run(lambda: agreements.resources_open_to(named))
            own = [one for one in own if one.resource.code in covered]
        return {one.joined.code.partition(".")[2]: [ENDPOINT] for one in own}

    async def description(self, service: Service) -> str:
        return json.dumps(described(await self._offered(service)), ensure_ascii=False)

    def _provider(self, one: Offered) -> Identifier:
        return Identifier(self._instance, MEMBER_CLASS, one.joined.body, one.joined.subsystem)

    async def _offered(self, service: Service) -> Offered:
        known = await self._run(self._known)
        found = known.get(f"{service.provider.subsystem}.{service.code}")
        if found is None or self._provider(found) != service.provider:
            raise Refused("UnknownService", f"no service {service}")
        return found


@dataclass(frozen=True)
class _Asked:
    value: str
    limit: int
    after: tuple[str, ...]
    elements: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    offered: Offered
    run: Run

    def reads(self, method: str) -> bool:
        return True

    async def answer(self, call: Call) -> Answer:
        if call.method != "GET" or call.called.path not in ("", "/"):
            raise Refused("UnknownService", f"{call.called.service} answers GET only")
        asked = self._asked(call.called.query)
        try:
            body, use = await self.run(lambda: self._answered(call, asked))
        except ExchangeFailure as failure:
            said = {"failure": failure.code, "detail": failure.detail}
            content = json.dumps(said, ensure_ascii=False).encode()
            fields = [("content-type", asgi.JSON)]
            return Answer(use_text.STATUS[failure.code], fields, content, {"failure": failure.code})
        content = json.dumps(body, ensure_ascii=False).encode()
        return Answer(200, [("content-type", asgi.JSON)], content, {"uses": [use]})

    def _asked(self, query: str) -> _Asked:
        """What the address asks. Raises Refused."""
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=8)
        except ValueError as problem:
            raise bad_request(f"not a question: {problem}") from problem
        said = dict(pairs)
        if len(said) != len(pairs) or set(said) - {self.offered.column, *OWN}:
            raise bad_request(f"it is asked by {self.offered.column}, once")
        value = said.get(self.offered.column, "")
        if not value or len(value) > LONGEST or not value.isprintable():
            raise bad_request(f"{self.offered.column} has no value that can be asked for")
        limit = said.get("limit", str(LIMIT))
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:6]) <= asking.MOST):
            raise bad_request(f"limit is 1 to {asking.MOST}")
        elements = tuple(one for one in said.get("elements", "").split(",") if one)
        return _Asked(value, int(limit), _place(said.get("after", "")), elements)

    def _answered(self, call: Call, asked: _Asked) -> tuple[dict[str, Any], int]:
        """The rows that the agreement lets the client see, and the number of the use's evidence.
        Raises ExchangeFailure, Refused."""
        joined = self.offered.joined
        agreement = _agreement(self.offered.resource, call)
        elements = asked.elements or tuple(agreement.elements)
        try:
            key = key_of(joined, asked.value)
        except SourceFailure as failure:
            raise Unavailable(f"{joined.code}: {failure.hop}") from failure
        given = [] if key is None else [
            pseudonyms.give(joined.subject, call.client.member, [key])[key]
        ]  # fmt: skip
        use = Use(
            joined.code, call.client.member, agreement.purpose, agreement.basis,
            call.field(xroad.ISSUE), call.field(xroad.USER) or str(call.client),
            tuple(given), elements,
        )  # fmt: skip
        with _paged(asked.limit, asked.after) as window:
            prepared, _consents = gateway.answer_shown(use, None, {})
        rows = [row["values"] for one in prepared for row in one.rows]
        number = prepared[0].evidence if prepared else 0
        following = _token(window.following)
        return {"rows": rows} | ({"after": following} if following else {}), number


def _agreement(resource: Resource, call: Call) -> Agreement:
    """The client's agreement for the purpose that it tells. Raises Denied, Refused."""
    purpose = call.field(PURPOSE)
    if not purpose or len(purpose) > 80:
        raise bad_request("X-Lingnan-Purpose says what it is for")
    today, client = legal_time.today(), call.client.member
    rows = Agreement.objects.filter(
        resource=resource.code, purpose=purpose, ended=False, valid_from__lte=today,
        consumer__in=superiors(client) or [client],
    )  # fmt: skip
    for one in rows.order_by("number"):
        if one.valid_until is None or one.valid_until >= today:
            return one
    raise Denied(f"no agreement lets {client} read {resource.code} for {purpose}")


# --- pages: the answer function is asked through the gateway, which knows of no pages


@dataclass
class _Window:
    limit: int
    after: tuple[str, ...]
    following: tuple[Any, ...] = ()


_window: contextvars.ContextVar[_Window | None] = contextvars.ContextVar("window", default=None)


@contextmanager
def _paged(limit: int, after: tuple[str, ...]) -> Iterator[_Window]:
    window = _Window(limit, after)
    token = _window.set(window)
    try:
        yield window
    finally:
        _window.reset(token)


def paged_answers(joined: Joined, whole: Callable[[Sequence[Any]], Any]) -> Any:
    """The answer function `whole`, giving one page where this module asks for one."""

    def answer(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
        window = _window.get()
        if window is None or len(asked) != 1:
            found: Mapping[Any, Sequence[Mapping[str, Any]]] = whole(asked)
            return found
        # The reading of the number is a use of its own, and has no pages.
        token = _window.set(None)
        try:
            lookup, codes = joined.lookup(), codes_of(joined, asked)
        finally:
            _window.reset(token)
        if asked[0] not in codes:
            return {}
        page = asking.page(lookup, codes[asked[0]], window.limit, window.after)
        window.following = page.following
        return {asked[0]: [row_of(joined, row) for row in page.rows]}

    return answer


def _token(place: Sequence[Any]) -> str:
    if not place:
        return ""
    return base64.urlsafe_b64encode(json.dumps([str(one) for one in place]).encode()).decode()


def _place(token: str) -> tuple[str, ...]:
    """Raises Refused on what was not said by a page before."""
    if not token:
        return ()
    try:
        said = read_json(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, UnicodeError) as problem:
        raise bad_request("after is what the page before said") from problem
    if not isinstance(said, list) or not 0 < len(said) <= 8:
        raise bad_request("after is what the page before said")
    return tuple(str(one)[:LONGEST] for one in said)


def described(one: Offered) -> dict[str, Any]:
    """The OpenAPI document of a table."""
    fields = {
        code: {"title": str(title), "description": code}
        for code, title in one.resource.elements.items()
    }
    text = {"type": "string", "maxLength": LONGEST}
    number = {"type": "integer", "default": LIMIT, "minimum": 1, "maximum": asking.MOST}
    asked = [
        {"name": one.column, "in": "query", "required": True, "schema": text},
        {"name": "limit", "in": "query", "schema": number},
        {"name": "after", "in": "query", "schema": {"type": "string"}},
        {"name": "elements", "in": "query", "schema": {"type": "string"}},
        {"name": "X-Lingnan-Purpose", "in": "header", "required": True, "schema": text},
    ]
    row = {"type": "object", "properties": fields}
    said = {"type": "object", "properties": {
        "rows": {"type": "array", "items": row}, "after": {"type": "string"}}}  # fmt: skip
    failures = {
        str(status): {"description": code} for code, status in sorted(use_text.STATUS.items())
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": str(one.resource.title), "version": "1",
                 "description": one.resource.basis},
        "paths": {"/": {"get": {
            "operationId": one.joined.code.partition(".")[2],
            "parameters": asked,
            "responses": {
                "200": {"description": "a page of rows",
                        "content": {"application/json": {"schema": said}}},
                **failures,
            },
        }}},
    }  # fmt: skip
