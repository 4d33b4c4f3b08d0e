"""What journeys share: somebody at the browser."""

from typing import Any

import pytest
from django.test import Client

from tests.people import Person


@pytest.fixture
def as_the_browser_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure is answered with a page, not raised into the test."""
    plain = Client.__init__

    def init(self: Client, *args: Any, **values: Any) -> None:
        plain(self, *args, **values | {"raise_request_exception": False})

    monkeypatch.setattr(Client, "__init__", init)


@pytest.fixture
def resident() -> Person:
    return Person("resident-440103")
