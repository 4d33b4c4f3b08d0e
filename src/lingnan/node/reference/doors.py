"""The doors of the kernel's rooms: every name that a system may import, with its signature."""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from lingnan.node.reference.declared import table

ROOMS = ("runtime", "trust", "duty", "registry", "exchange", "maps", "matters", "insight")
HEAD = ("name", "what it is")


def doors() -> list[str]:
    """A section for each room; a module behind a door has a section of its own."""
    lines = ["`from lingnan.kernel.<room>.api import …`. The design system's door is in", ""]
    lines[0] += (
        " [components](components.md); dataclasses have their fields on the pages of this folder."
    )
    for room in ROOMS:
        door = import_module(f"lingnan.kernel.{room}.api")
        named = [(name, getattr(door, name)) for name in sorted(door.__all__)]
        plain = [(name, thing) for name, thing in named if not isinstance(thing, ModuleType)]
        lines += [f"## {room}", "", *table(HEAD, _rows(plain))]
        for name, thing in named:
            if isinstance(thing, ModuleType):
                lines += [f"### {room}: `{name}`", "", *table(HEAD, _rows(public(thing)))]
    return lines


def public(module: ModuleType) -> list[tuple[str, Any]]:
    """The functions and exceptions that a module itself defines, in its order."""
    return [
        (name, thing)
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and getattr(thing, "__module__", "") == module.__name__
        and (inspect.isfunction(thing) or inspect.isclass(thing))
    ]


def _rows(named: list[tuple[str, Any]]) -> Iterator[list[str]]:
    for name, thing in named:
        yield [f"`{name}{signature(thing)}`", said(thing)]


def signature(thing: Any) -> str:
    """How a function is called, without the modules of its types."""
    plain = thing if inspect.isclass(thing) else inspect.unwrap(thing)
    if not inspect.isfunction(plain):
        return ""
    text = re.sub(r"\b[a-z_.]+\.(?=[A-Z_])|~", "", str(inspect.signature(plain)))
    text = re.sub(r"ForwardRef\('([^']*)'\)", r"\1", text)
    # Types that stand as text, not defaults.
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)


def said(thing: Any) -> str:
    """The first paragraph of a docstring; of a value its kind."""
    told = inspect.isclass(thing) or inspect.isfunction(inspect.unwrap(thing))
    text = inspect.getdoc(thing) if told else ""
    first = " ".join((text or "").partition("\n\n")[0].split())
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return f"Exception. {first}" if thing.__doc__ else "Exception."
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return f"`{type(thing).__name__}`"
    return "" if first.startswith(f"{getattr(thing, '__name__', '')}(") else first
