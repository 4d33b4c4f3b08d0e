"""What grows with the province: seconds to ready, memory while it is made, disk, pages.

One in a thousand and ten times that; `BENCH_FACTORS=1,10,100 BENCH_PATIENCE=3600` measures
a tenth of Guangdong too (about a quarter of an hour and 6 GB).
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.load import load
from benchmarks.serving import Visit, cookies_of
from lingnan.node.walk import measure as machine
from lingnan.node.walk import province as provinces
from lingnan.node.walk.province import Province
from lingnan.node.walk.stage import Stage
from lingnan.node.walk.trail import Trail

ONE = 104_303
FACTORS = tuple(int(one) for one in os.environ.get("BENCH_FACTORS", "1,10").split(","))
RECORDS = "440103-police-records_officer"
PAGES = ("home", "event", "map", "address", "register")
WHAT = ("ready", "resume", "peak", "disk", *(f"{page}.p95" for page in PAGES))
FIGURES = tuple(f"growth.{factor}x.{what}" for factor in FACTORS for what in WHAT)
PATIENCE, EACH = 3600.0, 60


def measure() -> list[Figure]:
    """The baseline of each figure is the same at one in a thousand."""
    provinces.PATIENCE = PATIENCE
    os.environ["LINGNAN_RATES"] = "1000"  # the load comes from one address
    figures: list[Figure] = []
    base: dict[str, float] = {}
    for factor in FACTORS:
        found = _at(ONE * factor)
        base = base or found
        size = f"{ONE * factor:,} residents"
        for what in WHAT:
            unit = {"ready": "s", "resume": "s", "peak": "MB", "disk": "MB"}.get(what, "ms")
            name = f"growth.{factor}x.{what}"
            figures.append(Figure(name, found[what], unit, size, base[what]))
    return figures


def _at(residents: int) -> dict[str, float]:
    up = Province(None, "--residents", str(residents))
    with _peak(os.getpid()) as peak, up:
        found = {"ready": up.seconds, "disk": _size(up.data)}
        stage = Stage(up.url, "", Trail(None))
        for page in _pages(stage):
            found[f"{page.name}.p95"] = load(up.port, page.path, page.cookies, 4, EACH).p95
        up.process.send_signal(2)
        up.process.wait(60)
        with Province(up.data) as again:
            found["resume"] = again.seconds
    return found | {"peak": max(peak)}


def _pages(stage: Stage) -> list[Visit]:
    officer = cookies_of(stage.person(RECORDS))
    return [
        Visit("home", "/"),
        Visit("event", "/events/restaurant/"),
        Visit("map", "/places/"),
        Visit("address", "/places/?q=%E4%B8%AD%E5%B1%B1%E4%B8%83%E8%B7%AF"),
        Visit("register", "/desk/records/population/resident/", officer),
    ]


@contextmanager
def _peak(pid: int) -> Iterator[list[float]]:
    """The most memory that all processes have taken together, looked at ten times a second."""
    seen, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            seen.append(machine.memory(pid).pss)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _size(folder: Path) -> float:
    time.sleep(1)
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
