"""Connections against hosts that answer oddly, slowly, twice, or not at all: byte for byte."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange.messages import asgi, connecting, connections
from lingnan.kernel.exchange.messages.connections import Connections
from lingnan.kernel.exchange.messages.refusals import Refused

Ask = Callable[[Connections, str], Awaitable[Any]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Host:
    """Answers the nth request that comes, over whatever connection, with the nth of these; None
    closes the connection instead. What follows b"|" is said a moment later."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers, self.heads, self.opened = list(answers), list[bytes](), 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                self.heads.append(head + await reader.readexactly(int(length or 0)))
                answer = self.answers.pop(0)
                if answer is None:
                    break
                for piece in answer.split(b"|"):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.005)
                if b"length" not in answer and b"chunked" not in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def asked(host: Host, act: Ask) -> Any:
    async def run() -> Any:
        server = await asyncio.start_server(host, "127.0.0.1", 0)
        kept = Connections()
        try:
            return await act(kept, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        finally:
            await kept.close()
            server.close()

    return asyncio.run(run())


async def once(kept: Connections, url: str) -> Any:
    return await kept.fetch("GET", f"{url}/a?b=1", {"accept": "*/*"}, b"")


async def twice(kept: Connections, url: str) -> Any:
    return [await once(kept, url), await once(kept, url)]


@pytest.mark.parametrize(
    "answer,said",
    [
        (OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\ncontent-le|ngth: 2\r\n\r\no|k", b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n|0\r\n\r\n", b"abc"),
        (b"HTTP/1.1 100 Continue\r\n\r\n|" + OK, b"ok"),
        (b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil |the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
    ],
)
def test_an_answer_is_read_to_where_it_ends(answer: bytes, said: bytes) -> None:
    status, fields, body = asked(Host(answer), once)
    assert (status, body) == (200, said) and "link" not in fields


def test_a_connection_is_kept_and_asked_again() -> None:
    host = Host(OK, b"HTTP/1.1 204 No Content\r\nx-length: 1\r\n\r\n", OK)

    async def thrice(kept: Connections, url: str) -> Any:
        return [*await twice(kept, url), await once(kept, url)]

    assert [body for _status, _fields, body in asked(host, thrice)] == [b"ok", b"", b"ok"]
    assert host.opened == 1
    assert host.heads[0].startswith(b"GET /a?b=1 HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"content-length" not in host.heads[0]


def test_fields_of_one_name_are_one_and_kept_apart_from_the_next_answers() -> None:
    first = b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a:  2 \r\ncontent-length: 0\r\n\r\n"
    one, two = asked(Host(first, OK), twice)
    assert one[1]["x-a"] == "1, 2" and "x-a" not in two[1]


def test_one_that_was_closed_meanwhile_is_asked_anew_where_that_does_no_harm() -> None:
    host = Host(OK, None, OK)
    assert [body for _status, _fields, body in asked(host, twice)] == [b"ok", b"ok"]
    assert host.opened == 2 and len(host.heads) == 3

    async def post(kept: Connections, url: str) -> Any:
        await once(kept, url)
        return await kept.fetch("POST", url, {}, b"{}")

    changing = Host(OK, None, OK)
    with pytest.raises(Refused):
        asked(changing, post)
    assert len(changing.heads) == 2, "a request that may change something is not said twice"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort|",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x-a: " + b"b" * connecting.HEAD_BYTES,
    ],
)
def test_what_is_no_whole_answer_is_none(answer: bytes | None, monkeypatch: Any) -> None:
    monkeypatch.setattr(connections, "WHOLE", 0.5)
    with pytest.raises(Refused, match=r"127\.0\.0\.1|too long") as refused:
        asked(Host(answer), once)
    assert refused.value.status in (503, 500)


def test_a_second_answer_is_given_to_nobody() -> None:
    host = Host(OK + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", OK)
    assert [one[2] for one in asked(host, twice)] == [b"ok", b"ok"] and host.opened == 2

    async def later(kept: Connections, url: str) -> Any:
        first = await once(kept, url)
        await asyncio.sleep(0.05)
        return first, await once(kept, url)

    late = Host(OK + b"|HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", OK)
    first, second = asked(late, later)
    assert (first[2], second[2]) == (b"ok", b"ok") and late.opened == 2


def test_who_says_nothing_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(connections, "WHOLE", 0.1)
    with pytest.raises(Refused, match="in time"):
        asked(Host(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"), once)


def test_an_answer_to_head_has_no_body() -> None:
    async def head(kept: Connections, url: str) -> Any:
        return await kept.fetch("HEAD", url, {}, b""), await once(kept, url)

    told = b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n"
    (status, fields, body), (_status, _fields, after) = asked(Host(told, OK), head)
    assert (status, fields["content-length"], body, after) == (200, "900", b"", b"ok")


def test_a_large_body_goes_out_whole() -> None:
    body = bytes(range(256)) * 40_000

    async def put(kept: Connections, url: str) -> Any:
        return await kept.fetch("PUT", url, {}, body), await once(kept, url)

    host = Host(OK, OK)
    asked(host, put)
    assert host.heads[0].endswith(body) and b"content-length: 10240000\r\n" in host.heads[0]
    assert host.opened == 1


def test_who_answers_before_all_was_said_is_heard_and_not_asked_there_again() -> None:
    """A refusal of what is too large: the rest is not sent."""
    opened = 0

    async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()

    async def put(kept: Connections, url: str) -> Any:
        answers = [await kept.fetch("PUT", url, {}, b"x" * 30_000_000) for _ in range(2)]
        return [status for status, _fields, _body in answers]

    host: Any = refusing
    assert asked(host, put) == [413, 413] and opened == 2


def test_who_answers_and_reads_nothing_more_holds_nobody() -> None:
    ended: asyncio.Event

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        await ended.wait()
        writer.close()

    async def put(kept: Connections, url: str) -> Any:
        nonlocal ended
        ended = asyncio.Event()
        try:
            return await asyncio.wait_for(kept.fetch("PUT", url, {}, b"x" * 30_000_000), 20)
        finally:
            ended.set()

    host: Any = deaf
    assert asked(host, put)[0] == 413


def test_more_than_may_be_open_wait_and_all_are_answered(monkeypatch: Any) -> None:
    monkeypatch.setattr(connections, "MOST", 3)
    host = Host(*[OK] * 40)

    async def many(kept: Connections, url: str) -> Any:
        return await asyncio.gather(*[once(kept, url) for _ in range(40)])

    assert len(asked(host, many)) == 40 and host.opened == 3


def test_who_waits_too_long_for_a_connection_leaves_it_to_others(monkeypatch: Any) -> None:
    monkeypatch.setattr(connections, "MOST", 1)
    monkeypatch.setattr(connections, "CONNECT", 0.1)
    slow = b"HTTP/1.1 200 OK\r\n" + b"|" * 60 + b"content-length: 2\r\n\r\nok"

    async def three(kept: Connections, url: str) -> Any:
        found = await asyncio.gather(*[once(kept, url) for _ in range(3)], return_exceptions=True)
        return found, await once(kept, url)

    found, after = asked(Host(slow, OK), three)
    refused = [one for one in found if isinstance(one, Refused)]
    assert len(refused) == 2 and after[2] == b"ok"


def test_one_that_is_cancelled_leaves_no_answer_for_the_next() -> None:
    slow = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n" + b"|" * 20 + b"late"

    async def cancelled(kept: Connections, url: str) -> Any:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(once(kept, url), 0.03)
        return await once(kept, url)

    assert asked(Host(slow, OK), cancelled)[2] == b"ok"


def test_too_long_a_body_is_refused_before_it_has_all_come(monkeypatch: Any) -> None:
    monkeypatch.setattr(asgi, "LARGEST", 1000)
    body = b"|".join([b"x" * 400] * 4)
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1600\r\n\r\n" + body
    with pytest.raises(Refused) as refused:
        asked(Host(answer), once)
    assert refused.value.kind == "MessageTooLarge"


@pytest.mark.parametrize("url", ["", "ftp://a/b", "http://", "http:///a", "http://a:b/", "a/b"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="address"):
        asyncio.run(Connections().fetch("GET", url, {}, b""))


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_no_field_becomes_a_line_of_its_own(target: str, name: str, value: str) -> None:
    try:
        head = connecting.head("GET", f"/{target}", "host", {f"x{name}": value}, 0)
    except ValueError:
        return
    assert head.endswith(b"\r\n\r\n") and head.count(b"\n") == 4 and head.count(b"\r") == 4


def test_nothing_is_left_open() -> None:
    asked(Host(OK, OK), twice)
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is connecting.Connection]
