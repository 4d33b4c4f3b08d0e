"""The columnar copy of a province that stands: made, changed and counted.

Each of the first two runs in a process of its own, whose memory is then known.
"""

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.figure import Figure

BY = ["division", "birth_date", "sex"]
READ = 2_000_000
REGISTER = "population.resident"


def measure() -> list[Figure]:
    """The figures of `projection` on the folder of BENCH_DATA, none of whose processes runs."""
    os.environ["LINGNAN_DATA"] = os.environ["BENCH_DATA"]
    made = _said("made")
    counted = _said("counted")
    rows = f"{made['rows']:,} rows"
    return [
        Figure("projection.rebuild", made["rows"] / made["took"], "rows/s", rows, made["bare"]),
        Figure("projection.bytes", made["bytes"] / made["rows"], "bytes/row", rows),
        Figure("projection.count", counted["took"], "s", rows, counted["bare"], limit=8.0),
        Figure("projection.delta", made["delta"], "s", "1 change"),
        Figure("projection.memory", made["memory"], "MB", rows, limit=2048),
        Figure("projection.count_memory", counted["memory"], "MB", rows, limit=1024),
    ]


def _said(part: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.standing", part]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _timed(what: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    found = what()
    return found, time.perf_counter() - began


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _made() -> dict[str, Any]:
    """A copy made anew, and one more change; bare: the same columns out of the driver."""
    from lingnan.kernel.registry.projection import building, files, manifest
    from lingnan.kernel.runtime.api import action
    from lingnan.systems.government.population.models import Resident

    held, took = _timed(lambda: building.bring_up_to_date(Resident, rebuild=True))
    memory = _peak()
    size = files.size(manifest.folder(Resident), (*held.single, *held.several))
    row = Resident.objects.order_by("key")[0]
    with action(by="a benchmark", reason="one change") as act:
        act.change(row, address=f"{row.address}一号")
    delta = _timed(lambda: building.bring_up_to_date(Resident))[1]
    bare = min(READ, held.rows) / _timed(lambda: _read(Resident))[1]
    return {"rows": held.rows, "took": took, "bytes": size, "memory": memory} | {
        "delta": delta,
        "bare": bare,
    }


def _read(model: Any) -> None:
    from django.db import connection

    from lingnan.kernel.registry.projection.layout import layout

    names = ", ".join(c for c in layout(model).columns if c != "valid_to")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table} ORDER BY key LIMIT {READ}")
        while cursor.fetchmany(65_536):
            pass


def _counted() -> dict[str, Any]:
    """County × age × sex today; bare: the same engine over the same files."""
    from lingnan.kernel.registry.projection import engine, manifest
    from lingnan.kernel.registry.statistics import tables
    from lingnan.kernel.runtime.api import legal_time
    from lingnan.systems.government.population.models import Resident

    today = legal_time.today()
    found, took = _timed(lambda: tables.table(Resident, BY, today, disclosure=False))
    memory = _peak()
    held = manifest.read(Resident)
    assert held is not None and found.total
    listed = engine.files(manifest.folder(Resident), [part.file for part in held.single])
    sql = (
        "SELECT left(division, 6), date_part('year', birth_date) // 5, sex, count(*) "
        f"FROM {listed} GROUP BY ALL"
    )
    with engine.connect() as duck:
        bare = _timed(lambda: duck.sql(sql).fetchall())[1]
    return {"took": took, "bare": bare, "memory": memory, "total": found.total}


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(_made() if sys.argv[1] == "made" else _counted()))
