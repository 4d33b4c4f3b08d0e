"""The door of matters."""

from lingnan.kernel.matters.applications import NotReady, RecordAbsent
from lingnan.kernel.matters.cases import NotAllowed
from lingnan.kernel.matters.definition import (
    BrokenMatter,
    Matter,
    find,
    import_all,
    import_folder,
    published,
)
from lingnan.kernel.matters.formviews import matter_facts
from lingnan.kernel.matters.models import Case, Certificate, Decision
from lingnan.kernel.matters.overview import under_way
from lingnan.kernel.matters.procedure import OutOfOrder
from lingnan.kernel.matters.sweep import sweep

__all__ = [
    "BrokenMatter",
    "Case",
    "Certificate",
    "Decision",
    "Matter",
    "NotAllowed",
    "NotReady",
    "OutOfOrder",
    "RecordAbsent",
    "find",
    "import_all",
    "import_folder",
    "matter_facts",
    "published",
    "sweep",
    "under_way",
]
