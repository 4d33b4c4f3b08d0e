"""The door of insight: what systems declare to be measured, and what was computed."""

from lingnan.kernel.insight.declaration import (
    PROVINCE,
    Counted,
    Figure,
    Indicator,
    Target,
    UnknownIndicator,
    indicator,
    indicators,
)
from lingnan.kernel.insight.drawing import city_map, city_table, line, words
from lingnan.kernel.insight.values import (
    added_up,
    by_division,
    compute_all,
    latest,
    newest,
    series,
)

__all__ = [
    "PROVINCE",
    "Counted",
    "Figure",
    "Indicator",
    "Target",
    "UnknownIndicator",
    "added_up",
    "by_division",
    "city_map",
    "city_table",
    "compute_all",
    "indicator",
    "indicators",
    "latest",
    "line",
    "newest",
    "series",
    "words",
]
