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
from lingnan.kernel.matters.joint.definition import LifeEvent, import_events, published_events
from lingnan.kernel.matters.joint.desk import SEES as JOINT
from lingnan.kernel.matters.joint.views import event_facts
from lingnan.kernel.matters.models import Case, CaseEvent, Certificate, Decision, Rating
from lingnan.kernel.matters.opening import supervised
from lingnan.kernel.matters.overview import under_way
from lingnan.kernel.matters.pages.worklists import HANDLERS
from lingnan.kernel.matters.procedure import OutOfOrder
from lingnan.kernel.matters.sweep import sweep
from lingnan.kernel.matters.wording import EVENTS as EVENT_WORDS
from lingnan.kernel.matters.wording import STATES as STATE_WORDS

__all__ = [
    "EVENT_WORDS",
    "HANDLERS",
    "JOINT",
    "STATE_WORDS",
    "BrokenMatter",
    "Case",
    "CaseEvent",
    "Certificate",
    "Decision",
    "LifeEvent",
    "Matter",
    "NotAllowed",
    "NotReady",
    "OutOfOrder",
    "Rating",
    "RecordAbsent",
    "event_facts",
    "find",
    "import_all",
    "import_events",
    "import_folder",
    "matter_facts",
    "published",
    "published_events",
    "supervised",
    "sweep",
    "under_way",
]
