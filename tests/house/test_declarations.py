"""What the systems declare is whole."""

import pytest
from django.db import models

from lingnan.kernel.matters.api import import_all, published
from lingnan.kernel.registry.api import elements
from lingnan.kernel.runtime.temporal.models import Temporal

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


def test_a_field_named_as_what_versions_say_of_themselves_is_refused() -> None:
    """Its value would be read from the wrong column at the next change, and lost."""
    for name in ("reason", "changed_by", "valid_to", "id"):
        with pytest.raises(TypeError, match=name):
            type("Shadowed", (Temporal,), {"__module__": __name__, name: models.TextField()})
