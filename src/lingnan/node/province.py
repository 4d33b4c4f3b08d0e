"""Creating and resuming the node's data: calendar, rules, bodies, matters, demonstration."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.exchange.federation import founding
from lingnan.kernel.maps import api as maps
from lingnan.kernel.matters.api import import_all, import_events
from lingnan.kernel.registry.api import holding
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.kernel.trust.api import Body
from lingnan.node import accounts, carried, room
from lingnan.node import world as worlds
from lingnan.node.models import Making
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
    making = Making.objects.first()
    created = legal_time.is_demonstration() and (
        not making.finished if making else not Body.objects.exists()
    )
    if created:
        _complete(making or _begin(say, residents), say)
    else:
        carried.resume(say)
    carried.remember()
    holding.settle()
    founding.found_where_named()
    say("事项 · reading the matters")
    for fault in [*import_all(), *import_events()]:
        say(f"✗ 事项未发布 · not published: {fault}")
    return created


def _load_rules() -> None:
    calendars.load(worlds.DATA / "calendar.csv")
    for level in ("province", "city", "county"):
        maps.load(worlds.DATA / "boundaries" / f"{level}.geojson")
    files = ("cards.toml", "ratings.toml", "doubts.toml", "agreements.toml", "data_elements.toml")
    for rule in [rule for name in files for rule in worlds.table(name)["rules"]]:
        start = rule.pop("effective_from")
        definitions.import_file("supervision", rule["code"], rule, start)


def _begin(say: Say, residents: int) -> Making:
    """Plan a province and note it: from here on it is made, however often the process ends."""
    worlds.plan(residents, legal_time.today())  # a size that cannot be is refused first
    if connection.vendor == "sqlite":
        say(f"磁盘 · {room.statement(residents, Path(settings.DATA))}")
    with transaction.atomic():
        making = Making.objects.create(seed=SEED, start=legal_time.today(), residents=residents)
        accounts.bodies(worlds.make(SEED, making.start, residents).bodies)
    return making


def _complete(making: Making, say: Say) -> None:
    """Make what is not made yet of a province."""
    say(f"合成居民 · inventing {making.residents:,} residents, their homes, firms and bodies")
    progress = _progress(say, making.residents)
    world = worlds.make(making.seed, making.start, making.residents, progress)
    carried.build(world, say, list(carried.systems()))
    say("账户 · opening demonstration accounts")
    with transaction.atomic():
        accounts.accounts(world)
        making.finished = True
        making.save()


def _progress(say: Say, residents: int) -> Callable[[int], None]:
    """Says each twentieth of the residents, once; nothing in a small province."""
    told = 0

    def progress(made: int) -> None:
        nonlocal told
        if residents >= QUIET and made * 20 // residents > told:
            told = made * 20 // residents
            say(f"居民 · {made:,} of {residents:,} residents ({told * 5} %)")

    return progress
