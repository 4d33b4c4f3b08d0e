"""The structure that import contracts cannot see."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models import Model

from lingnan.kernel.runtime.apps import System
from lingnan.node.systems import FOLDER, systems

SOURCE = FOLDER.parent
SYSTEMS = "lingnan.systems."
UNNAMED = {"utils", "util", "common", "helpers", "helper", "core", "misc"}
LONGEST_FILE = 400


def python_files(*patterns: str) -> list[Path]:
    """Python files under the source, migrations aside; never an empty list."""
    found = {path for pattern in patterns for path in SOURCE.glob(pattern)}
    kept = sorted(path for path in found if "migrations" not in path.parts)
    assert kept, f"nothing to look at in {patterns}"
    return kept


def system_folders() -> list[Path]:
    """The folders of systems; a folder of leftovers is none."""
    found = sorted(
        {path.parent for path in FOLDER.glob("*/*/*") if path.suffix in (".py", ".toml")}
    )
    assert found, "no system has a folder"
    return found


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def strings(path: Path) -> Iterator[str]:
    """The string constants of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def system_of(model: type[Model]) -> str | None:
    """The system that a model belongs to."""
    config = apps.get_app_config(model._meta.app_label)
    return config.label if config.name.startswith(SYSTEMS) else None


def test_no_relation_between_systems() -> None:
    relations = [
        (model, field.related_model)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field.related_model, type)
    ]
    assert relations
    crossing = [
        f"{model._meta.label} → {other._meta.label}"
        for model, other in relations
        if system_of(model) and system_of(other) and system_of(model) != system_of(other)
    ]
    assert not crossing


def test_no_model_of_a_system_named_elsewhere() -> None:
    ids = {folder.name for folder in system_folders()}
    reference = re.compile(rf"({'|'.join(sorted(ids))})\.[A-Z]\w*")
    found = []
    for path in python_files("**/*.py"):
        home = path.relative_to(FOLDER).parts[1:2] if path.is_relative_to(FOLDER) else ()
        if "tests" in path.parts:
            continue
        named = (reference.fullmatch(text) for text in strings(path))
        found += [f"{path}: {match[0]}" for match in named if match and (match[1],) != home]
    assert not found


def test_the_label_is_the_id_and_unique() -> None:
    configs = [one for one in apps.get_app_configs() if one.name.startswith(SYSTEMS)]
    assert configs, "no system is installed"
    wrong = [one.name for one in configs if one.label != one.name.rpartition(".")[2]]
    assert not wrong
    labels = Counter(one.label for one in apps.get_app_configs())
    assert [label for label, count in labels.items() if count > 1] == []
    ids = {row.id for row in systems()}
    assert [one.label for one in apps.get_app_configs() if one.label in ids] == [
        one.label for one in configs
    ]


def test_apps_are_what_their_file_declares() -> None:
    """Django quietly takes a plain AppConfig when apps.py holds two that could be meant."""
    configs = [one for one in apps.get_app_configs() if one.name.startswith("lingnan.")]
    declared = [one for one in configs if (SOURCE.parent / _apps_file(one)).exists()]
    assert declared
    for config in declared:
        kind = System if config.name.startswith(SYSTEMS) else AppConfig
        assert isinstance(config, kind), config.name
        assert type(config).__module__ == f"{config.name}.apps", config.name


def _apps_file(config: AppConfig) -> str:
    return f"{config.name.replace('.', '/')}/apps.py"


def test_table_names_start_with_the_label() -> None:
    models = [model for model in apps.get_models() if system_of(model)]
    assert models, "no system has a model"
    wrong = [
        model._meta.label
        for model in models
        if not model._meta.db_table.startswith(f"{model._meta.app_label}_")
    ]
    assert not wrong


def test_apps_import_one_thing() -> None:
    for path in python_files("systems/*/*/apps.py"):
        assert list(imported(path)) == ["lingnan.kernel.runtime.apps"], path


def test_systems_and_catalogue_agree() -> None:
    rows = {f"{row.group.id}/{row.id}": row for row in systems()}
    folders = {f"{path.parent.name}/{path.name}" for path in system_folders()}
    assert folders <= set(rows), "a folder that the catalogue does not know"
    for name, row in rows.items():
        assert (row.status == "planned") == (name not in folders), name
        assert (row.folder is None) == (name not in folders), name


def test_a_system_says_what_it_is() -> None:
    for folder in system_folders():
        for name in ("README.md", "system.toml", "apps.py"):
            assert (folder / name).exists(), f"{folder.name} has no {name}"


def test_no_room_without_a_name() -> None:
    paths = python_files("**/*.py")
    vague = [path for path in paths if UNNAMED & {*path.relative_to(SOURCE).parts, path.stem}]
    assert not vague
    assert not [path for path in paths if path.name == "services.py"]


def test_files_stay_short() -> None:
    for path in python_files("**/*.py"):
        lines = len(path.read_bytes().splitlines())
        assert lines <= LONGEST_FILE, f"{path} has {lines} lines"


def test_rules_are_pure() -> None:
    pure = python_files("standards/**/*.py", "law/**/*.py", "systems/*/*/rules/**/*.py")
    impure = {
        str(path): module
        for path in pure
        for module in imported(path)
        if module.partition(".")[0] == "django" or module.startswith("lingnan.kernel")
    }
    assert not impure


def test_contracts_see_every_folder() -> None:
    """import-linter passes over a folder without `__init__.py`; only tests may be one."""
    unseen = {
        path.parent
        for path in python_files("**/*.py")
        if not (path.parent / "__init__.py").exists()
        and "tests" not in path.relative_to(SOURCE).parts
    }
    assert not unseen
