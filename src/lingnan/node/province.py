"""Creating and resuming the node's data: calendar, rules, bodies, matters, demonstration."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.maps import api as maps
from lingnan.kernel.matters.api import import_all, import_events
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.kernel.trust.api import Body
from lingnan.node import accounts, bulk, carried, room
from lingnan.node import world as worlds
from lingnan.portal import operator_key

SEED = 2011
# A thousandth of the census of 2010.
RESIDENTS = 104_303
QUIET = 50_000
Say = Callable[[str], None]


def prepare(say: Say, residents: int = RESIDENTS) -> bool:
    """Bring the data folder up to date. Returns whether the province was created now."""
    say("数据库 · bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    operator_key.read_or_make()
    _load_rules()
    created = legal_time.is_demonstration() and not Body.objects.exists()
    if created:
        # All or nothing: a process killed meanwhile leaves no half-made province.
        with bulk.loading(), transaction.atomic():
            _create(say, residents)
    else:
        carried.resume(say)
    carried.remember()
    say("事项 · reading the matters")
    for fault in [*import_all(), *import_events()]:
        say(f"✗ 事项未发布 · not published: {fault}")
    return created


def _load_rules() -> None:
    calendars.load(worlds.DATA / "calendar.csv")
    for level in ("province", "city", "county"):
        maps.load(worlds.DATA / "boundaries" / f"{level}.geojson")
    for rule in worlds.table("cards.toml")["rules"] + worlds.table("ratings.toml")["rules"]:
        start = rule.pop("effective_from")
        definitions.import_file("supervision", rule["code"], rule, start)


def _create(say: Say, residents: int) -> None:
    say(f"合成居民 · inventing {residents:,} residents, their homes, firms and bodies")
    worlds.plan(residents, legal_time.today())  # a size that cannot be is refused first
    if connection.vendor == "sqlite":
        say(f"磁盘 · {room.statement(residents, Path(settings.DATA))}")
    world = worlds.make(SEED, legal_time.today(), residents, _progress(say, residents))
    accounts.bodies(world)
    carried.build(world, say, list(carried.systems()))
    say("账户 · opening demonstration accounts")
    accounts.accounts(world)


def _progress(say: Say, residents: int) -> Callable[[int], None]:
    """Says each twentieth of the residents, once; nothing in a small province."""
    told = 0

    def progress(made: int) -> None:
        nonlocal told
        if residents >= QUIET and made * 20 // residents > told:
            told = made * 20 // residents
            say(f"居民 · {made:,} of {residents:,} residents ({told * 5} %)")

    return progress
