"""A small province in the test database, made once; each test's changes are rolled back."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# These bring up nodes of their own, always on SQLite, or ask no database at all.
OWN_NODE = "brings up a node of its own, on SQLite"
SQLITE_ONLY = {
    "tests/browser": OWN_NODE,
    "tests/entry": "asks no database",
    "tests/node/test_up.py": OWN_NODE,
    "tests/node/test_walkthrough.py": OWN_NODE,
    "tests/node/test_subsets.py": OWN_NODE,
    "tests/node/test_doctor.py": OWN_NODE,
    "tests/node/test_wheel.py": OWN_NODE,
    "tests/node/test_runner.py": "starts runs of its own",
    "tests/house/test_removal.py": OWN_NODE,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without-each",
        action="store_true",
        help="bring the node up without each system in turn, not only without today's sample",
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Which systems the node was brought up without."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
    mark = "test_the_others_answer_without_it["
    names = [r.nodeid.partition(mark)[2].rstrip("]") for r in reports if mark in r.nodeid]
    if names:
        terminalreporter.write_line(f"brought up without: {', '.join(sorted(set(names)))}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What says nothing on PostgreSQL is marked, and skipped there with its reason."""
    skipped = os.environ.get("LINGNAN_DATABASE", "sqlite") != "sqlite"
    for item in items:
        here = Path(item.path).relative_to(config.rootpath).as_posix()
        reasons = [why for place, why in SQLITE_ONLY.items() if f"{here}/".startswith(f"{place}/")]
        for reason in reasons[:1]:
            item.add_marker(pytest.mark.sqlite_only(reason))
        marker = item.get_closest_marker("sqlite_only")
        if skipped and marker:
            item.add_marker(pytest.mark.skip(reason=str(marker.args[0])))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite a file, as in life: Django's own choice, in memory, locks in another way."""
    from django.db import connection

    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "lingnan.sqlite3")


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins as if nobody had asked for anything yet."""
    from lingnan.kernel.trust.counts import counts

    counts.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    from lingnan.node.province import prepare

    with django_db_blocker.unblock():
        prepare(lambda line: None, residents=600)
    yield
