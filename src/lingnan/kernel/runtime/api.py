"""The door of the runtime."""

from lingnan.kernel.runtime import definitions, keys, legal_time
from lingnan.kernel.runtime.append_only import AppendOnly
from lingnan.kernel.runtime.demonstration import Columns, Firm, GovernmentBody, Person, World
from lingnan.kernel.runtime.foreign_json import read_json
from lingnan.kernel.runtime.temporal.action import Action, Conflict, action
from lingnan.kernel.runtime.temporal.history import Moment, as_of, held_rows
from lingnan.kernel.runtime.temporal.loading import Batch, load
from lingnan.kernel.runtime.temporal.models import KeyField, OutsideAction, Temporal
from lingnan.kernel.runtime.titles import Title

__all__ = [
    "Action",
    "AppendOnly",
    "Batch",
    "Columns",
    "Conflict",
    "Firm",
    "GovernmentBody",
    "KeyField",
    "Moment",
    "OutsideAction",
    "Person",
    "Temporal",
    "Title",
    "World",
    "action",
    "as_of",
    "definitions",
    "held_rows",
    "keys",
    "legal_time",
    "load",
    "read_json",
]
