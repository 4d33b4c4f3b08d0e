"""Being told: what a body has read reaches it by itself when it changes.

The worker's round. Each telling asks the agreement anew, is written down as evidence, and only
then handed to the listener: the `told.py` of a room or system of this node, which has

    def told(change: Told) -> None

At least once: a process may be killed after the listener was called. By default the listener
runs in the transaction that marks the telling as done, so that what it writes into this
database is written once. One that acts outside of it sets `OUTSIDE = True` beside the
function, is called without a transaction and must know a `telling` that it had before.
"""

import logging
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from lingnan.kernel.exchange import followers, gateway, use_text
from lingnan.kernel.exchange.following import delivering
from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.exchange.told_changes import differences, gone, spread
from lingnan.kernel.exchange.use import Denied, InsideTransaction, Unavailable
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.outbox import Changed
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

logger = logging.getLogger(__name__)
# How long after each failure the next attempt is made (system time); after the last: dead.
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
BATCH = 100
ROUND = 1000


@dataclass(frozen=True)
class Told:
    """A change, as it is handed to whom follows: plain values only.

    reference  what the consumer follows for: the number of a case
    elements   element → (before, after), of those agreed that differ; None: there was or is none
    gone       the record has ended, or is not its subject's any more
    record     stands for the record towards this consumer, always the same for the same one
    valid_from, valid_to  the days (ISO) on which `after` holds; "" is open. A correction of the
               past has a `valid_to` that is not after `as_of`
    as_of      the day (ISO) on which it was recorded
    evidence   the number of the entry that was written before this was handed over
    telling    the number of this telling: the same one again is the same change again
    """

    resource: str
    consumer: str
    reference: str
    purpose: str
    elements: dict[str, tuple[Any, Any]]
    gone: bool
    record: str
    valid_from: str
    valid_to: str
    as_of: str
    evidence: int
    telling: int


def tell(at: datetime | None = None) -> dict[str, int]:
    """One round: spread what has changed, hand over what is due at `at` (system time, now).

    Returns how many tellings were made, done, and failed. Raises InsideTransaction.
    """
    if gateway.inside_transaction():
        raise InsideTransaction
    moment = at or timezone.now()
    done = {"spread": 0, "told": 0, "failed": 0}
    silent: set[str] = set()
    with legal_time.hold():
        done["spread"] = spread(moment, ROUND)
        while done["told"] + done["failed"] < ROUND and (batch := _due(moment)):
            for telling, change in _witnessed(batch, moment):
                told = _hand_over(telling, change, moment, silent)
                done["told" if told else "failed"] += 1
    return done


def _due(at: datetime) -> list[Telling]:
    """What may be told now; of one record to one follower only the oldest."""
    earlier = Telling.objects.filter(
        state="waiting",
        follower=OuterRef("follower"),
        key=OuterRef("key"),
        outgoing__lt=OuterRef("outgoing"),
    )
    due = Telling.objects.filter(~Exists(earlier), state="waiting", next_at__lte=at)
    return list(due.select_related("follower", "outgoing").order_by("outgoing")[:BATCH])


def _witnessed(batch: list[Telling], at: datetime) -> list[tuple[Telling, Told]]:
    """The tellings that there is a right to, each written down; the others are dropped.

    Where evidence cannot be written nothing is told, and the listeners are not to blame.
    """
    rightful = [telling for telling in batch if _has_right(telling, at)]
    new = [telling for telling in rightful if telling.evidence is None]
    try:
        receipts = node_evidence.write([_entry(telling) for telling in new])
    except EvidenceUnavailable:
        logger.warning("evidence cannot be written: %s tellings wait", len(rightful))
        _waiting(rightful).update(next_at=at + BACK_OFF[0])
        return []
    for telling, receipt in zip(new, receipts, strict=True):
        telling.evidence = int(receipt.seq)
        _waiting([telling]).update(evidence=telling.evidence, agreement=telling.agreement)
    return [(telling, _told(telling)) for telling in rightful]


def _waiting(tellings: list[Telling]) -> Any:
    return Telling.objects.filter(id__in=[t.id for t in tellings], state="waiting")


def _has_right(telling: Telling, at: datetime) -> bool:
    """Whether an agreement covers the follower today; without one the following ends too."""
    follower = telling.follower
    if hasattr(follower, "end"):
        _waiting([telling]).update(state="dropped", problem=follower.end.why, finished_at=at)
        return False
    try:
        agreement = followers.covering(follower)
    except Denied:
        followers.end(follower, followers.NO_AGREEMENT)
        why = followers.NO_AGREEMENT
        _waiting([telling]).update(state="dropped", problem=why, finished_at=at)
        return False
    if agreement != telling.agreement:
        telling.agreement, telling.evidence = agreement, None
    return True


def _entry(telling: Telling) -> Any:
    """The evidence of a telling: as of a reading, for the subject to see."""
    follower, changed = telling.follower, Changed.of(telling.outgoing)
    numbers = [n for n in (changed.before, changed.after) if n is not None]
    payload = {
        "resource": follower.resource,
        "consumer": follower.consumer,
        "purpose": follower.purpose,
        "basis": follower.basis,
        "agreement": telling.agreement,
        "case": follower.reference,
        "actor": follower.listener,
        "elements": sorted(differences(follower, changed)),
        "versions": [f"{changed.topic}@{number}" for number in numbers],
        "legal_time": legal_time.now().isoformat(),
    } | use_text.beside(use_text.aim(follower.aim))
    subjects = [(follower.kind, follower.key)]
    return node_evidence.entry("exchange.told", payload, subjects, follower.reference)


def _told(telling: Telling) -> Told:
    follower, changed = telling.follower, Changed.of(telling.outgoing)
    recorded = telling.outgoing.recorded_at.astimezone(legal_time.CHINA)
    return Told(
        resource=follower.resource,
        consumer=follower.consumer,
        reference=follower.reference,
        purpose=follower.purpose,
        elements=dict(differences(follower, changed)),
        gone=gone(follower, changed),
        record=keys.veil(telling.key, f"told|{changed.topic}|{follower.consumer}"),
        valid_from=changed.start.isoformat(),
        valid_to=changed.until.isoformat() if changed.until else "",
        as_of=recorded.date().isoformat(),
        evidence=telling.evidence or 0,
        telling=telling.id,
    )


def _hand_over(telling: Telling, change: Told, at: datetime, silent: set[str]) -> bool:
    """Call the listener; whatever goes wrong there is tried again later. A node that did not answer
    in this round (`silent`) is not waited for again: others are to be told, too."""
    node = telling.follower.node
    try:
        if node in silent:
            raise Unavailable("it did not answer a moment ago")
        if node:
            delivering.deliver(telling, change)
            _finish(telling, at)
            return True
        module = _listener(telling.follower.listener)
        if getattr(module, "OUTSIDE", False):
            module.told(change)
            _finish(telling, at)
            return True
        with transaction.atomic():
            # Marked first: should another worker have it in hand, this waits, then has nothing.
            if _finish(telling, at):
                module.told(change)
            return True
    except Unavailable as down:
        if node:
            silent.add(node)
            _unreached(telling, down, at)
        else:
            _failed(telling, down, at)
        return False
    except Exception as problem:
        logger.exception("%s was not told of %s", telling.follower.listener, telling.id)
        _failed(telling, problem, at)
        return False


def _listener(name: str) -> Any:
    """The `told` module of a room or system. Raises LookupError or ImportError."""
    return import_module(f"{apps.get_app_config(name).name}.told")


def _finish(telling: Telling, at: datetime) -> bool:
    """Mark as done what still waits; returns whether it did."""
    return bool(_waiting([telling]).update(state="done", problem="", finished_at=at))


def _unreached(telling: Telling, down: Unavailable, at: datetime) -> None:
    """A node that does not answer is tried for days, and not given up after a few attempts."""
    logger.warning("%s was not reached: %s", telling.follower.node, down.detail)
    values: dict[str, Any] = {"problem": down.detail[:200], "attempts": telling.attempts + 1}
    moment = delivering.next_attempt(telling, at)
    values |= {"next_at": moment} if moment else {"state": "dead", "finished_at": at}
    _waiting([telling]).update(**values)


def _failed(telling: Telling, problem: Exception, at: datetime) -> None:
    """Keep where it failed and of what kind; the message may name somebody and is not kept."""
    frames = traceback.extract_tb(problem.__traceback__)
    frame = [f for f in frames if not f.filename.startswith("<")][-1]
    place = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
    values: dict[str, Any] = {"problem": f"{type(problem).__name__} ({place})"}
    if telling.attempts < len(BACK_OFF):
        values["next_at"] = at + BACK_OFF[telling.attempts]
    else:
        values |= {"state": "dead", "finished_at": at}
    _waiting([telling]).update(attempts=telling.attempts + 1, **values)
