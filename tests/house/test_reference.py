"""The generated reference: it misses nothing that systems use, and says when it is stale."""

from importlib import import_module
from pathlib import Path

import pytest

from lingnan.kernel.exchange.catalogue import declared as resources
from lingnan.kernel.matters import publication
from lingnan.kernel.matters.joint import definition as joint
from lingnan.kernel.registry.api import elements, record_types
from lingnan.kernel.ui import api as ui
from lingnan.node.reference import doors, keys, pages, used
from lingnan.node.reference.declared import faults, table

MATTER = {
    "code": "x",
    "title": {"zh": "一", "en": "one"},
    "limits": {"decision": {"unit": "working_day", "promisd": 3}},
    "basis": [{"law": "某法", "artcle": "一"}],
    "tasks": {"check": {"outcomes": {"fine": {"zh": "好", "en": "fine", "forbids": "granted"}}}},
}


def test_every_key_of_the_installed_systems_is_known() -> None:
    assert len(list(used.files())) > 10, "nothing was looked at"
    assert used.unknown_keys() == []


def test_a_slip_of_the_pen_is_found_and_a_right_key_is_not() -> None:
    assert keys.unknown(MATTER, keys.MATTER) == ["basis[].artcle", "limits.decision.promisd"]
    asked = {"sections": [{"title": {"zh": "一", "en": "one"}, "fields": [{"naem": "x"}]}]}
    assert keys.unknown(asked, keys.FORM) == ["sections[].fields[].naem"]


def test_a_name_of_ones_own_is_no_list() -> None:
    assert keys.unknown({"limits": [{"unit": "working_day"}]}, keys.MATTER) == ["limits[].unit"]


@pytest.mark.parametrize(
    ("required", "table_"), [(publication.REQUIRED, keys.MATTER), (joint.REQUIRED, keys.EVENT)]
)
def test_what_publication_demands_is_in_the_table(
    required: tuple[str, ...], table_: keys.Keys
) -> None:
    for name in required:
        first = [key for key in table_ if key.replace("[]", "").split(".")[0] == name]
        assert first, name
        if first == [name]:
            assert table_[name][0] == "yes", name


def test_the_pages_have_everything_that_is_declared() -> None:
    made = pages.texts()
    for code in elements():
        assert f"| `{code}` |" in made["elements.md"]
    for code in resources():
        assert f"| `{code}` |" in made["resources.md"]
    for model in record_types():
        assert f"`{model._meta.label_lower}`" in made["records.md"]
    for name in ("Table", "Panel", "FieldView", "Chip"):
        assert name in ui.__all__ and f"### `{name}`" in made["components.md"]
    assert set(made) == {*pages.PAGES, "README.md"}


def test_the_doors_are_whole() -> None:
    page = pages.texts()["doors.md"]
    for room in doors.ROOMS:
        for name in import_module(f"lingnan.kernel.{room}.api").__all__:
            assert f"`{name}" in page, f"{room}.{name}"
    assert "advance" not in page and "`open_task(" in page


def test_every_link_of_the_documents_leads_somewhere() -> None:
    made = pages.texts()
    for name in ("add-a-matter.md", "add-a-system.md"):
        text = (pages.FOLDER.parent / name).read_text(encoding="utf-8")
        for part in text.split("](reference/")[1:]:
            page = part.partition(")")[0].partition("#")[0]
            assert page in made, f"{name} leads to {page}"


def test_stale_pages_are_named_and_written_and_others_left_alone(tmp_path: Path) -> None:
    assert set(pages.stale(tmp_path)) == set(pages.texts())
    (tmp_path / "permissions.md").write_text("another's")
    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []
    (tmp_path / "posts.md").write_text("changed by hand")
    assert pages.stale(tmp_path) == ["posts.md"]
    assert pages.write(tmp_path) == ["posts.md"]
    assert (tmp_path / "permissions.md").read_text() == "another's"


def test_messages_are_read_from_the_code(tmp_path: Path) -> None:
    source = tmp_path / "some.py"
    source.write_text('def f(x):\n    raise Bad(f"{x.code}: no {x}")\n    raise Other("other")\n')
    assert list(faults(source, {"Bad"})) == ["…: no …"]
    found = pages.texts()["publication-faults.md"]
    assert "promises more days than the law gives" in found and "is a dead end" in found


def test_bars_do_not_break_a_table() -> None:
    assert table(("a",), [["x | y"]])[2] == "| x \\| y |"
