"""Parallel tracks: several things that go on at once, each through the same stages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from lingnan.kernel.ui.components import Chip, StepState, Text, safe_url


@dataclass(frozen=True)
class Stage:
    """One stage of a track, and when it was or will be reached."""

    title: Text
    state: StepState = "next"
    when: Text = ""


@dataclass(frozen=True)
class Track:
    """One thing under way: who has it, where it stands, and what comes next by when."""

    title: Text
    who: Text
    chip: Chip
    stages: Sequence[Stage]
    url: str = ""
    coming: Text = ""

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Tracks:
    """Tracks one below the other; on a phone each stage keeps its sign and only the current
    one its words."""

    rows: Sequence[Track] = field(default_factory=tuple)
    template: ClassVar[str] = "ui/tracks.html"
