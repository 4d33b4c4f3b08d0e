"""The page of `lingnan.standards`: each module with its functions, classes and values."""

import inspect
import pkgutil
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from lingnan import standards
from lingnan.node.reference.declared import table
from lingnan.node.reference.doors import HEAD, public, said, signature


def modules() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(standards.__path__))


def pages() -> list[str]:
    """A section for each module; a class has its methods below its own name."""
    lines = [
        "Pure functions, without Django and the kernel: `from lingnan.standards import …`. The",
        "",
    ]
    lines[0] += (
        " calendar that is announced is `calendars.calendar()` of [duty](doors.md#duty-calendars)."
    )
    for name in modules():
        module = import_module(f"{standards.__name__}.{name}")
        lines += [f"## {name}", "", (module.__doc__ or "").partition("\n\n")[0].strip(), ""]
        lines += table(HEAD, [*_names(module), *_values(module)])
    return lines


def _names(module: ModuleType) -> Iterator[list[str]]:
    for name, thing in public(module):
        yield [f"`{name}{_called(thing)}`", _what(thing)]
        if inspect.isclass(thing) and not issubclass(thing, Enum | Exception):
            yield from _methods(name, thing)


def _called(thing: Any) -> str:
    """How a function, or a class that one makes oneself, is called."""
    if not inspect.isclass(thing):
        return signature(thing)
    if issubclass(thing, Enum | Exception):
        return ""
    if issubclass(thing, tuple):
        return signature(vars(thing)["__new__"]).replace("_cls, ", "", 1)
    return signature(vars(thing)["__init__"]).replace("self, ", "", 1).replace(" -> None", "")


def _what(thing: Any) -> str:
    if inspect.isclass(thing) and issubclass(thing, Enum):
        return f"{said(thing)} {', '.join(f'`{one.value}`' for one in thing)}."
    return said(thing)


def _methods(of: str, kind: type[Any]) -> Iterator[list[str]]:
    for name, member in vars(kind).items():
        if not name.startswith("_") and inspect.isfunction(member):
            called = signature(member).replace("self, ", "", 1).replace("(self)", "()")
            yield [f"`{of}.{name}{called}`", said(member)]


def _values(module: ModuleType) -> Iterator[list[str]]:
    """The words that a type of the module stands for."""
    for name, thing in vars(module).items():
        if get_origin(thing) is Literal and not name.startswith("_"):
            yield [f"`{name}`", f"One of {', '.join(f'`{word}`' for word in get_args(thing))}."]
