"""Files of rows taken into a register: rows a second checked and taken in, and memory.

Beside each stands the bare way in the same run: `csv.reader` over the file, and `executemany`
of its rows into a table of the same columns. `BENCH_ROWS=10000000 BENCH_PATIENCE=3600` measures
another size. Every hundredth row in the middle tenth of the file is bad.
"""

import csv
import os
import resource
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import scratch
from benchmarks.figure import Figure

SIZES = tuple(int(one) for one in os.environ.get("BENCH_ROWS", "100000,1000000").split(","))
WHAT = ("check", "take")
FIGURES = tuple(f"importing.{size}.{what}" for size in SIZES for what in (*WHAT, "peak"))
LEAST, MOST = 20_000.0, 1_000.0
NAMES = ("number", "division", "township", "address", "size", "kind")


def measure() -> list[Figure]:
    scratch.bring_up()
    figures: list[Figure] = []
    for size in SIZES:
        path = Path(os.environ["LINGNAN_DATA"]) / "rows.csv"
        _write(path, size)
        bare, rows = _bare(path), f"{size:,} rows"
        for what, seconds in zip(WHAT, _import(path, size), strict=True):
            limit = LEAST if what == "check" else None
            figures.append(
                Figure(
                    f"importing.{size}.{what}", size / seconds, "rows/s", rows,
                    size / bare[what], limit, at_least=True,
                )
            )  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures.append(Figure(f"importing.{size}.peak", peak, "MB", rows, limit=MOST))
        path.unlink()
    return figures


def _lines(size: int) -> Iterator[tuple[str, ...]]:
    yield NAMES
    bad = range(size * 45 // 100, size * 55 // 100)
    for n in range(size):
        members = "三" if n in bad and n % 100 == 0 else "3"
        number = f"B{size}-{n:010d}"
        yield number, "440103", "440103001", f"龙津东路{n}号", members, "family"


def _write(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_lines(size))


def _bare(path: Path) -> dict[str, float]:
    """Seconds of reading the file, and of writing its rows, with nothing else."""
    start = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass
    read = time.perf_counter() - start
    target = path.with_suffix(".sqlite3")
    kept = sqlite3.connect(target)
    kept.execute(f"CREATE TABLE bare ({', '.join(NAMES)}, UNIQUE (number))")
    start = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file, kept:
        kept.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)", csv.reader(file))
    wrote = time.perf_counter() - start
    kept.close()
    target.unlink()
    return {"check": read, "take": wrote}


def _import(path: Path, size: int) -> tuple[float, float]:
    """Seconds of the check and of the taking in, as the worker does them."""
    from lingnan.kernel.registry.importing import files, jobs, sending, work
    from lingnan.kernel.registry.importing.models import Import
    from lingnan.kernel.runtime.api import legal_time
    from lingnan.systems.government.population.models import Household

    with path.open("rb") as file:
        ref, digest, length = files.store(iter(lambda: file.read(1 << 20), b""))
    one = Import(
        ref=ref, record_type="population.household", name=path.name, kind="csv", size=length,
        digest=digest, purpose="benchmark", account=0, person="合成", who="合成",
        body="gd-440103-police", division="440103", function="police", role="head",
        at=legal_time.now(), state="checking", whole=False,
        reading=files.reading_of(work.source(ref), "csv"),
    )  # fmt: skip
    sending.find_columns(one, Household)
    one.save()
    checked = _timed(jobs.run_waiting)
    one.refresh_from_db()
    if one.state != "checked" or one.counts["rows"] != size or not one.counts["bad"]:
        raise RuntimeError(f"not checked: {one.state} {one.counts}")
    Import.objects.filter(pk=ref).update(state="taking")
    taken = _timed(jobs.run_waiting)
    one.refresh_from_db()
    if one.state != "taken":
        raise RuntimeError(f"not taken: {one.state} {one.fault}")
    return checked, taken


def _timed(work: object) -> float:
    start = time.perf_counter()
    assert callable(work)
    work()
    return time.perf_counter() - start
