"""Large bodies wait for their turn, each caller's for its own: a gateway's memory has a bound."""

import asyncio
from typing import Any

from lingnan.kernel.exchange.messages import providing, serving
from lingnan.kernel.exchange.messages.providing import Provider


def scope(length: bytes | None, caller: bytes) -> dict[str, Any]:
    headers = [(b"transfer-encoding", b"chunked")]
    if length is not None:
        headers = [(b"content-length", length)]
    return {
        "type": "http", "method": "PUT", "path": "/", "query_string": b"", "headers": headers,
        "extensions": {serving.TLS: {"certificate": caller}},
    }  # fmt: skip


async def read_at_once(*asked: dict[str, Any]) -> int:
    """How many of these bodies are read while none of them ends."""
    unused: Any = None
    provider = Provider(unused, unused, unused, unused, unused)
    reading, over = 0, asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal reading
        reading += 1
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        raise AssertionError("nobody is there to answer")

    calls = [asyncio.create_task(provider(one, receive, send)) for one in asked]
    for _ in range(20):
        await asyncio.sleep(0)
    found = reading
    over.set()
    await asyncio.gather(*calls)
    assert reading == len(asked), "each has its turn in the end"
    return found


def test_of_one_caller_so_many_and_no_more() -> None:
    large = scope(b"%d" % (providing.LARGE + 1), b"one")
    assert asyncio.run(read_at_once(*[large] * 20)) == providing.TURNS


def test_a_length_that_is_not_told_or_told_oddly_is_large() -> None:
    for length in (None, b"x", b"9" * 40):
        assert asyncio.run(read_at_once(*[scope(length, b"one")] * 20)) == providing.TURNS


def test_small_ones_and_other_callers_do_not_wait() -> None:
    large = [scope(b"9000000", b"one")] * 20
    small, other = scope(b"10", b"one"), scope(b"9000000", b"two")
    others = [*[small] * 5, *[other] * 5]
    assert asyncio.run(read_at_once(*large, *others)) == providing.TURNS + 10
