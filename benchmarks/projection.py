"""The columnar copy: how fast it is made, how many bytes a row takes, how long a count takes.

`BENCH_ROWS` residents are counted (default a million). Up to half a million are loaded and copied;
beyond that the copy's own files stand in its manifest several times. The baseline of the count is
a bare scan of the same files by the same engine; that of the making is reading the same columns
out of the driver, row by row. BENCH_DATA names the data folder of a province that stands, whose
residents are copied and counted instead (see `standing`).
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from benchmarks import scratch, standing
from benchmarks.figure import Figure

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
LOADED = min(ROWS, 500_000)
CHUNK = 100_000
COUNTIES = [f"4401{n:02}" for n in range(3, 18)] + [f"4403{n:02}" for n in range(3, 12)]
BY = ["division", "birth_date", "sex"]
FIGURES = tuple(f"projection.{name}" for name in ("rebuild", "bytes", "count", "delta", "memory"))


def measure() -> list[Figure]:
    """Load, copy, change one row, and count by county, age and sex."""
    if os.environ.get("BENCH_DATA"):
        return standing.measure()
    scratch.bring_up()
    from lingnan.kernel.registry.projection import building, engine, files, manifest
    from lingnan.kernel.registry.statistics import tables
    from lingnan.kernel.runtime.api import action, legal_time
    from lingnan.systems.government.population.models import Resident

    _load(Resident)
    held, making = _timed(lambda: building.bring_up_to_date(Resident, rebuild=True))
    reading = _timed(lambda: _read(Resident))[1]
    place = manifest.folder(Resident)
    size = files.size(place, (*held.single, *held.several)) / held.rows
    row = Resident.objects.order_by("key").first()
    assert row is not None
    with action(by="a benchmark", reason="one change") as act:
        act.change(row, address="二号")
    delta = _timed(lambda: building.bring_up_to_date(Resident))[1]
    memory = _memory()
    rows = _repeated(Resident)
    today = legal_time.today()
    tables.table(Resident, BY, today, disclosure=False)
    counted, count = _timed(lambda: tables.table(Resident, BY, today, disclosure=False))
    assert (counted.total or 0) >= ROWS
    listed = engine.files(place, [part.file for part in rows])
    sql = (
        "SELECT left(division, 6), date_part('year', birth_date) // 5, sex, count(*) "
        f"FROM {listed} GROUP BY ALL"
    )
    with engine.connect() as duck:
        bare = _timed(lambda: duck.sql(sql).fetchall())[1]
    made = f"{held.rows:,} rows"
    return [
        Figure("projection.rebuild", held.rows / making, "rows/s", made, held.rows / reading),
        Figure("projection.bytes", size, "bytes/row", made),
        Figure("projection.count", count, "s", f"{counted.total:,} rows", bare),
        Figure("projection.delta", delta, "s", "1 change"),
        Figure("projection.memory", memory, "MB", made, limit=2048),
    ]


def _timed(what: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    found = what()
    return found, time.perf_counter() - began


def _load(model: Any) -> None:
    from lingnan.kernel.runtime.api import action

    first = date(1930, 1, 1)
    for start in range(0, LOADED, CHUNK):
        numbers = range(start, min(start + CHUNK, LOADED))
        births = [first + timedelta(days=n * 7919 % 35_000) for n in numbers]
        places = [COUNTIES[n % len(COUNTIES)] for n in numbers]
        columns: dict[str, list[Any]] = {
            "resident_number": [f"S{n:017}" for n in numbers],
            "name": [f"合成{n % 5000}" for n in numbers],
            "sex": ["12"[n % 2] for n in numbers],
            "birth_date": births,
            "valid_from": births,
            "division": places,
            "domicile": places,
            "address": ["一号" for _ in numbers],
            "household": [f"H{n // 3}" for n in numbers],
        }
        with action(by="a benchmark", reason="synthetic residents") as act:
            act.load_columns(model, columns)


def _read(model: Any) -> None:
    """The same columns out of the driver, a tuple for each row."""
    from django.db import connection

    from lingnan.kernel.registry.projection.layout import layout

    names = ", ".join(c for c in layout(model).columns if c != "valid_to")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table} ORDER BY key")
        while cursor.fetchmany(65_536):
            pass


def _repeated(model: Any) -> tuple[Any, ...]:
    """The copy's files as often as it takes to have `ROWS` rows; returns them all."""
    from lingnan.kernel.registry.projection import manifest

    held = manifest.read(model)
    assert held is not None
    times = max(1, -(-ROWS // held.rows))
    manifest.write(model, replace(held, single=held.single * times))
    return held.single * times


def _memory() -> float:
    """The most memory that a rebuild in a process of its own takes, in MB."""
    words = [sys.executable, "-m", "django", "projection", "--rebuild", "population.resident"]
    subprocess.run(words, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
