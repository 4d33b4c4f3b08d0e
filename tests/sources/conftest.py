"""Servers of departments, and what a data officer does with them over HTTP."""

from collections.abc import Iterator

import pytest

from lingnan.kernel.exchange.api import forget
from lingnan.node.postgres import Cluster
from tests.databases import MariaDB


@pytest.fixture(autouse=True)
def nothing_published_stays() -> Iterator[None]:
    """Each test's rows are taken back; what the process knows of them is, too."""
    forget()
    yield
    forget()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    with MariaDB() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A department's own server, whatever the node's is."""
    with Cluster() as cluster:
        yield cluster
