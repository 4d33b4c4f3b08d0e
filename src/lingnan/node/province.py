"""Creating and resuming the node's data: calendar, rules, bodies, matters, demonstration."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.exchange.api import give
from lingnan.kernel.matters.api import import_all
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Person, World, action, definitions, legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import Account, Body, Holding
from lingnan.node import world as worlds
from lingnan.portal import operator_key

SEED = 2011
DEMO_PASSWORD = "lingnan-demonstration"
Say = Callable[[str], None]


def prepare(say: Say, residents: int = 3000) -> bool:
    """Bring the data folder up to date. Returns whether the province was created now."""
    say("数据库 · bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    operator_key.read_or_make()
    _load_rules()
    created = legal_time.is_demonstration() and not Body.objects.exists()
    if created:
        # All or nothing: a process killed meanwhile leaves no half-made province.
        with transaction.atomic():
            _create(say, residents)
    say("事项 · reading the matters")
    for fault in import_all():
        say(f"✗ 事项未发布 · not published: {fault}")
    return created


def _load_rules() -> None:
    calendars.load(worlds.DATA / "calendar.csv")
    for rule in worlds.table("cards.toml")["rules"]:
        start = rule.pop("effective_from")
        definitions.import_file("supervision", rule["code"], rule, start)


def _create(say: Say, residents: int) -> None:
    say(f"合成居民 · inventing {residents} residents, their firms and bodies")
    world = worlds.make(SEED, legal_time.today(), residents)
    posts = _bodies()
    for config in apps.get_app_configs():
        if isinstance(config, System) and find_spec(f"{config.name}.demo"):
            say(f"{config.label} · loading its part")
            import_module(f"{config.name}.demo").build(world)
    say("账户 · opening demonstration accounts")
    _accounts(world, posts)


def _bodies() -> list[Body]:
    with action(by="demonstration", reason="bodies of the demonstration") as act:
        return [
            act.create(
                Body,
                **{
                    name: row[name]
                    for name in (
                        "code",
                        "name_zh",
                        "name_en",
                        "tier",
                        "division",
                        "function",
                        "parent",
                    )
                },
            )
            for row in worlds.table("bodies.toml")["bodies"]
        ]


def _accounts(world: World, bodies: list[Body]) -> None:
    password = make_password(DEMO_PASSWORD)
    _resident_accounts(world, password)
    maker = worlds.Maker(SEED + 1, world.start)
    for body in bodies:
        _official_accounts(body, maker, password)


def _resident_accounts(world: World, password: str) -> None:
    """One adult without a business in each county, and one who has a business already."""
    owners = {firm.operator.key for firm in world.firms if firm.operator}
    chosen: list[tuple[str, Person]] = []
    for county in worlds.COUNTIES:
        adults = [p for p in world.people if p.division == county and _adult(p, world)]
        chosen.append((f"resident-{county}", next(p for p in adults if p.key not in owners)))
        chosen.append((f"owner-{county}", next(p for p in adults if p.key in owners)))
    known_as = give("person", "trust", [person.key for _, person in chosen])
    for login, person in chosen:
        place = login.split("-")[0]
        Account.objects.create(
            key=keys.new_key(),
            login=login,
            password=password,
            name=person.name,
            kind="resident",
            subject=known_as[person.key],
            demonstration=True,
            about_zh="还没有店铺" if place == "resident" else "已有一家个体工商户",
            about_en="has no shop yet" if place == "resident" else "owns an individual business",
        )


def _adult(person: Person, world: World) -> bool:
    return person.birth_date.year <= world.start.year - 22


def _official_accounts(body: Body, maker: worlds.Maker, password: str) -> None:
    operator = body.code == "gd-440000-data"
    for post in worlds.table("posts.toml")["posts"]:
        if post["function"] != body.function or body.tier not in post["tiers"]:
            continue
        if post["role"] == "operator" and not operator:
            continue
        for number in range(1, post.get("holders", 1) + 1):
            _official_account(body, post, number, maker, password)


def _official_account(
    body: Body, post: dict[str, Any], number: int, maker: worlds.Maker, password: str
) -> None:
    login = f"{body.division}-{body.function}-{post['role']}"
    account = Account.objects.create(
        key=keys.new_key(),
        login=login if number == 1 else f"{login}-{number}",
        password=password,
        name=maker.name("1" if maker.draw.random() < 0.5 else "2"),
        kind="official",
        demonstration=True,
        about_zh=f"{body.name_zh} · {post['title_zh']}",
        about_en=f"{body.name_en} · {post['title_en']}",
    )
    with action(by="demonstration", reason="posts of the demonstration") as act:
        act.create(
            Holding,
            account=account.key,
            body=body.code,
            role=post["role"],
            title_zh=post["title_zh"],
            title_en=post["title_en"],
        )
