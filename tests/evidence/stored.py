"""Entries that can be told apart, and those that a store holds."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from lingnan.kernel.trust.evidence.api import Entry, open_reader

Start = Callable[[], subprocess.Popen[bytes]]


def entry(number: object) -> Entry:
    return Entry("case.event", {"n": number})


def numbers(location: Path) -> list[object]:
    """The numbers of the entries of a store that is in order, newest first."""
    with open_reader(location) as reader:
        assert reader.verify() == []
        found = [stored.payload["n"] for stored in reader.entries(limit=10**6) if stored.payload]
        assert len(found) == reader.size()
        return found
