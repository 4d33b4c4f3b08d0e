"""Tellings that nobody could hand over: what an operator sees of them and does about them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.runtime.outbox import Changed
from lingnan.kernel.trust.api import Actor, node_evidence

# Lists of waiting things are counted no further than this.
COUNTED = 1000


class NotDead(Exception):
    """The telling is not dead, or not any more."""


class Overtaken(Exception):
    """The follower was told of a later change of the same record: this would undo it."""


@dataclass(frozen=True)
class Queues:
    """How much waits, each counted up to COUNTED; `oldest` is since when."""

    changes: int
    tellings: int
    dead: int
    oldest: datetime | None


def queues() -> Queues:
    changes = Outgoing.objects.filter(taken_at=None)
    waiting = Telling.objects.filter(state="waiting")
    first = waiting.order_by("outgoing").values_list("outgoing__recorded_at", flat=True).first()
    untaken = changes.order_by("id").values_list("recorded_at", flat=True).first()
    return Queues(
        changes=len(changes.values_list("id")[: COUNTED + 1]),
        tellings=len(waiting.values_list("id")[: COUNTED + 1]),
        dead=len(Telling.objects.filter(state="dead").values_list("id")[: COUNTED + 1]),
        oldest=min((moment for moment in (first, untaken) if moment), default=None),
    )


def dead_letters(before: int | None = None, limit: int = 25) -> list[Telling]:
    """Dead tellings, newest first, from below a number on."""
    rows = Telling.objects.filter(state="dead").select_related("follower", "outgoing")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:limit])


def dead_letter(number: int) -> Telling | None:
    rows = Telling.objects.filter(state="dead").select_related("follower", "outgoing")
    return rows.filter(id=number).first()


def overtaken(telling: Telling) -> bool:
    """Whether the follower knows a later statement of the record. A correction of past days
    does not count: it stands beside what was told later."""
    if _of_the_past(telling.outgoing):
        return False
    later = Telling.objects.filter(follower=telling.follower, key=telling.key, state="done")
    told = later.filter(outgoing__gt=telling.outgoing_id).select_related("outgoing")
    return not all(_of_the_past(other.outgoing) for other in told)


def _of_the_past(row: Outgoing) -> bool:
    until = Changed.of(row).until
    return until is not None and until <= row.recorded_at.astimezone(legal_time.CHINA).date()


def again(number: int, actor: Actor) -> None:
    """Let a dead telling be tried once more from the first attempt. Raises NotDead, Overtaken."""
    with transaction.atomic():
        telling = _locked(number)
        if overtaken(telling):
            raise Overtaken
        _witness("operating.told_again", telling, actor, "")
        telling.state, telling.attempts, telling.next_at = "waiting", 0, timezone.now()
        telling.finished_at = None
        telling.save(update_fields=["state", "attempts", "next_at", "finished_at"])


def give_up(number: int, actor: Actor, reason: str) -> None:
    """Never tell it, for a reason that stays in the evidence. Raises NotDead, ValueError."""
    if not reason.strip():
        raise ValueError("a telling is given up for a reason")
    with transaction.atomic():
        telling = _locked(number)
        _witness("operating.told_given_up", telling, actor, reason.strip())
        telling.state, telling.finished_at = "dropped", timezone.now()
        telling.save(update_fields=["state", "finished_at"])


def _locked(number: int) -> Telling:
    rows = Telling.objects.select_for_update(of=("self",)).select_related("follower", "outgoing")
    telling = rows.filter(id=number, state="dead").first()
    if telling is None:
        raise NotDead
    return telling


def _witness(kind: str, telling: Telling, actor: Actor, reason: str) -> None:
    payload = {
        "telling": telling.id,
        "resource": telling.follower.resource,
        "consumer": telling.follower.consumer,
        "body": actor.body,
        "role": actor.role,
        "actor": actor.signature,
        "problem": telling.problem,
        "reason": reason,
    }
    entry = node_evidence.entry(kind, payload, reference=telling.follower.reference)
    node_evidence.write([entry])
