"""The register: data elements, object classes, standards, mappings; and what does not conform."""

from lingnan.systems.government.data_elements.models.elements import (
    DATATYPES,
    STATUSES,
    DataElement,
    ObjectClass,
)
from lingnan.systems.government.data_elements.models.findings import Finding, Score
from lingnan.systems.government.data_elements.models.office import (
    CONFIRMERS,
    EDITORS,
    OFFICE,
    PROVINCE,
)
from lingnan.systems.government.data_elements.models.standards import ElementMapping, Standard

__all__ = [
    "CONFIRMERS",
    "DATATYPES",
    "EDITORS",
    "OFFICE",
    "PROVINCE",
    "STATUSES",
    "DataElement",
    "ElementMapping",
    "Finding",
    "ObjectClass",
    "Score",
    "Standard",
]
