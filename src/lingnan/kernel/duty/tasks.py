"""Tasks for posts. A task is done once, whoever clicks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from lingnan.kernel.duty.models import Task
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Actor


class TaskGone(Exception):
    """The task was done or withdrawn meanwhile; `by` is the name of who did it."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class NotYours(Exception):
    """The task belongs to another post."""


def open_task(reference: str, code: str, title: Title, about: str, body: str, role: str) -> Task:
    return Task.objects.create(
        key=keys.new_key(),
        reference=reference,
        code=code,
        title_zh=title.zh,
        title_en=title.en,
        about=about,
        body=body,
        role=role,
        opened_at=legal_time.now(),
    )


def finish(task: Task, actor: Actor, outcome: str) -> None:
    """Mark a task done. Raises NotYours or TaskGone; call it inside the act's transaction."""
    if not actor.holds(task.role, task.body):
        raise NotYours
    won = Task.objects.filter(key=task.key, done_at=None).update(
        done_at=legal_time.now(), done_by=actor.signature, outcome=outcome
    )
    if won != 1:
        done_by = Task.objects.values_list("done_by", flat=True).get(key=task.key)
        raise TaskGone(done_by.partition(" (")[0])


def withdraw(reference: str, by: str, codes: Sequence[str] = ()) -> int:
    """Close what is still open for a reference (of the given codes, or all)."""
    tasks = Task.objects.filter(reference=reference, done_at=None)
    if codes:
        tasks = tasks.filter(code__in=codes)
    return tasks.update(done_at=legal_time.now(), done_by=by, outcome="withdrawn")


def open_for(body: str, role: str) -> QuerySet[Task]:
    return Task.objects.filter(body=body, role=role, done_at=None).order_by("key")
