"""What held when: one lane for each fact, cut into the periods in which something changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lingnan.kernel.ui.components import Text


@dataclass(frozen=True)
class CoursePeriod:
    """A period of the axis, named by its first day; `now` for the one that holds today."""

    title: Text
    now: bool = False
    ahead: bool = False


@dataclass(frozen=True)
class CourseSpan:
    """A value over so many periods; `changed` where it differs from the one before."""

    text: Text
    periods: int = 1
    changed: bool = False
    empty: bool = False


@dataclass(frozen=True)
class CourseLane:
    title: Text
    spans: Sequence[CourseSpan]


@dataclass(frozen=True)
class Course:
    """A table whose columns are periods of equal width, whatever their length in days."""

    title: Text
    periods: Sequence[CoursePeriod]
    lanes: Sequence[CourseLane]
    template: ClassVar[str] = "ui/course.html"
