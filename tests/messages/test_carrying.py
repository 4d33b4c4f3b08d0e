"""Requests over real sockets: what a department's own service sees and says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.calls import Answer, Call
from lingnan.kernel.exchange.messages.carrying import Forwarded
from lingnan.kernel.exchange.messages.connections import Connections
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards import xroad
from lingnan.standards.xroad import Called, Service
from tests.messages.nodes import MARKET, POPULATION

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """A department's own web service; its address."""
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/base/"
    finally:
        await runner.cleanup()


def call(path: str = "", query: str = "", method: str = "POST", body: bytes = b"{}") -> Call:
    fields = [
        (xroad.CLIENT, str(MARKET)),
        (xroad.ID, "m-1"),
        (xroad.REQUEST_ID, "r-1"),
        ("content-type", "text/plain; charset=gb18030"),
        ("accept", "application/xml"),
        ("x-own", "1"),
    ]
    called = Called(Service(POPULATION, "identity"), path, query)
    return Call(MARKET, called, method, fields, body, "m-1")


def answered(handler: Handler, one: Call) -> Answer:
    async def run() -> Answer:
        async with serving(handler) as url:
            connections = Connections(None)
            try:
                return await Forwarded(connections, url).answer(one)
            finally:
                await connections.close()

    return asyncio.run(run())


def test_a_service_sees_what_the_client_sent_and_who_it_was() -> None:
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(path=request.raw_path, method=request.method, body=await request.read())
        seen.update(fields={name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=201, text="好", headers={"X-Own": "2", "Server": "secret/1.0"})

    answer = answered(handler, call("/v1/a%2Fb/%E5%BC%A0", "q=a%26b&q=2", "PUT", "张".encode()))
    assert seen["path"] == "/base/v1/a%2Fb/%E5%BC%A0?q=a%26b&q=2"
    assert (seen["method"], seen["body"]) == ("PUT", "张".encode())
    fields = seen["fields"]
    assert fields[xroad.CLIENT] == str(MARKET)
    assert fields[xroad.SERVICE] == f"{POPULATION}/identity"
    assert fields["content-type"] == "text/plain; charset=gb18030"
    assert fields["accept"] == "application/xml" and fields["x-own"] == "1"
    assert not {xroad.REQUEST_ID, "user-agent", "accept-encoding", "signature"} & set(fields)
    assert (answer.status, answer.body.decode()) == (201, "好")
    assert ("x-own", "2") in answer.fields
    assert not {"server", "date", "content-length"} & {name for name, _value in answer.fields}


def test_a_redirect_is_the_clients_to_follow() -> None:
    async def handler(_request: web.Request) -> web.Response:
        raise web.HTTPFound("http://169.254.169.254/")

    answer = answered(handler, call())
    assert answer.status == 302 and dict(answer.fields)["location"] == "http://169.254.169.254/"


def test_compressed_answers_stay_as_they_are() -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    answer = answered(handler, call())
    assert answer.body == b"\x1f\x8b" and ("content-encoding", "gzip") in answer.fields


def test_a_service_that_hangs_up_or_says_too_much_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hangs_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.close()
        return web.Response()

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(64):
            await answer.write(b"x" * 1024)
        return answer

    with pytest.raises(Refused, match="did not answer") as refused:
        answered(hangs_up, call())
    assert refused.value.kind == "NetworkError"
    assert "127.0.0.1" not in refused.value.message
    monkeypatch.setattr(asgi, "LARGEST", 32 * 1024)
    with pytest.raises(Refused) as refused:
        answered(endless, call())
    assert refused.value.kind == "MessageTooLarge"


def test_nobody_there_is_told_without_the_address() -> None:
    async def run() -> None:
        connections = Connections(None)
        try:
            await Forwarded(connections, "http://127.0.0.1:9").answer(call())
        finally:
            await connections.close()

    with pytest.raises(Refused, match=r"^the service did not answer$") as refused:
        asyncio.run(run())
    assert (refused.value.kind, refused.value.status) == ("NetworkError", 503)


def test_what_reads_is_told_by_its_method() -> None:
    forwarded = Forwarded.__new__(Forwarded)
    assert forwarded.reads("GET") and forwarded.reads("HEAD")
    assert not forwarded.reads("POST") and not forwarded.reads("DELETE")
