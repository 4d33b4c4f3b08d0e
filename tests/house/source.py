"""What a source tree owes beyond the import contracts: each check reads files, runs none.

`source` is the folder of the package. A check returns its faults, each with the file in it.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

UNNAMED = {"utils", "util", "common", "helpers", "helper", "core", "misc"}
LONGEST_FILE = 400
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
OWED = ("README.md", "system.toml", "apps.py")
Check = Callable[[Path], list[str]]


def python_files(source: Path, *patterns: str, migrations: bool = False) -> list[Path]:
    """Python files under the source; without tests, and without migrations unless asked for."""
    unwanted = {"tests"} if migrations else {"tests", "migrations"}
    found = {path for pattern in patterns for path in source.glob(pattern)}
    return sorted(path for path in found if not unwanted & {*path.relative_to(source).parts})


def system_folders(source: Path) -> list[Path]:
    """The folders of systems; a folder of leftovers is none."""
    files = (source / "systems").glob("*/*/*")
    return sorted({path.parent for path in files if path.suffix in (".py", ".toml")})


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _home(source: Path, path: Path) -> str:
    """The system whose folder a file stands in, or nothing."""
    parts = path.relative_to(source).parts
    return parts[2] if parts[0] == "systems" and len(parts) > 3 else ""


def _fault(source: Path, path: Path, what: str) -> str:
    return f"{path.relative_to(source)}: {what}"


def _ids(source: Path) -> set[str]:
    return {folder.name for folder in system_folders(source)}


def relations_stay_at_home(source: Path) -> list[str]:
    """No foreign key from one system, or from the platform, to a system's model."""
    ids, found = _ids(source), []
    for path in python_files(source, "**/*.py", migrations=True):
        tree, home = _tree(path), _home(source, path)
        origin = dict(_origins(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or _name(node.func) not in RELATIONS:
                continue
            meant = [
                *node.args[:1],
                *(k.value for k in node.keywords if k.arg in ("to", "through")),
            ]
            for target in meant:
                system = _system_of(target, origin)
                if system in ids and system != home:
                    found.append(_fault(source, path, f"{_name(node.func)} to {system}"))
    return found


def _origins(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(name, system) of what is imported from a system."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                words = f"{node.module}.{alias.name}".split(".")
                if words[:2] == ["lingnan", "systems"] and len(words) > 3:
                    yield alias.asname or alias.name, words[3]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _system_of(target: ast.expr, origin: dict[str, str]) -> str:
    """The app that the first argument of a relation names."""
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        return target.value.partition(".")[0] if "." in target.value else ""
    while isinstance(target, ast.Attribute):
        target = target.value
    return origin.get(target.id, "") if isinstance(target, ast.Name) else ""


def models_are_named_at_home(source: Path) -> list[str]:
    """No `app.Model` of a system in a string anywhere else."""
    ids = _ids(source)
    reference = re.compile(rf"({'|'.join(sorted(ids))})\.[A-Z]\w*")
    found = []
    for path in python_files(source, "**/*.py"):
        named = (reference.fullmatch(text) for text in _strings(_tree(path)))
        other = [match[0] for match in named if match and match[1] != _home(source, path)]
        found += [_fault(source, path, name) for name in other]
    return found


def migrations_wait_for_no_system(source: Path) -> list[str]:
    """A migration depends on its own system or on the kernel, so that any other can be removed."""
    ids, found = _ids(source), []
    for path in python_files(source, "**/migrations/*.py", migrations=True):
        for node in ast.walk(_tree(path)):
            if not isinstance(node, ast.Assign) or _name(node.targets[0]) not in (
                "dependencies",
                "run_before",
            ):
                continue
            others = {*_strings(node.value)} & ids - {_home(source, path)}
            found += [_fault(source, path, f"waits for {name}") for name in sorted(others)]
    return found


def labels_are_ids(source: Path) -> list[str]:
    """A system's app is named by its folder, so that its table names never change."""
    found = []
    for folder in system_folders(source):
        path = folder / "apps.py"
        if not path.exists():
            continue
        said = dict(_assigned(_tree(path), "name", "label"))
        name = f"lingnan.systems.{folder.parent.name}.{folder.name}"
        if said.get("name") != name:
            found.append(_fault(source, path, f"name is {said.get('name')}, not {name}"))
        if said.get("label", folder.name) != folder.name:
            found.append(_fault(source, path, f"label is {said['label']}, not {folder.name}"))
    places: dict[str, Path] = {}
    for folder in system_folders(source):
        if folder.name in places:
            found.append(_fault(source, folder, "this id stands in another group too"))
        places[folder.name] = folder
    return found


def _assigned(tree: ast.Module, *names: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if _name(target) in names:
                    yield _name(target), str(node.value.value)


def tables_begin_with_the_id(source: Path) -> list[str]:
    """A table that is named by hand begins with the label of its app."""
    found = []
    for path in python_files(source, "systems/*/*/**/*.py", migrations=True):
        for _word, table in _assigned(_tree(path), "db_table"):
            if not table.startswith(f"{_home(source, path)}_"):
                found.append(_fault(source, path, f"table {table}"))
    return found


def apps_import_one_thing(source: Path) -> list[str]:
    """The apps.py of a system imports the base class and nothing else."""
    return [
        _fault(source, path, ", ".join(imported(path)) or "nothing")
        for path in python_files(source, "systems/*/*/apps.py")
        if list(imported(path)) != ["lingnan.kernel.runtime.apps"]
    ]


def folders_are_in_the_catalogue(source: Path) -> list[str]:
    """Every folder of a system is one that the plan names, in its chapter."""
    catalogue = tomllib.loads((source / "systems/catalogue.toml").read_text(encoding="utf-8"))
    known = {
        f"{group['id']}/{row['id']}" for group in catalogue["group"] for row in group["system"]
    }
    return [
        _fault(source, folder, "the catalogue does not know it")
        for folder in system_folders(source)
        if f"{folder.parent.name}/{folder.name}" not in known
    ]


def systems_say_what_they_are(source: Path) -> list[str]:
    """A system has a README, a manifest and an app."""
    return [
        _fault(source, folder, f"has no {name}")
        for folder in system_folders(source)
        for name in OWED
        if not (folder / name).exists()
    ]


def rooms_have_names(source: Path) -> list[str]:
    """No module or folder is called what says nothing."""
    found = []
    for path in python_files(source, "**/*.py"):
        vague = UNNAMED & {*path.relative_to(source).parts[:-1], path.stem}
        found += [_fault(source, path, name) for name in sorted(vague)]
    return found


def no_services(source: Path) -> list[str]:
    """Helper functions never live in a services.py."""
    return [_fault(source, p, "services.py") for p in python_files(source, "**/services.py")]


def files_are_short(source: Path) -> list[str]:
    """A file that nobody reads to its end is two files."""
    lengths = {p: len(p.read_bytes().splitlines()) for p in python_files(source, "**/*.py")}
    return [_fault(source, p, f"{n} lines") for p, n in lengths.items() if n > LONGEST_FILE]


def rules_are_pure(source: Path) -> list[str]:
    """Standards, law and rules import neither Django nor the kernel."""
    pure = ("standards/**/*.py", "law/**/*.py", "systems/*/*/rules/**/*.py")
    return [
        _fault(source, path, f"imports {module}")
        for path in python_files(source, *pure)
        for module in imported(path)
        if module.partition(".")[0] == "django" or module.startswith("lingnan.kernel")
    ]


def contracts_see_every_folder(source: Path) -> list[str]:
    """import-linter passes over a folder without `__init__.py`; only tests may be one."""
    unseen = {
        path.parent
        for path in python_files(source, "**/*.py", migrations=True)
        if not (path.parent / "__init__.py").exists()
    }
    return [_fault(source, folder, "has no __init__.py") for folder in sorted(unseen)]


CHECKS: tuple[Check, ...] = (
    relations_stay_at_home,
    models_are_named_at_home,
    migrations_wait_for_no_system,
    labels_are_ids,
    tables_begin_with_the_id,
    apps_import_one_thing,
    folders_are_in_the_catalogue,
    systems_say_what_they_are,
    rooms_have_names,
    no_services,
    files_are_short,
    rules_are_pure,
    contracts_see_every_folder,
)
