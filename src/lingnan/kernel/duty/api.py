"""The door of duty."""

from lingnan.kernel.duty import calendars, clocks, messages, tasks
from lingnan.kernel.duty.clocks import ClockRefused, Reading
from lingnan.kernel.duty.models import Clock, Message, Task
from lingnan.kernel.duty.tasks import NotYours, TaskGone

__all__ = [
    "Clock",
    "ClockRefused",
    "Message",
    "NotYours",
    "Reading",
    "Task",
    "TaskGone",
    "calendars",
    "clocks",
    "messages",
    "tasks",
]
