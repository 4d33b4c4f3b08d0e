"""An act locks its own case and nothing that other cases share."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lingnan.kernel.matters.models import Case, locked
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_the_definition_of_the_matter_is_not_locked() -> None:
    number = file_business(Person("resident-440103"))
    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        assert locked(number) == Case.objects.get(number=number)
    asked = next(q["sql"] for q in seen.captured_queries if "matters_case" in q["sql"])
    if connection.vendor == "postgresql":
        assert asked.endswith('FOR UPDATE OF "matters_case"')
    else:
        assert "FOR UPDATE" not in asked
