"""What stands behind the entry: commands, catalogue of systems, message catalogues, tallies."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from lingnan.node import catalogues, systems, translations
from lingnan.node.check import FOREIGN
from lingnan.node.command import main
from lingnan.node.tests_runner import Tally, count

# From the plan, chapter by chapter.
SIZES = {
    "industry": 7,
    "emerging": 8,
    "rural": 9,
    "government": 18,
    "society": 23,
    "networks": 3,
    "iot": 9,
    "assurance": 8,
}


def test_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frobnicate"]) == 2
    assert "no such command: frobnicate" in capsys.readouterr().err


def test_a_wrong_option_is_a_wrong_call() -> None:
    with pytest.raises(SystemExit) as end:
        main(["systems", "--colour"])
    assert end.value.code == 2


def test_the_catalogue_has_every_row() -> None:
    rows = systems.systems()
    assert len(rows) == 85
    assert len({row.id for row in rows}) == 85
    assert Counter(row.group.id for row in rows) == SIZES
    for row in rows:
        assert row.title_zh and row.title_en and row.plan_name and row.hard_core, row.id
        assert row.plan_paragraph[0] in "一二三四", row.id


def test_the_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["systems", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) == 85
    keys = {"group", "id", "title_zh", "title_en", "plan_paragraph", "status", "folder"}
    assert all(set(row) == keys for row in listed)
    assert all((row["folder"] is None) == (row["status"] == "planned") for row in listed)


def test_the_table_is_aligned() -> None:
    table = systems.as_table(systems.systems())
    rows = [line for line in table.splitlines() if line.startswith("  ")]
    assert len(rows) == 85
    widths = {systems._width(line[: line.rindex("  ")]) for line in rows}
    assert len(widths) == 1


def test_status_comes_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_bytes((systems.FOLDER / "catalogue.toml").read_bytes())
    folder = tmp_path / "society/welfare"
    folder.mkdir(parents=True)

    def status() -> str:
        return next(row.status for row in systems.systems(tmp_path) if row.id == "welfare")

    assert status() == "planned"
    (folder / "apps.py").touch()
    assert status() == "begun"
    (folder / "system.toml").write_text('status = "built"\n')
    assert status() == "built"
    (folder / "system.toml").write_text('status = "nearly"\n')
    with pytest.raises(ValueError, match="nearly"):
        status()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source with one application: three strings in a template, two in Python."""
    templates = tmp_path / "portal/templates/portal"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(
        "<main>\n  {% translate 'One' %}\n {% translate \"Open\" context 'a door' %}\n"
        "{% blocktranslate %}It's {{ name }}'s{% endblocktranslate %}</main>"
    )
    (tmp_path / "portal/views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        "a = _('Two')\nb = ngettext('%(n)s day', '%(n)s days', 3)\n"
    )
    return tmp_path


def catalogue(source: Path, *entries: str, room: str = "portal") -> Path:
    path = source / f"{room}/locale/zh_Hans/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"'
    path.write_text("\n\n".join([head, *entries]) + "\n", encoding="utf-8")
    return path


COMPLETE = (
    'msgid "One"\nmsgstr "一"',
    'msgid "Two"\nmsgstr "二"',
    'msgctxt "a door"\nmsgid "Open"\nmsgstr "开"',
    'msgid "It\'s %(name)s\'s"\nmsgstr "%(name)s的"',
    'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s天"',
)


def test_translations_are_looked_for(source: Path) -> None:
    faults = translations.faults(source)
    assert len(faults) == 5
    assert any("portal/templates/portal/page.html:2: no Chinese for 'One'" in f for f in faults)
    catalogue(source, *COMPLETE)
    assert translations.faults(source) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('#, fuzzy\nmsgid "One"\nmsgstr "一"', "fuzzy"),
        ('msgid "One"\nmsgstr ""', "no Chinese for 'One'"),
        ('#, python-format\nmsgid "%(n)s x"\nmsgstr "%(m)s 个"', "%(n)s x"),
    ],
)
def test_a_poor_translation_is_a_fault(source: Path, entry: str, fault: str) -> None:
    rest = COMPLETE if "One" not in entry else COMPLETE[1:]
    catalogue(source, entry, *rest)
    assert any(fault in line for line in translations.faults(source))


def test_two_translations_of_one_string_are_a_fault(source: Path) -> None:
    catalogue(source, *COMPLETE)
    catalogue(source, 'msgid "One"\nmsgstr "壹"', *COMPLETE[1:], room="kernel/duty")
    (fault,) = translations.faults(source)
    assert "two translations of 'One'" in fault
    assert "壹 in kernel/duty" in fault and "一 in portal" in fault
    catalogue(source, 'msgctxt "figure"\nmsgid "One"\nmsgstr "壹"', room="kernel/duty")
    assert translations.faults(source) == []


def test_catalogues_are_compiled_when_newer(source: Path) -> None:
    path = catalogue(source, *COMPLETE)
    assert catalogues.compile_stale(source) == [path]
    assert path.with_suffix(".mo").stat().st_size > 100
    assert catalogues.compile_stale(source) == []
    later = path.with_suffix(".mo").stat().st_mtime + 5
    os.utime(path, (later, later))
    assert list(catalogues.stale(source)) == [path]


def test_a_broken_catalogue_stops_nothing(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue(source, 'msgid "One"\nmsgstr "一"\nnot a line of a catalogue')
    assert catalogues.compile_stale(source) == []
    assert "not compiled" in capsys.readouterr().err


def test_tally(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    suite = '<testsuite tests="9" failures="1" errors="2" skipped="3"/>'
    report.write_text(f"<testsuites>{suite}</testsuites>")
    tally = count(report, 1)
    assert str(tally) == "3 passed, 3 failed, 3 skipped"
    assert str(tally + Tally(passed=4)) == "7 passed, 3 failed, 3 skipped"
    assert (Tally(passed=4) + tally).status == 1
    assert count(tmp_path / "absent.xml", 0) == Tally(failed=1, status=1)


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("see /" + "home/somebody/code", True),
        ("index-url = https://" + "pypi." + "org/simple", True),
        ("path('desk/work/3')", False),
        ("{{ base }}/work/list", False),
        ("https://example.org/home/page", False),
    ],
)
def test_foreign_places(line: str, foreign: bool) -> None:
    assert any(pattern.search(line) for pattern in FOREIGN.values()) is foreign
