"""The nodes that the modules of this folder share."""

from collections.abc import Iterator

import pytest

from tests.node.pair import Pair, paired


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two nodes that have joined, with an agreement between a body and the holder."""
    with paired(tmp_path_factory.mktemp("pair")) as both:
        yield both
