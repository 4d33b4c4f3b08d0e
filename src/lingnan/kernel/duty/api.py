"""The door of duty."""

from lingnan.kernel.duty import calendars, clocks, messages, standings, tasks
from lingnan.kernel.duty.clocks import ClockRefused, Reading
from lingnan.kernel.duty.models import Clock, Message, Standing, Task
from lingnan.kernel.duty.tasks import NotYours, TaskGone

__all__ = [
    "Clock",
    "ClockRefused",
    "Message",
    "NotYours",
    "Reading",
    "Standing",
    "Task",
    "TaskGone",
    "calendars",
    "clocks",
    "messages",
    "standings",
    "tasks",
]
