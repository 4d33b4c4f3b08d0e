"""A load generator: so many clients, each on its own kept-open connection."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.figure import percentile

WARM = 5


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one request, and requests a second of all clients together."""

    p50: float
    p95: float
    per_second: float


def load(port: int, path: str, cookies: str, clients: int, each: int) -> Timing:
    """GET a page `each` times from every client. Raises RuntimeError when it is not answered."""
    with ThreadPoolExecutor(clients) as pool:
        start = time.perf_counter()
        runs = [pool.submit(_client, port, path, cookies, each) for _ in range(clients)]
        times = [one for run in runs for one in run.result()]
        elapsed = time.perf_counter() - start
    milliseconds = [one * 1000 for one in times]
    share = each / (each + WARM)
    return Timing(
        percentile(milliseconds, 50),
        percentile(milliseconds, 95),
        len(times) / (elapsed * share),
    )


def _client(port: int, path: str, cookies: str, each: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for number in range(each + WARM):
        start = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        if number >= WARM:
            times.append(time.perf_counter() - start)
    connection.close()
    return times
