"""WSGI or ASGI, one process or two: the same page behind each, eight clients."""

from contextlib import ExitStack

from benchmarks.figure import Figure
from benchmarks.load import Timing, load
from benchmarks.serving import province, server
from lingnan.node.walk import measure as machine

CLIENTS, EACH, ROUNDS = 8, 12, 6
WSGI, ASGI = "lingnan.node.wsgi:application", "benchmarks.asgi:application"
VARIANTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "wsgi_1x4": (WSGI, ()),
    "wsgi_2x2": (WSGI, ("--workers=2", "--blocking-threads=2")),
    "asgi_1": (ASGI, ("--interface=asgi", "--blocking-threads=1")),
    "asgi_2": (ASGI, ("--interface=asgi", "--workers=2", "--blocking-threads=1")),
}
FIGURES = tuple(f"web.{name}.{what}" for name in VARIANTS for what in ("rate", "p95", "rss"))


def measure() -> list[Figure]:
    """The baseline is what `up` starts: WSGI, one process with four threads.

    All variants stand ready at once and take turns; the best of their rounds counts, since
    whatever else the machine does can only make a round slower.
    """
    with province() as (up, pages), ExitStack() as stack:
        page = next(page for page in pages if page.name == "case")
        standing = {
            name: stack.enter_context(server(up.data, application, *changed))
            for name, (application, changed) in VARIANTS.items()
        }
        rounds: dict[str, list[Timing]] = {name: [] for name in standing}
        for _round in range(ROUNDS):
            for name, (port, _pid) in standing.items():
                timing = load(port, page.path, page.cookies, CLIENTS, EACH)
                rounds[name].append(timing)
        memory = {name: machine.memory(pid).rss for name, (_port, pid) in standing.items()}
    return [one for name in VARIANTS for one in _figures(name, rounds, memory)]


def _figures(name: str, rounds: dict[str, list[Timing]], memory: dict[str, float]) -> list[Figure]:
    size, base = f"a case's page, 8 clients, best of {ROUNDS}", next(iter(VARIANTS))
    rate = {one: max(timing.per_second for timing in found) for one, found in rounds.items()}
    p95 = {one: min(timing.p95 for timing in found) for one, found in rounds.items()}
    return [
        Figure(f"web.{name}.rate", rate[name], "requests/s", size, rate[base]),
        Figure(f"web.{name}.p95", p95[name], "ms", size, p95[base]),
        Figure(f"web.{name}.rss", memory[name], "MB", size, memory[base]),
    ]
