"""Pages of a system stand on their own, so that any other can be removed; planted breaches."""

from pathlib import Path

import pytest

from tests.house import source_pages
from tests.house.source import Check
from tests.house.test_structure import SOURCE


@pytest.mark.parametrize("check", source_pages.CHECKS, ids=lambda check: check.__name__)
def test_no_page_needs_another_system(check: Check) -> None:
    assert check(SOURCE) == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Two systems, one of which has an address and a template."""
    for name in ("one", "two"):
        folder = tmp_path / "systems" / "group" / name
        (folder / "templates" / name).mkdir(parents=True)
        (folder / "apps.py").touch()
    one = tmp_path / "systems" / "group" / "one"
    (one / "pages.py").write_text("urlpatterns = [path('one/', view, name='one-list')]\n")
    (one / "templates/one/list.html").write_text("{% url 'one-list' %}{% url 'home' %}")
    (tmp_path / "portal").mkdir()
    return tmp_path


def test_what_stays_at_home_is_in_order(planted: Path) -> None:
    assert [check(planted) for check in source_pages.CHECKS] == [[], []]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("systems/group/two/pages.py", "redirect('one-list')\n"),
        ("portal/pages.py", "from django.urls import reverse\nx = reverse('one-list', args=[1])\n"),
        ("systems/group/two/templates/two/page.html", '{% url "one-list" %}'),
    ],
)
def test_a_way_into_another_system_is_found(planted: Path, place: str, text: str) -> None:
    (planted / place).write_text(text)
    (found,) = source_pages.addresses_stay_at_home(planted)
    assert place in found and "group/one" in found


def test_a_template_of_another_system_is_found(planted: Path) -> None:
    page = planted / "systems/group/two/templates/two/page.html"
    page.write_text('{% extends "one/list.html" %}')
    assert len(source_pages.templates_stay_at_home(planted)) == 1
