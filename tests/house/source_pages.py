"""What pages and templates owe: none leads to, or is drawn with, what another system holds."""

import ast
import re
from pathlib import Path

from tests.house.source import python_files, system_folders

DRAWN = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
LED = re.compile(r"""{%-?\s*url\s+["']([^"']+)["']""")
LEADERS = {"reverse", "reverse_lazy", "redirect"}


def _templates(source: Path) -> list[Path]:
    return sorted(path for path in source.glob("**/templates/**/*") if path.is_file())


def _home(source: Path, path: Path) -> str:
    """`group/id` of the system that a file stands in, or nothing."""
    parts = path.relative_to(source).parts
    return "/".join(parts[1:3]) if parts[0] == "systems" and len(parts) > 3 else ""


def _named(source: Path, path: Path, names: list[str], homes: dict[str, str]) -> list[str]:
    here = _home(source, path)
    return [
        f"{path.relative_to(source)}: {name} is of {homes[name]}"
        for name in names
        if homes.get(name, here) != here
    ]


def templates_stay_at_home(source: Path) -> list[str]:
    """No template is drawn with one that stands in another system."""
    homes = {
        "/".join(path.parts[path.parts.index("templates") + 1 :]): _home(source, path)
        for path in _templates(source)
        if _home(source, path)
    }
    found = []
    for path in _templates(source):
        names = DRAWN.findall(path.read_text(encoding="utf-8"))
        found += _named(source, path, names, homes)
    return found


def addresses_stay_at_home(source: Path) -> list[str]:
    """No page leads by name to an address of another system."""
    homes = {}
    for folder in system_folders(source):
        for path in python_files(folder, "**/*.py"):
            for name in _addresses(path):
                homes[name] = f"{folder.parent.name}/{folder.name}"
    found = []
    for path in _templates(source):
        found += _named(source, path, LED.findall(path.read_text(encoding="utf-8")), homes)
    for path in python_files(source, "**/*.py"):
        found += _named(source, path, _leads(path), homes)
    return found


def _calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(getattr(c.func, "attr", getattr(c.func, "id", "")), c) for c in calls]


def _addresses(path: Path) -> list[str]:
    """The names that `path(…, name=…)` gives."""
    return [
        str(keyword.value.value)
        for name, call in _calls(path)
        if name in ("path", "re_path")
        for keyword in call.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    ]


def _leads(path: Path) -> list[str]:
    return [
        str(call.args[0].value)
        for name, call in _calls(path)
        if name in LEADERS and call.args and isinstance(call.args[0], ast.Constant)
    ]


CHECKS = (templates_stay_at_home, addresses_stay_at_home)
