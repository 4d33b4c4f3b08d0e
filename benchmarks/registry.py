"""Finding, opening and registering residents in the register of a whole province.

BENCH_DATA names the data folder of a province that stands (none of its processes may run); else
one of BENCH_RESIDENTS (default 104,303) is made, with BENCH_POSTGRES=1 on a private PostgreSQL that
waits for its disk as in life. What is made is told too: its seconds and its bytes a resident.
"""

import os
import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure, percentile
from lingnan.node.postgres import LASTING, Cluster

WHAT = ("number.p99", "name_and_day.p95", "word.p95", "open.p95", "as_of.p95", "register.p95")
FIGURES = ("registry.made", "registry.bytes", *(f"registry.{what}" for what in WHAT))
RESIDENTS = int(os.environ.get("BENCH_RESIDENTS", "104303"))
LIMITS = {"number.p99": 10.0, "name_and_day.p95": 60.0, "register.p95": 150.0}
OFFICER = "440000-police-records_officer"
EACH, LEAST, LONG = 200, 20, 60.0
Act = Callable[[], Any]


def measure() -> list[Figure]:
    """What the holder's official does, evidence included; the baseline is the bare statement."""
    os.environ["LINGNAN_DATA"] = os.environ.get("BENCH_DATA", os.environ["LINGNAN_DATA"])
    with _database():
        return _measured()


@contextmanager
def _database() -> Iterator[None]:
    if not os.environ.get("BENCH_POSTGRES"):
        yield
        return
    with Cluster(LASTING) as cluster:
        os.environ["LINGNAN_DATABASE"] = cluster.url
        yield


def _measured() -> list[Figure]:
    import django

    django.setup()
    from django.db.models import Max

    from lingnan.node.province import prepare
    from lingnan.systems.government.population.models import Resident

    began = time.perf_counter()
    prepare(lambda _line: None, RESIDENTS)
    made = time.perf_counter() - began
    chosen = list(_some(Resident, int(Resident.objects.aggregate(most=Max("key"))["most"])))
    count = _count()
    size = f"{count:,} residents"
    figures = [
        Figure("registry.made", made, "s", size),
        Figure("registry.bytes", _size() / count, "bytes", size),
    ]
    acts = _acts(chosen)
    for what in WHAT:
        act, bare = acts[what]
        percent = int(what[-2:])
        value, base = (percentile(_times(one), percent) for one in (act, bare))
        limit = LIMITS.get(what)
        if what == "as_of.p95":
            limit = round(3 * figures[-1].value, 3)
            base = figures[-1].value
        figures.append(Figure(f"registry.{what}", value, "ms", size, base, limit))
    return figures


def _size() -> int:
    """The database's bytes on disk, its log left out."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _count() -> int:
    from lingnan.node.models import Making

    making = Making.objects.first()
    return making.residents if making else 0


def _some(model: Any, most: int) -> Iterator[Any]:
    """Residents from all over the province, the same in each run."""
    least = model.objects.order_by("key").values_list("key", flat=True)[0]
    draw = random.Random(2011)
    for _ in range(EACH):
        rows = model.objects.filter(key__gte=draw.randint(least, most), ended=False)
        yield rows.order_by("key")[0]


def _times(act: Callable[[int], Any]) -> list[float]:
    """Milliseconds of each act but the first ten; a slow one is asked less often."""
    times: list[float] = []
    began = time.perf_counter()
    for place in range(EACH):
        start = time.perf_counter()
        act(place)
        times.append((time.perf_counter() - start) * 1000)
        if time.perf_counter() - began > LONG and len(times) >= LEAST:
            break
    return times[10:]


def _acts(chosen: list[Any]) -> dict[str, tuple[Callable[[int], Any], Callable[[int], Any]]]:
    """What is measured → (the act by its turn, the bare statement)."""
    from benchmarks.scratch import actor
    from lingnan.kernel.registry import reading
    from lingnan.kernel.registry.choosing import Choosing
    from lingnan.kernel.runtime.api import Moment, legal_time
    from lingnan.systems.government.population.models import Resident

    who: Any = actor(OFFICER)
    table = Resident._meta.db_table
    past = Moment(legal_time.today() - timedelta(days=1))

    def found(asked: reading.Reading) -> None:
        assert reading.page(Resident, who, asked)[0], asked

    def opened(place: int, moment: Moment | None) -> None:
        ref = reading.reference(chosen[place])
        assert reading.opened(Resident, who, ref, moment)

    def by_name_and_day(place: int) -> None:
        day = chosen[place].birth_date.isoformat()
        told = {"f_birth_date_from": day, "f_birth_date_to": day}
        found(reading.Reading(chosen[place].name, None, Choosing(told)))

    return {
        "number.p99": (
            lambda n: found(reading.Reading(chosen[n].resident_number)),
            lambda n: _sql(
                f'SELECT * FROM "{table}" WHERE resident_number = %s', chosen[n].resident_number
            ),
        ),
        "name_and_day.p95": (
            by_name_and_day,
            lambda n: _sql(
                f'SELECT * FROM "{table}" WHERE name = %s AND birth_date = %s LIMIT 26',
                chosen[n].name,
                chosen[n].birth_date,
            ),
        ),
        "word.p95": (
            lambda n: found(reading.Reading(chosen[n].address[3:9])),
            lambda n: _sql(
                f'SELECT * FROM "{table}" WHERE address LIKE %s LIMIT 26',
                f"%{chosen[n].address[3:9]}%",
            ),
        ),
        "open.p95": (
            lambda n: opened(n, None),
            lambda n: _sql(f'SELECT * FROM "{table}" WHERE key = %s', chosen[n].key),
        ),
        "as_of.p95": (lambda n: opened(n, past), lambda n: None),
        "register.p95": _registrations(who, chosen),
    }


def _sql(statement: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.fetchall()


def _registrations(
    who: Any, chosen: list[Any]
) -> tuple[Callable[[int], Any], Callable[[int], Any]]:
    """A birth entered at the counter, evidence first; bare: the row alone, durably."""
    from django.db import connection

    from lingnan.kernel.runtime.api import legal_time
    from lingnan.kernel.trust.api import node_evidence
    from lingnan.systems.government.population.acts import births
    from lingnan.systems.government.population.models import Household

    today, run = legal_time.today(), secrets.token_hex(4)

    def registered(place: int) -> None:
        parent = chosen[place]
        home = Household.objects.get(number=parent.household)
        paper = f"{run}-{place}"
        birth = births.Birth("基准测试", "1", today, home, parent, "20", paper, "")
        child = births.enter(birth, who)
        node_evidence.write(
            [node_evidence.entry("record.entered", {"n": place}, [("person", child.key)])]
        )

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute("CREATE TABLE bench_bare (a varchar(18), b varchar(60), c varchar(200))")

    def bare(place: int) -> None:
        row = chosen[place]
        _sql(
            "INSERT INTO bench_bare VALUES (%s, %s, %s) RETURNING a",
            row.resident_number,
            row.name,
            row.address,
        )

    return registered, bare
