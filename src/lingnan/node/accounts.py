"""The demonstration's bodies and who can sign in: its featured residents, an official per post."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import GovernmentBody, World, action
from lingnan.kernel.trust.api import Account, Body, Holding
from lingnan.node import world as worlds
from lingnan.node.world.names import Names

DEMO_PASSWORD = "lingnan-demonstration"
BATCH = 1000
Seat = tuple[GovernmentBody, dict[str, Any], int]


def bodies(
    found: Sequence[GovernmentBody], by: str = "demonstration",
    reason: str = "bodies of the demonstration",
) -> None:  # fmt: skip
    """Enter the bodies of government."""
    names = GovernmentBody.__annotations__
    with action(by=by, reason=reason) as act:
        columns = {name: [getattr(body, name) for body in found] for name in names}
        act.load_columns(Body, columns)


def accounts(world: World) -> None:
    """Open the accounts; all share one password, which the page of signing in tells."""
    password = make_password(DEMO_PASSWORD)
    _residents(world, password)
    _officials(world, password)


def _residents(world: World, password: str) -> None:
    known_as = give("person", "trust", [person.key for person in world.featured.values()])
    for login, person in world.featured.items():
        free = login.startswith("resident-")
        Account.objects.create(
            key=keys.new_key(),
            login=login,
            password=password,
            name=person.name,
            kind="resident",
            subject=known_as[person.key],
            demonstration=True,
            about_zh="还没有店铺" if free else "已有一家个体工商户",
            about_en="has no shop yet" if free else "owns an individual business",
        )


def _officials(world: World, password: str) -> None:
    seats = _seats(world)
    draw = np.random.default_rng([world.seed, 1])
    drawn = Names()
    names = drawn.full(drawn.surnames(len(seats), draw), draw.random(len(seats)) < 0.5, draw)
    held = list(keys.new_keys(len(seats)))
    Account.objects.bulk_create(
        [
            _official(seat, key, name, password)
            for seat, key, name in zip(seats, held, names, strict=True)
        ],
        batch_size=BATCH,
    )
    with action(by="demonstration", reason="posts of the demonstration") as act:
        columns: dict[str, list[Any]] = {
            "account": held,
            "body": [body.code for body, _post, _number in seats],
        }
        for name in ("role", "title_zh", "title_en"):
            columns[name] = [post[name] for _body, post, _number in seats]
        act.load_columns(Holding, columns)


def _seats(world: World) -> list[Seat]:
    """Every post of every body, once for each who holds it."""
    operator, posts = worlds.table("bodies.toml")["operator"], worlds.table("posts.toml")["posts"]
    return [
        (body, post, number)
        for body in world.bodies
        for post in posts
        if post["function"] == body.function
        and body.tier in post["tiers"]
        and (post["role"] != "operator" or body.code == operator)
        for number in range(1, post.get("holders", 1) + 1)
    ]


def _official(seat: Seat, key: int, name: str, password: str) -> Account:
    body, post, number = seat
    login = f"{body.division}-{body.function}-{post['role']}"
    return Account(
        key=key,
        login=login if number == 1 else f"{login}-{number}",
        password=password,
        name=name,
        kind="official",
        demonstration=True,
        about_zh=f"{body.name_zh} · {post['title_zh']}",
        about_en=f"{body.name_en} · {post['title_en']}",
    )
