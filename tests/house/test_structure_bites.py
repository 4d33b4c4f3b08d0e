"""Each check of the structure finds the breach that is planted in a small tree, and only it."""

from pathlib import Path

import pytest

from tests.house import source
from tests.house.source import LONGEST_FILE, Check

ONE, TWO = "systems/group/one", "systems/group/two"
APPS = "from lingnan.kernel.runtime.apps import System\n\n\nclass App(System):\n"
CLEAN = {
    "__init__.py": "",
    "standards/__init__.py": "import datetime",
    "kernel/__init__.py": "",
    "kernel/room/__init__.py": "",
    "kernel/room/models.py": 'WORDS = "one resource of group.one"',
    "systems/__init__.py": "",
    "systems/catalogue.toml": (
        '[[group]]\nid = "group"\n[[group.system]]\nid = "one"\n[[group.system]]\nid = "two"\n'
    ),
    "systems/group/__init__.py": "",
    f"{ONE}/__init__.py": "",
    f"{ONE}/README.md": "",
    f"{ONE}/system.toml": "",
    f"{ONE}/apps.py": f'{APPS}    name = "lingnan.systems.group.one"\n',
    f"{ONE}/models.py": 'key = models.ForeignKey("one.Record", PROTECT)\ndb_table = "one_table"',
    f"{ONE}/migrations/__init__.py": "",
    f"{ONE}/migrations/0001_initial.py": 'dependencies = [("room", "0001"), ("one", "0000")]',
    f"{ONE}/rules/__init__.py": "import datetime",
    f"{ONE}/tests/test_one.py": 'WORDS = "two.Record"',
    f"{TWO}/__init__.py": "",
    f"{TWO}/README.md": "",
    f"{TWO}/system.toml": "",
    f"{TWO}/apps.py": f'{APPS}    name = "lingnan.systems.group.two"\n',
}
GONE = None
BREACHES: list[tuple[Check, str, str | None]] = [
    (source.relations_stay_at_home, f"{ONE}/planted.py", 'ForeignKey("two.record", CASCADE)'),
    (source.relations_stay_at_home, f"{ONE}/planted.py", 'models.ManyToManyField(to="two.Record")'),
    (
        source.relations_stay_at_home,
        f"{ONE}/planted.py",
        "from lingnan.systems.group.two.models import Record as R\nOneToOneField(R, CASCADE)",
    ),
    (
        source.relations_stay_at_home,
        f"{ONE}/planted.py",
        "from lingnan.systems.group.two import models as m\nForeignKey(m.Record, CASCADE)",
    ),
    (source.relations_stay_at_home, "kernel/room/planted.py", 'ForeignKey("two.Record", CASCADE)'),
    (
        source.relations_stay_at_home,
        f"{ONE}/migrations/0002_planted.py",
        'migrations.AddField(field=models.ForeignKey(to="two.record"))',
    ),
    (source.models_are_named_at_home, f"{ONE}/planted.py", 'get_model("two.Record")'),
    (source.models_are_named_at_home, "kernel/room/planted.py", 'AUTH = "one.Record"'),
    (
        source.migrations_wait_for_no_system,
        f"{ONE}/migrations/0002_planted.py",
        'class Migration:\n    dependencies = [("two", "0001_initial")]',
    ),
    (
        source.migrations_wait_for_no_system,
        "kernel/room/migrations/0001_planted.py",
        'dependencies = [("one", "0001_initial")]',
    ),
    (
        source.labels_are_ids,
        f"{ONE}/apps.py",
        f'{APPS}    name = "lingnan.systems.group.one"\n    label = "first"',
    ),
    (source.labels_are_ids, f"{ONE}/apps.py", f'{APPS}    name = "lingnan.systems.group.two"'),
    (source.labels_are_ids, "systems/other/one/planted.py", ""),
    (source.tables_begin_with_the_id, f"{ONE}/planted.py", 'db_table = "two_table"'),
    (
        source.apps_import_one_thing,
        f"{ONE}/apps.py",
        f"{CLEAN[f'{ONE}/apps.py']}    import lingnan.kernel.trust.api",
    ),
    (
        source.apps_import_one_thing,
        f"{ONE}/apps.py",
        f'{APPS}    name = "lingnan.systems.group.one"\n\n    def ready(self):\n'
        "        from . import models",
    ),
    (source.apps_import_one_thing, f"{ONE}/apps.py", ""),
    (source.folders_are_in_the_catalogue, "systems/group/three/planted.py", ""),
    (source.folders_are_in_the_catalogue, "systems/other/one/planted.py", ""),
    (source.systems_say_what_they_are, f"{ONE}/README.md", GONE),
    (source.systems_say_what_they_are, f"{ONE}/system.toml", GONE),
    (source.systems_say_what_they_are, f"{ONE}/apps.py", GONE),
    (source.rooms_have_names, "kernel/utils/__init__.py", ""),
    (source.rooms_have_names, f"{ONE}/helpers.py", ""),
    (source.no_services, f"{ONE}/services.py", ""),
    (source.files_are_short, f"{ONE}/planted.py", "\n" * (LONGEST_FILE + 1)),
    (source.rules_are_pure, "standards/planted.py", "import django"),
    (source.rules_are_pure, "law/planted.py", "def late():\n    from django.db import models"),
    (source.rules_are_pure, f"{ONE}/rules/planted.py", "from django.conf import settings"),
    (source.rules_are_pure, f"{ONE}/rules/planted.py", "import lingnan.kernel.runtime.api"),
    (source.contracts_see_every_folder, f"{ONE}/pages/planted.py", ""),
    (source.contracts_see_every_folder, "kernel/room/migrations/0001_planted.py", ""),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree of two small systems, a room and the standards, in order."""
    for name, text in CLEAN.items():
        plant(tmp_path, name, text)
    return tmp_path


def plant(tree: Path, name: str, text: str | None) -> None:
    path = tree / name
    if text is GONE:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.parametrize("check", source.CHECKS, ids=lambda check: check.__name__)
def test_the_small_tree_is_in_order(tree: Path, check: Check) -> None:
    assert check(tree) == []


@pytest.mark.parametrize(
    ("check", "name", "text"),
    BREACHES,
    ids=[f"{check.__name__}-{number}" for number, (check, _n, _t) in enumerate(BREACHES)],
)
def test_a_breach_is_found(tree: Path, check: Check, name: str, text: str | None) -> None:
    plant(tree, name, text)
    faults = check(tree)
    assert len(faults) == 1, faults
    assert faults[0].partition(":")[0] in name


def test_every_check_has_a_breach() -> None:
    assert {check for check, _name, _text in BREACHES} == set(source.CHECKS)
    defined = {
        value
        for value in vars(source).values()
        if getattr(value, "__annotations__", {}) == {"source": Path, "return": list[str]}
    }
    assert defined == set(source.CHECKS), "a check that nobody calls"
