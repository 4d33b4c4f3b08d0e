"""From what is seen to what is told: opened once, closed once, acknowledged with words."""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.watching import seeing
from lingnan.kernel.exchange.watching.models import Alert
from lingnan.kernel.exchange.watching.rules import RULES
from lingnan.kernel.exchange.watching.seeing import Sign
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, Body, Holding, node_evidence

logger = logging.getLogger(__name__)
PAGE = "/operating/alerts/"
LONGEST, ABOUT = 300, 200
SHOWN = timedelta(days=7)


class NotOpen(Exception):
    """The alert is over, or never was."""


def judge(signs: Sequence[Sign], now: datetime) -> tuple[list[Alert], list[Alert]]:
    """What was opened and what was closed by what is seen now."""
    opened: list[Alert] = []
    closed: list[Alert] = []
    with transaction.atomic():
        rows = Alert.objects.select_for_update().exclude(state="closed")
        known = {(row.rule, row.about): row for row in rows}
        for sign in signs:
            about = sign.about[:ABOUT]
            row = known.pop((sign.rule, about), None) or Alert(
                rule=sign.rule, about=about, since=now
            )
            row.seen_at, row.figure = now, sign.figure[:120]
            if row.state == "pending" and now - row.since >= _minutes(row):
                row.state, row.opened_at = "open", now
                opened.append(row)
            row.save()
        for row in known.values():
            if row.state == "pending":
                row.delete()
            elif now - row.seen_at >= _minutes(row):
                row.state, row.closed_at = "closed", now
                row.save()
                closed.append(row)
    return opened, closed


def _minutes(row: Alert) -> timedelta:
    rule = RULES.get(row.rule)
    return timedelta(minutes=rule.minutes if rule else 0)


def tell(opened: Sequence[Alert], closed: Sequence[Alert]) -> int:
    """Word to every operator of the data authority; returns how many messages."""
    bodies = Body.objects.filter(function="data", ended=False).values_list("code", flat=True)
    held = Holding.objects.filter(role="operator", ended=False, body__in=list(bodies))
    accounts = sorted(set(held.values_list("account", flat=True)))
    letters = [
        (account, *_letter(row, over), PAGE)
        for rows, over in ((opened, False), (closed, True))
        for row in rows
        for account in accounts
    ]
    return messages.send_all(letters) if letters else 0


def _letter(row: Alert, over: bool) -> tuple[Title, Title]:
    rule = RULES[row.rule]
    zh, en = ("告警解除", "Over") if over else ("告警", "Alert")
    about = f"{row.about} {row.figure}".strip()
    subject = Title(f"{zh}：{rule.title.zh}"[:80], f"{en}: {rule.title.en}"[:120])
    todo = Title("无需处理。", "Nothing to do.") if over else rule.todo
    return subject, Title(f"{about}。{todo.zh}", f"{about}. {todo.en}")


def shown(now: datetime | None = None) -> list[Alert]:
    """Open ones, the newest first; then what was over within the week."""
    since = (now or datetime.now(UTC)) - SHOWN
    open_ = list(Alert.objects.filter(state="open").order_by("-opened_at")[:100])
    past = Alert.objects.filter(state="closed", closed_at__gte=since)
    return open_ + list(past.order_by("-closed_at")[:50])


def acknowledge(number: int, actor: Actor, words: str) -> None:
    """Somebody has seen it and says what is done; the evidence first. Raises NotOpen, ValueError,
    EvidenceUnavailable."""
    if not words.strip():
        raise ValueError("an alert is acknowledged with words")
    with transaction.atomic():
        row = Alert.objects.select_for_update().filter(pk=number, state="open").first()
        if row is None:
            raise NotOpen
        told = {
            "alert": row.rule, "about": row.about, "reason": words.strip(), "body": actor.body,
            "role": actor.role, "actor": actor.signature,
        }  # fmt: skip
        node_evidence.write([node_evidence.entry("operating.alert_acknowledged", told)])
        row.said, row.said_by = words.strip()[:LONGEST], actor.signature[:200]
        row.said_at = datetime.now(UTC)
        row.save()


class Rounds:
    """What the node's worker does, each minute."""

    EACH = 60.0

    def __init__(self) -> None:
        self._next = 0.0

    def run(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.EACH
        now = datetime.now(UTC)
        try:
            tell(*judge(seeing.signs(now), now))
        except IntegrityError:
            # A worker that is ending judged at the same moment.
            logger.info("alerts were judged by another process")
