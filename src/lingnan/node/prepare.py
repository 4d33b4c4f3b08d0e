"""`python -m lingnan.node.prepare RESIDENTS`: bring the data folder up to date, then end."""

import sys

import django


def main() -> int:
    django.setup()
    from lingnan.kernel.runtime import keys
    from lingnan.node.mode import ModeRefused
    from lingnan.node.province import RESIDENTS
    from lingnan.node.room import NoRoom
    from lingnan.node.world import NotThatMany

    residents = int(sys.argv[1]) if len(sys.argv) > 1 else RESIDENTS
    try:
        _prepare(residents)
    except (ModeRefused, NoRoom, NotThatMany, keys.ClockBehind) as refused:
        print(f"lingnan: {refused}")
        return 1
    return 0


def _prepare(residents: int) -> None:
    from django.conf import settings

    from lingnan.kernel.runtime import keys
    from lingnan.node import mode
    from lingnan.node.province import prepare

    if settings.MODE == mode.REAL and holds_a_demonstration():
        raise mode.ModeRefused(
            "this database holds a demonstration's invented people and LINGNAN_MODE is 'real': "
            "give a new folder (--data or LINGNAN_DATA) and a new database"
        )
    mode.keep(settings.DATA, settings.MODE)
    keys.new_key()  # a clock that was set back is said now, not to the first who files a case
    prepare(lambda line: print(f"  {line}", flush=True), residents)


def holds_a_demonstration() -> bool:
    """Whether the database has a demonstration's accounts; it may have no tables yet."""
    from django.db import connection

    from lingnan.kernel.trust.api import Account

    if Account._meta.db_table not in connection.introspection.table_names():
        return False
    return Account.objects.filter(demonstration=True).exists()


if __name__ == "__main__":
    sys.exit(main())
