"""The page of threats names tests that there are."""

import re

from lingnan.node.source import ROOT

NAMED = re.compile(r"`((?:tests|src)/[\w/]+\.py)?::(test_\w+)`")


def test_every_test_that_the_page_of_threats_names_exists() -> None:
    page, path, seen = (ROOT / "docs" / "threats.md").read_text(), "", 0
    for found in NAMED.finditer(page):
        path = found[1] or path
        assert f"def {found[2]}(" in (ROOT / path).read_text(), f"{path}::{found[2]}"
        seen += 1
    assert seen > 40
