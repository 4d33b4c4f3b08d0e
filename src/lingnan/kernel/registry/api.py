"""The door of the registry."""

from lingnan.kernel.registry.records import (
    PanelOf,
    Record,
    RecordType,
    elements,
    record_type,
    record_types,
    visible_to,
)

__all__ = [
    "PanelOf",
    "Record",
    "RecordType",
    "elements",
    "record_type",
    "record_types",
    "visible_to",
]
