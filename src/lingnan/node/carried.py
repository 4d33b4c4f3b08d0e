"""Which systems' parts stand in the data, and what is new or not served any more."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction

from lingnan.kernel.runtime.api import World, legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import Body
from lingnan.node import installed
from lingnan.node import world as worlds
from lingnan.node.models import Part

Say = Callable[[str], None]


def systems() -> dict[str, str]:
    """`group/id` → module of the systems that this node carries."""
    modules = [c.name for c in apps.get_app_configs() if isinstance(c, System)]
    return {"/".join(module.split(".")[-2:]): module for module in modules}


def build(world: World, say: Say, names: list[str]) -> None:
    """Let each of these systems make its part of an invented world, and note it.

    What a `demo.py` loads goes on where a killed process left it; what it builds is written
    together with the note, or not at all. Call outside a transaction.
    """
    made = set(Part.objects.values_list("system", flat=True))
    for name in names:
        if name in made:
            continue
        demo = _demo(systems()[name])
        if demo is not None:
            say(f"{name.rpartition('/')[2]} · loading its part")
            getattr(demo, "load", _nothing)(world)
        with transaction.atomic():
            getattr(demo, "build", _nothing)(world)
            note(name, world)


def _demo(module: str) -> Any:
    return import_module(f"{module}.demo") if find_spec(f"{module}.demo") else None


def _nothing(world: World) -> None:
    """A system that has nothing to load, or nothing to build."""


def note(name: str, world: World | None = None) -> None:
    made = {"seed": world.seed, "start": world.start, "residents": world.size} if world else {}
    Part.objects.get_or_create(system=name, defaults={"since": legal_time.today()} | made)


def resume(say: Say) -> None:
    """On data that exists: say what is not served, and take in the systems that are new."""
    known = {part.system: part for part in Part.objects.all()}
    here = systems()
    if not known:
        _first(here, say)
        return
    absent = sorted(set(known) - set(here))
    if absent:
        say(f"未提供 · kept, but not served by this node: {', '.join(absent)}")
        say(
            "  其事项、资源和页面不提供；数据不变 · their matters, resources and pages are left out"
        )
    new = [name for name in here if name not in known]
    if new:
        _join(new, next((p for p in known.values() if p.residents), None), say)


def _first(here: dict[str, str], say: Say) -> None:
    """A new node; or data from before parts were noted, taken to hold what is carried now."""
    if Body.objects.exists():
        say("系统 · this data does not say whose parts it holds; taken to be those carried now")
    for name in here:
        note(name)


def _join(new: list[str], made: Part | None, say: Say) -> None:
    say(f"新系统 · new on this node: {', '.join(new)}")
    if not legal_time.is_demonstration():
        for name in new:
            note(name)
        return
    if made is None or made.start is None:
        say("  演示数据未知 · the invented world of this data is not known: they begin empty")
        for name in new:
            note(name)
        return
    world = worlds.make(made.seed, made.start, made.residents)
    build(world, say, new)


def remember() -> None:
    """Keep the choice of systems in the data folder."""
    installed.keep(settings.DATA, settings.SYSTEMS)
