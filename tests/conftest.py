"""A small province in the test database, made once; each test's changes are rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    from lingnan.node.province import prepare

    with django_db_blocker.unblock():
        prepare(lambda line: None, residents=600)
    yield
