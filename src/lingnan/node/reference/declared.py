"""Declarations as text: fields, types, defaults and docstrings, from the code itself."""

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table; bars inside cells are escaped."""
    titles = list(head)
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def dataclass_of(kind: Any) -> list[str]:
    """A dataclass: what it is, then its fields."""
    rows = [[f"`{f.name}`", f"`{_type(f.type)}`", _default(f)] for f in dataclasses.fields(kind)]
    said = [f"### `{kind.__name__}`", "", *_said(kind), ""]
    return [*said, *table(("field", "type", "default"), rows)]


def methods_of(kind: Any) -> list[str]:
    """The public methods of a class, each with its docstring."""
    rows = []
    for name, member in vars(kind).items():
        if name.startswith("_") or not inspect.isfunction(member):
            continue
        asked = [p for p in inspect.signature(member).parameters.values() if p.name != "self"]
        rows.append([f"`{name}({', '.join(_asked(p) for p in asked)})`", " ".join(_said(member))])
    return table(("method", "gives"), rows)


def _asked(one: inspect.Parameter) -> str:
    """A parameter as it is declared; types that stand as text without their marks."""
    return re.sub(r"(: )'([^']*)'", r"\1\2", str(one))


def _said(thing: Any) -> list[str]:
    """A docstring of one's own (a dataclass without one gets its signature: not wanted)."""
    text = inspect.cleandoc(thing.__doc__ or "")
    if text.startswith(f"{getattr(thing, '__name__', '')}("):
        return []
    return ["```text", text, "```"] if "\n" in text and "  " in text else text.splitlines()


def _type(kind: Any) -> str:
    text = kind if isinstance(kind, str) else inspect.formatannotation(kind)
    text = re.sub(r"ForwardRef\('(\w+)'\)", r"\1", text)
    return re.sub(r"[a-z_.]+\.(?=[A-Z_])", "", text).replace("str | _StrPromise", "Text")


def _default(one: Any) -> str:
    if one.default is not dataclasses.MISSING:
        return f"`{one.default!r}`"
    if one.default_factory is not dataclasses.MISSING:
        return "empty"
    return "needed"


def faults(path: Path, errors: set[str]) -> Iterator[str]:
    """The messages of the exceptions so called that a file raises, with … for what varies."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        name = node.exc.func
        if isinstance(name, ast.Name) and name.id in errors and node.exc.args:
            text = _words(node.exc.args[0])
            if text.strip("…: "):
                yield text


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) for part in node.values)
    return "…"
