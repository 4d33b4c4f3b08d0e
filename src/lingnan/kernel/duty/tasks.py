"""Tasks for posts. A task is done once, whoever clicks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lingnan.kernel.duty import standings
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


def open_task(
    reference: str,
    code: str,
    title: Title,
    about: str,
    body: str,
    role: str,
    link: str = "",
) -> Task:
    """A task for a post. `link` is the page where it is done, if that is no case's page."""
    return Task.objects.create(
        key=keys.new_key(),
        reference=reference,
        code=code,
        title_zh=title.zh,
        title_en=title.en,
        about=about,
        body=body,
        role=role,
        link=link,
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


def open_for(body: str, role: str) -> QuerySet[Any]:
    """The open tasks of a post, most urgent first: by `red_on` of the clock that runs."""
    running = standings.running().filter(reference=OuterRef("reference"))
    soonest = running.order_by(F("red_on").asc(nulls_last=True))
    rows = Task.objects.filter(body=body, role=role, done_at=None).annotate(
        red_on=Subquery(soonest.values("red_on")[:1]), card=Subquery(soonest.values("now")[:1])
    )
    return rows.order_by(F("red_on").asc(nulls_last=True), "key")


def red_on(task: Task) -> date | None:
    """The day on which the clock that runs for a task turns red."""
    return open_for(task.body, task.role).filter(key=task.key).values_list("red_on", flat=True)[0]


def behind(rows: QuerySet[Any], red_on: date | None, key: int) -> QuerySet[Any]:
    """The tasks of `open_for` after one of them."""
    after = Q(red_on=None, key__gt=key)
    if red_on is not None:
        after = Q(red_on=None) | Q(red_on__gt=red_on) | Q(red_on=red_on, key__gt=key)
    return rows.filter(after)


def by_card(rows: QuerySet[Any]) -> dict[str, int]:
    """How many tasks of `open_for` show each card; those without a clock are left out."""
    counted = rows.order_by().values("card").annotate(number=Count("key"))
    return {row["card"]: row["number"] for row in counted if row["card"]}
