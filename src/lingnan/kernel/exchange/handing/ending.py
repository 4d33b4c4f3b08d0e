"""What does not arrive: refused, dead, or given up. Its system learns of it, so that nothing stays
in transit for ever, and an operator decides what is tried again. What nobody has decided in time
comes back by itself."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.handing import limits, receipts, rights, store
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.handing.receiving import WITHDRAW
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
OPEN = ("waiting", "refused", "dead")
PATIENCE, BATCH = 10.0, 50
SILENT = "the receiver's node did not answer, and nobody had it tried again"


class NotOpen(Exception):
    """It is not in a state in which this can be done, or not any more."""


class Arrived(Exception):
    """It had arrived after all: the receiver's node has taken it."""


def refuse(one: Handover, why: str, at: datetime) -> bool:
    """The receiver's node has said no, or the right to it is over. False: somebody was quicker."""
    with legal_time.hold(), transaction.atomic():
        waiting = Handover.objects.filter(pk=one.pk, state="waiting")
        if not waiting.update(state="refused", problem=why[:200], finished_at=at):
            return False
        _told(one, why)
    return True


def again(number: int, actor: Actor) -> None:
    """Let one be tried from the first attempt on. Raises NotOpen, EvidenceUnavailable."""
    with transaction.atomic():
        one = _locked(number)
        if one.returned:
            raise NotOpen
        _witness("operating.handed_again", one, actor, "")
        one.state, one.attempts, one.next_at = "waiting", 0, timezone.now()
        one.finished_at = None
        one.save(update_fields=["state", "attempts", "next_at", "finished_at"])


def give_up(number: int, actor: Actor, reason: str) -> bool:
    """Never hand it over, for a reason that its sender reads; whether the receiver's node could be
    asked. Raises Arrived, NotOpen, ValueError, EvidenceUnavailable."""
    if not reason.strip():
        raise ValueError("a handover is given up for a reason")
    one = Handover.objects.filter(pk=number, state__in=OPEN).first()
    if one is None:
        raise NotOpen
    asked = withdrawn(one, reason)
    with legal_time.hold(), transaction.atomic():
        one = _locked(number)
        _witness("operating.handed_given_up", one, actor, reason.strip())
        drop(one, reason)
    return asked


def drop(one: Handover, reason: str) -> None:
    """It is not handed over any more; call it in the writing that decides so."""
    Handover.objects.filter(pk=one.pk).update(
        state="dropped", problem=reason.strip()[:200], finished_at=timezone.now()
    )
    if not one.returned:
        _told(one, reason)


def comes_back(one: Handover) -> datetime | None:
    """When it comes back to its sender, if nobody has it tried again (system time)."""
    if one.state != "dead" or one.returned or one.finished_at is None:
        return None
    return one.finished_at + limits.returning()


def return_due(at: datetime | None = None) -> int:
    """What is dead for longer than an operator may have it tried again comes back to its sender;
    what had arrived after all is taken as arrived. Returns how many."""
    moment, done = at or timezone.now(), 0
    dead = Handover.objects.filter(state="dead", returned=False)
    due = dead.filter(finished_at__lte=moment - limits.returning()).defer("content", "leaves")
    silent: set[str] = set()
    for one in due.order_by("id")[:BATCH]:
        server = elsewhere.node_of(one.receiver) or ""
        try:
            if server not in silent and not withdrawn(one, SILENT):
                silent.add(server)
            done += _come_back(one, moment)
        except Arrived:
            done += 1
        except Exception:
            # The others come back; this one stands on the operators' page.
            logger.exception("%s %s could not come back", one.kind, one.number)
    return done


def _come_back(one: Handover, at: datetime) -> bool:
    """False: an operator was quicker. Raises EvidenceUnavailable."""
    with legal_time.hold(), transaction.atomic():
        same = Handover.objects.select_for_update().filter(pk=one.pk, state="dead", returned=False)
        if not same.filter(finished_at=one.finished_at).exists():
            return False
        _written("handover.returned", one, {"attempts": one.attempts})
        Handover.objects.filter(pk=one.pk).update(state="returned", finished_at=at)
        _told(one, SILENT)
    return True


def withdrawn(one: Handover, why: str) -> bool:
    """Tell the receiver's node that nothing more comes; whether it heard it. Raises Arrived."""
    there = elsewhere.node(elsewhere.node_of(one.receiver) or "")
    own = elsewhere.own_services()
    if there is None or own is None:
        return False
    told = {"system": one.system, "kind": one.kind, "number": one.number, "why": why[:200]}
    question = Question(own, Service(there.services, WITHDRAW), told, one.case)
    try:
        said = outward.ask(question, PATIENCE)
    except Unavailable:
        return False
    if said.status == 200 and said.body.get("taken"):
        took(one, said.body.get("receipt") or {}, there.root, timezone.now())
        raise Arrived
    return said.status == 200


def took(one: Handover, receipt: object, root: str, at: datetime) -> None:
    """The receiver's node has it. Raises NotAReceipt."""
    values = {"state": "taken", "problem": "", "finished_at": at}
    if one.ref:
        from lingnan.kernel.exchange.handing.offering import manifest_of

        said = manifest_of(one)
        receipts.read(receipt, said, root)
        values |= {"receipt": receipt, "acknowledged": said.count}
        witness_receipt(one)
    if Handover.objects.filter(pk=one.pk, state__in=OPEN).update(**values) and one.ref:
        store.remove(store.OUT, one.ref)


def witness_receipt(one: Handover) -> None:
    """Raises EvidenceUnavailable."""
    payload = {
        "system": one.system, "kind": one.kind, "number": one.number, "size": one.size,
        "root": one.root, "receiver": one.receiver,
    }  # fmt: skip
    entry = node_evidence.entry("handover.acknowledged", payload, reference=one.case or one.number)
    node_evidence.write([entry])


def _told(one: Handover, why: str) -> None:
    module = rights.module_of(one.system)
    if module is not None and hasattr(module, "not_handed"):
        module.not_handed(one.kind, one.number, why)
        Handover.objects.filter(pk=one.pk).update(returned=True)


def _locked(number: int) -> Handover:
    found = Handover.objects.select_for_update().filter(pk=number, state__in=OPEN).first()
    if found is None:
        raise NotOpen
    return found


def _witness(kind: str, one: Handover, actor: Actor, reason: str) -> None:
    told = {"body": actor.body, "role": actor.role, "actor": actor.signature, "reason": reason}
    _written(kind, one, told)


def _written(kind: str, one: Handover, more: Mapping[str, object]) -> None:
    payload = {
        "system": one.system, "kind": one.kind, "number": one.number, "receiver": one.receiver,
        "problem": one.problem, **more,
    }  # fmt: skip
    node_evidence.write([node_evidence.entry(kind, payload, reference=one.case or one.number)])
