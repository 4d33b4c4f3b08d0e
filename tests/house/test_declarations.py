"""What the systems declare is whole."""

import pytest

from lingnan.kernel.matters.api import import_all, published
from lingnan.kernel.registry.api import elements

pytestmark = pytest.mark.django_db


def test_every_matter_of_the_systems_is_published() -> None:
    assert import_all() == []
    assert {"individual_business", "fire_safety_permit"} <= {m.code for _d, m in published()}


def test_each_data_element_has_one_home() -> None:
    assert "person.identity_number" in elements()


def test_every_definition_file_repeats_without_a_new_version() -> None:
    before = {m.code: d.pk for d, m in published()}
    import_all()
    assert {m.code: d.pk for d, m in published()} == before
