"""The structure that import contracts cannot see, and what Django makes of it."""

from collections import Counter
from collections.abc import Iterable

import pytest
from django.apps import AppConfig, apps
from django.db.models import Model

from lingnan.kernel.runtime.apps import System
from lingnan.node.systems import FOLDER, systems
from tests.house import source
from tests.house.source import Check

SOURCE = FOLDER.parent
SYSTEMS = "lingnan.systems."


@pytest.mark.parametrize("check", source.CHECKS, ids=lambda check: check.__name__)
def test_the_source_is_in_order(check: Check) -> None:
    assert check(SOURCE) == []


def test_there_is_something_to_look_at() -> None:
    """A check over no files would always be kept."""
    assert len(source.python_files(SOURCE, "**/*.py")) > 100
    assert {row.id for row in systems() if row.folder} == {
        folder.name for folder in source.system_folders(SOURCE)
    }
    for pattern in ("standards/**/*.py", "systems/*/*/apps.py", "systems/*/*/models.py"):
        assert source.python_files(SOURCE, pattern), pattern


def test_systems_and_catalogue_agree() -> None:
    folders = {f"{path.parent.name}/{path.name}" for path in source.system_folders(SOURCE)}
    for row in systems():
        name = f"{row.group.id}/{row.id}"
        assert (row.status == "planned") == (name not in folders), name
        assert (row.folder is None) == (name not in folders), name


# What Django has made of it, when all is loaded.


def owner(model: type[Model]) -> str:
    """The system that a model belongs to, or nothing."""
    config = apps.get_app_config(model._meta.app_label)
    return config.label if config.name.startswith(SYSTEMS) else ""


def crossing(relations: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of (owner, owner pointed at), those that lead into a system from elsewhere."""
    return [(one, other) for one, other in relations if other and one != other]


def test_no_loaded_relation_leads_into_another_system() -> None:
    pairs = [
        (owner(field.model), owner(field.related_model))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field.related_model, type) and not field.auto_created
    ]
    assert pairs
    assert crossing(pairs) == []


def test_a_loaded_relation_into_another_system_is_found() -> None:
    into = [("one", "two"), ("", "two")]
    assert crossing([*into, ("one", "one"), ("one", ""), ("", "")]) == into


def misnamed(configs: Iterable[AppConfig]) -> list[str]:
    """Apps of systems whose label is not their folder, and labels that stand twice."""
    found = list(configs)
    count = Counter(one.label for one in found)
    return [
        one.name
        for one in found
        if count[one.label] > 1
        or (one.name.startswith(SYSTEMS) and one.label != one.name.rpartition(".")[2])
    ]


def test_the_label_is_the_id_and_unique() -> None:
    configs = list(apps.get_app_configs())
    assert any(one.name.startswith(SYSTEMS) for one in configs), "no system is installed"
    assert misnamed(configs) == []
    ids = {row.id for row in systems()}
    named = [one for one in configs if one.label in ids]
    assert all(one.name.startswith(SYSTEMS) for one in named), "an id of the plan, not a system"


def test_another_label_is_found() -> None:
    class Planted(AppConfig):
        path = "/planted"

    def app(name: str, label: str) -> AppConfig:
        config = Planted(name, None)
        config.label = label
        return config

    right, wrong = app(f"{SYSTEMS}group.one", "one"), app(f"{SYSTEMS}group.two", "other")
    assert misnamed([right, wrong]) == [wrong.name]
    assert misnamed([right, app("elsewhere", "one")]) == [right.name, "elsewhere"]


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
    models = [model for model in apps.get_models() if owner(model)]
    assert models, "no system has a model"
    wrong = [
        model._meta.label
        for model in models
        if not model._meta.db_table.startswith(f"{model._meta.app_label}_")
    ]
    assert not wrong
