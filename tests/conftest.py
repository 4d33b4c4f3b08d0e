"""A small province in the test database, made once; each test's changes are rolled back."""

import gc
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

# No test asserts a time: a busy machine is no counter-example.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

# These bring up nodes of their own, always on SQLite, or would say the same of any database.
NOTHING = "asks no database"
OWN_NODE = "brings up a node of its own, on SQLite"
COPY = "compares by DuckDB what it reads from the copy; tests/linkage/test_comparing.py asks both"
RIGHTS = "asks who may, which no database decides"
SQLITE_ONLY = {
    "tests/browser": OWN_NODE,
    "tests/entry": NOTHING,
    "tests/node/test_up.py": OWN_NODE,
    "tests/node/test_walkthrough.py": OWN_NODE,
    "tests/node/test_subsets.py": OWN_NODE,
    "tests/node/test_doctor.py": OWN_NODE,
    "tests/node/test_wheel.py": OWN_NODE,
    "tests/node/test_runner.py": "starts runs of its own",
    "tests/node/test_abroad.py": OWN_NODE,
    "tests/node/test_abroad_through.py": OWN_NODE,
    "tests/node/test_between_nodes.py": OWN_NODE,
    "tests/node/test_between_releases.py": OWN_NODE,
    "tests/node/test_cases_between.py": OWN_NODE,
    "tests/node/test_consents_between.py": OWN_NODE,
    "tests/node/test_files_between.py": OWN_NODE,
    "tests/node/test_life_event_between.py": OWN_NODE,
    "tests/node/test_sets_between.py": OWN_NODE,
    "tests/node/test_traced_between.py": OWN_NODE,
    "tests/house/test_removal.py": OWN_NODE,
    "tests/house/test_permissions.py": RIGHTS,
    "tests/kernel/test_access.py": RIGHTS,
    "tests/linkage/test_comparing_files.py": COPY,
}
# Of the whole suite these are left to `--both`, as continuous integration says it. On PostgreSQL:
# what asks the database through the kernel alone, which is tested there, as are races of journeys.
BOTH = bool(os.environ.get("LINGNAN_TEST_BOTH"))
THROUGH = "asks the database through the kernel; on PostgreSQL with --both"
RACES = "tests/journeys/test_races.py"
ON_BOTH = {"tests/api": THROUGH, "tests/journeys": THROUGH}
# On SQLite: what concerns a release.
AT_RELEASE = {
    "tests/node/test_between_releases.py": "brings up an earlier release; with --both",
    "tests/node/test_wheel.py": "builds the package and installs it; with --both",
}
# `./lingnan test --full`: also what is only volume.
FULL = bool(os.environ.get("LINGNAN_TEST_FULL"))
# `./lingnan test` runs the suite in parts: the browser's, what else is only on SQLite, the rest.
PART = os.environ.get("LINGNAN_TEST_PART", "")
ASKING = {"db", "transactional_db", "django_db_setup"}


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


def part_of(here: str) -> str:
    """Which run of the suite has this file; what the systems bring is of the rest."""
    if here.startswith("tests/browser/"):
        return "browser"
    only = any(f"{here}/".startswith(f"{place}/") for place in SQLITE_ONLY)
    return "nodes" if only else "rest"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What another run has is not read: to read all tests takes half a minute."""
    if not PART or collection_path.suffix != ".py":
        return None
    here = collection_path.relative_to(config.rootpath).as_posix()
    return part_of(here) != PART or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What says nothing on PostgreSQL is marked, and skipped there with its reason.

    What is only volume is left out, unless the whole or the marker is asked for.
    """
    skipped = os.environ.get("LINGNAN_DATABASE", "sqlite") != "sqlite"
    for item in items:
        here = Path(item.path).relative_to(config.rootpath).as_posix()
        for reason in _reasons(here, SQLITE_ONLY):
            item.add_marker(pytest.mark.sqlite_only(reason))
        left = _reasons(here, AT_RELEASE) if PART and not BOTH else []
        if PART and not BOTH and skipped and here != RACES:
            left += _reasons(here, ON_BOTH)
        for reason in left:
            item.add_marker(pytest.mark.skip(reason=reason))
        marker = item.get_closest_marker("sqlite_only")
        why = str(marker.args[0]) if marker else "" if _asks(item) else NOTHING
        if skipped and why:
            item.add_marker(pytest.mark.skip(reason=why))
    if not (FULL or "scale" in config.getoption("markexpr", "")):
        config.hook.pytest_deselected(items=[i for i in items if i.get_closest_marker("scale")])
        items[:] = [i for i in items if not i.get_closest_marker("scale")]


def _reasons(here: str, places: Mapping[str, str]) -> list[str]:
    return [why for place, why in places.items() if f"{here}/".startswith(f"{place}/")]


def pytest_collection_finish() -> None:
    """All that was imported stays: the collector need not look at it again, a tenth of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _asks(item: pytest.Item) -> bool:
    """Whether a test may ask the node's database: pytest-django lets no other."""
    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool(ASKING & set(getattr(item, "fixturenames", ())))
        or (isinstance(case, type) and issubclass(case, TransactionTestCase))
    )


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
def counts_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine shows the table, too; what is shown meanwhile has tests of its own."""
    from lingnan.kernel.registry.statistics import waiting

    monkeypatch.setattr(waiting, "PATIENCE", 300.0)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins as if nobody had asked for anything yet."""
    from lingnan.kernel.trust.counts import counts

    counts.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    from lingnan.kernel.trust.api import key_reconciling
    from lingnan.node.province import prepare

    # Tests take their rows back, and what they wrote as evidence stays: nothing of it was lost.
    key_reconciling.WAIT = timedelta(days=1)
    with django_db_blocker.unblock():
        prepare(lambda line: None, residents=600)
    yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demonstration as `up` leaves it before it serves; to be copied.

    The runs of `./lingnan test` share one, which the first that needs it makes.
    """
    from tests.nodes import prepared

    shared = os.environ.get("LINGNAN_TEST_SHARED")
    return prepared(Path(shared) if shared else tmp_path_factory.mktemp("prepared"))
