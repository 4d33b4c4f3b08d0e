"""The door of the registry."""

from lingnan.kernel.registry import open_words, reading
from lingnan.kernel.registry.doubts import answering, asking, raising
from lingnan.kernel.registry.holders import holding
from lingnan.kernel.registry.importing.days import days_to_come
from lingnan.kernel.registry.linkage.declaration import Compared, Linkage
from lingnan.kernel.registry.linkage.following import merged_into, survivors
from lingnan.kernel.registry.quality.declaration import (
    Accepted,
    Agrees,
    Applies,
    Filled,
    NotAhead,
    Ordered,
    QualityRule,
    Refers,
    Shaped,
    Unique,
)
from lingnan.kernel.registry.records import (
    Act,
    PanelOf,
    Record,
    RecordType,
    elements,
    record_type,
    record_types,
    visible_to,
)
from lingnan.kernel.registry.statistics import tables as statistics
from lingnan.kernel.registry.statistics.declaration import Dimension
from lingnan.kernel.registry.whereabouts import divisions_of

__all__ = [
    "Accepted",
    "Act",
    "Agrees",
    "Applies",
    "Compared",
    "Dimension",
    "Filled",
    "Linkage",
    "NotAhead",
    "Ordered",
    "PanelOf",
    "QualityRule",
    "Record",
    "RecordType",
    "Refers",
    "Shaped",
    "Unique",
    "answering",
    "asking",
    "days_to_come",
    "divisions_of",
    "elements",
    "holding",
    "merged_into",
    "open_words",
    "raising",
    "reading",
    "record_type",
    "record_types",
    "statistics",
    "survivors",
    "visible_to",
]
