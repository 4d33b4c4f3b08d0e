"""Whether published tables are still as they were: what has changed is suspended before it hurts.

A source that does not answer is not suspended: who asks is told so, and tries again. A table that
lost a column or an index, or has another type, answers nobody until it is as it was again, or is
published anew.
"""

import time

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.duty.api import messages, tasks
from lingnan.kernel.exchange.api import Agreement, forget, sources
from lingnan.kernel.runtime.api import Title, action
from lingnan.kernel.trust.api import Holding, KeyStoreUnavailable, node_evidence
from lingnan.systems.government.resource_exchange.sources import catalogued, publishing
from lingnan.systems.government.resource_exchange.sources.models import (
    ANSWERS,
    PUBLISHED,
    SUSPENDED,
    Publication,
    SourceState,
)

BY, SECONDS = "node", 20.0
CHANGED = ("table", "changed", "index")
"""Hops by which a table is not what was published; the others pass by themselves."""
TASK, REPAIR = "source.repair", Title("处理已变化的数据表", "Repair a published table")
_last = 0


def check() -> int:
    """Look at what is published, as much as fits into a round; returns how many changed state."""
    global _last
    until, done = time.monotonic() + SECONDS, 0
    rows = Publication.objects.filter(state__in=ANSWERS, ended=False).order_by("key")
    waiting = [*rows.filter(key__gt=_last), *rows.filter(key__lte=_last)]
    for one in waiting:
        done += look(one)
        _last = one.key
        if time.monotonic() > until:
            break
    return done


def look(one: Publication) -> bool:
    """Look at one; whether it was suspended or has come back."""
    hop, detail = "", ""
    try:
        sources.looked_at_anew(catalogued.lookup(one))
    except sources.SourceFailure as failure:
        hop, detail = failure.hop, failure.detail
    except KeyStoreUnavailable:
        hop = "sign_in"
    SourceState.objects.update_or_create(
        publication=one.number,
        defaults={"looked_at": timezone.now(), "hop": hop, "detail": detail[:100]},
    )
    if hop in CHANGED and one.state == PUBLISHED:
        _suspend(one, hop, detail)
    elif not hop and one.state == SUSPENDED:
        _resume(one)
    else:
        return False
    forget()
    return True


def _suspend(one: Publication, hop: str, detail: str) -> None:
    why = f"{hop} {detail}".strip()
    _witness("source.suspended", one, why)
    with transaction.atomic(), action(by=BY, reason=f"{one.code}: {why}") as act:
        act.change(one, state=SUSPENDED, why=why)
        tasks.open_task(one.number, TASK, REPAIR, one.title_zh, one.body, publishing.OFFICER,
                        publishing.link(one))  # fmt: skip
        _tell(one.body, one, publishing.link(one), Title(
            f"“{one.title_zh}”与发布时不一致，已暂停提供。请查看原因并修复。",
            f"“{one.title_zh}” is not as it was published and is suspended. See why and repair it.",
        ))  # fmt: skip
        _tell_consumers(one, Title(
            f"“{one.title_zh}”暂停提供：源头部门的数据表有变化，正在处理。",
            f"“{one.title_zh}” is suspended: the holder's table has changed; it is at work on it.",
        ))  # fmt: skip


def _resume(one: Publication) -> None:
    _witness("source.resumed", one, "")
    with transaction.atomic(), action(by=BY, reason=f"{one.code} answers again") as act:
        act.change(one, state=PUBLISHED, why="")
        tasks.withdraw(one.number, BY, [TASK])
        text = Title(f"“{one.title_zh}”已恢复提供。", f"“{one.title_zh}” answers again.")
        _tell(one.body, one, publishing.link(one), text)
        _tell_consumers(one, text)


def _witness(kind: str, one: Publication, why: str) -> None:
    payload = {"resource": one.code, "body": one.body, "why": why, "number": one.number}
    node_evidence.write([node_evidence.entry(kind, payload, (), one.number)])


def _tell_consumers(one: Publication, text: Title) -> None:
    agreed = Agreement.objects.filter(resource=one.code, ended=False)
    for body in sorted(set(agreed.values_list("consumer", flat=True)) - {one.body}):
        _tell(body, one, f"/catalogue/{one.code}/", text)


def _tell(body: str, one: Publication, link: str, text: Title) -> None:
    """Word to the data officers of a body."""
    held = Holding.objects.filter(body=body, role=publishing.OFFICER, ended=False)
    subject = Title("共享数据表", "A shared table")
    whom = sorted(set(held.values_list("account", flat=True)))
    messages.send_all((account, subject, text, link) for account in whom)
