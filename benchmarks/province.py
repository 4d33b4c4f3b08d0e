"""Residents a second: made, and made and loaded; bytes of the database for each resident."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks.figure import Figure

FIGURES = ("province.made", "province.loaded", "province.bytes")
RESIDENTS = 104_303


def measure() -> list[Figure]:
    """The baseline of both speeds is making the residents alone."""
    import django

    django.setup()
    from django.core.management import call_command

    from lingnan.kernel.runtime.api import legal_time
    from lingnan.node import world

    call_command("migrate", interactive=False, verbosity=0)
    today: date = legal_time.today()
    with _timed() as made:
        for _chunk in world.make(2011, today, RESIDENTS).residents():
            pass
    before = _bytes()
    with _timed() as loaded:
        _load(today)
    size = f"{RESIDENTS:,} residents with households, dwellings and firms"
    alone = RESIDENTS / made[0]
    return [
        Figure("province.made", alone, "residents/s", f"{RESIDENTS:,} residents"),
        Figure("province.loaded", RESIDENTS / loaded[0], "residents/s", size, alone),
        Figure("province.bytes", (_bytes() - before) / RESIDENTS, "bytes/resident", size),
    ]


def _load(today: date) -> None:
    """What grows with the residents; not the bodies, posts and seals."""
    from importlib import import_module

    from lingnan.node import world

    made = world.make(2011, today, RESIDENTS)
    for system in ("population", "geography", "legal_persons"):
        import_module(f"lingnan.systems.government.{system}.demo").load(made)


def _bytes() -> int:
    """The database without its log."""
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return (Path(settings.DATA) / "lingnan.sqlite3").stat().st_size
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


@contextmanager
def _timed() -> Iterator[list[float]]:
    seconds: list[float] = []
    start = time.monotonic()
    yield seconds
    seconds.append(time.monotonic() - start)
