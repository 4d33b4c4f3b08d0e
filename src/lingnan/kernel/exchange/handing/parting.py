"""The sender's node, beside the worker's rounds: what is handed over in parts is read, announced,
sent a few parts at a time, and kept until its receipt has come.

What is for a body of this node goes through the same door, moved and not sent. Each has its turn: a
large one to a slow node does not hold up the others.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.elsewhere import Node
from lingnan.kernel.exchange.handing import (
    arriving,
    cleaning,
    ending,
    offering,
    receiving,
    rights,
    store,
)
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.outward import Question, Said, Streamed
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
EVERY, BATCH, TURN = 1.0, 20, 128
"""Seconds between two rounds, handovers of a round, parts of one turn."""
FLIGHT = 4
"""Parts on their way at the same time."""
PATIENCE, MOST = 90.0, 680
LONGEST_WAIT = timedelta(minutes=15)


class Refused(Exception):
    """The receiver's node has said no, in words."""


def keep_at_it(stopping: threading.Event) -> None:
    """Rounds until told to stop."""
    while not stopping.wait(EVERY):
        try:
            run(stopping=stopping)
            cleaning.run()
        except Exception:
            logger.exception("a round of what is handed over in parts failed")
        finally:
            close_old_connections()


def run(at: datetime | None = None, stopping: threading.Event | None = None) -> int:
    """One round; returns how many were acknowledged or refused."""
    moment, done = at or timezone.now(), 0
    for one in Handover.objects.filter(state="reading").order_by("id")[:BATCH]:
        _hashed(one, moment)
    silent: set[str] = set()
    due = Handover.objects.filter(state="waiting", next_at__lte=moment).exclude(ref="")
    for one in due.order_by("next_at", "id")[:BATCH]:
        if stopping is not None and stopping.is_set():
            break
        server = elsewhere.node_of(one.receiver) or ""
        try:
            if server in silent:
                raise Unavailable("it did not answer a moment ago")
            done += _turn(one, server, moment)
        except Refused as refused:
            logger.warning("%s %s is refused: %s", one.kind, one.number, refused)
            done += _refused(one, str(refused), moment)
        except (Unavailable, store.NoRoom) as down:
            silent.add(server)
            later(one, moment, str(down))
        except Exception as fault:
            # The others go on; this one is tried again, and stands on the operators' page.
            logger.exception("%s %s could not be handed over", one.kind, one.number)
            later(one, moment, f"a fault of this node: {type(fault).__name__}")
    return done


def _hashed(one: Handover, at: datetime) -> None:
    try:
        offering.hashed(one, at)
    except OSError as fault:
        logger.exception("%s %s cannot be read", one.kind, one.number)
        Handover.objects.filter(pk=one.pk, state="reading").update(state="waiting")
        ending.refuse(one, f"the sender's own copy cannot be read: {fault.strerror or fault}", at)


def _refused(one: Handover, why: str, at: datetime) -> bool:
    """No more of it comes, of which the other node is told, too, where it answers."""
    try:
        ending.withdrawn(one, why)
    except ending.Arrived:
        return True
    return ending.refuse(one, why, at)


def later(one: Handover, at: datetime, why: str) -> None:
    """To be tried again, later and later, for about a week of silence; then an operator decides."""
    before = Handover.objects.filter(pk=one.pk).values_list("attempts", flat=True).first() or 0
    wait = outward.next_wait(before, LONGEST_WAIT)
    values: dict[str, Any] = {"attempts": before + 1, "problem": why[:200], "next_at": at + wait}
    if before >= MOST:
        values |= {"state": "dead", "finished_at": at}
    Handover.objects.filter(pk=one.pk, state="waiting").update(**values)


def _turn(one: Handover, server: str, at: datetime) -> bool:
    """Whether it is acknowledged. Raises Refused, Unavailable, NoRoom."""
    said = offering.manifest_of(one)
    _demand_right(one)
    if not server:
        return _here(one, said, at)
    there = elsewhere.node(server)
    if there is None:
        raise Unavailable(f"no node is known that speaks for {one.receiver}")
    answer = _asked(one, there, receiving.MANIFEST, said.plain())
    if "receipt" not in answer:
        if _sent(one, there, said, _numbers(answer, said)):
            return False
        answer = _asked(one, there, receiving.WHOLE, {"manifest": said.digest})
    if "receipt" not in answer:
        # Being checked, or a part was lost there: the next turn asks again.
        Handover.objects.filter(pk=one.pk, state="waiting").update(next_at=at, attempts=0)
        return False
    _took(one, answer["receipt"], there.root, at)
    return True


def _took(one: Handover, receipt: Any, root: str, at: datetime) -> None:
    try:
        ending.took(one, receipt, root, at)
    except ValueError as fault:
        raise Unavailable(f"its receipt does not hold: {fault}") from fault


def _demand_right(one: Handover) -> None:
    """Raises Refused where the agreement is over."""
    if not one.agreement:
        return
    try:
        rights.demand_agreement(one.agreement, one.sender, one.receiver, one.purpose)
    except PermissionError as over:
        raise Refused(str(over)) from over


def _here(one: Handover, said: Manifest, at: datetime) -> bool:
    """To a body of this node: the same door, and nothing is copied."""
    here, _directory = elsewhere.present()
    if here is not None and not elsewhere.speaks_here(one.receiver):
        raise Unavailable(f"no node is known that speaks for {one.receiver}")
    try:
        taken = arriving.take_in(said, here.server if here else "", one.ref, store.OUT)
    except (PermissionError, ValueError) as refused:
        raise Refused(str(refused)) from refused
    ending.witness_receipt(one)
    values = {"state": "taken", "problem": "", "finished_at": at, "receipt": taken.receipt}
    Handover.objects.filter(pk=one.pk, state="waiting").update(**values, acknowledged=said.count)
    return True


def _numbers(answer: dict[str, Any], said: Manifest) -> list[int]:
    """The parts that the other node has not got. Raises Unavailable on an answer that is none."""
    listed = answer.get("missing")
    try:
        found = [n for first, end in listed or [] for n in range(first, min(end, said.count))]
    except (TypeError, ValueError) as fault:
        raise Unavailable("it did not say what is missing") from fault
    if listed is None or any(number < 0 for number in found):
        raise Unavailable("it did not say what is missing")
    return found


def _sent(one: Handover, there: Node, said: Manifest, numbers: list[int]) -> bool:
    """Send a turn of parts; whether any are left for the next."""
    done, noted = said.count - len(numbers), timezone.now()
    _note(one, done)
    try:
        for _number in _flying(one, there, said, numbers[:TURN]):
            done += 1
            if timezone.now() - noted > timedelta(seconds=1):
                noted = timezone.now()
                _note(one, done)
    finally:
        _note(one, done)
    return len(numbers) > TURN


def _note(one: Handover, done: int) -> None:
    """What came through shows that the node answers."""
    values: dict[str, Any] = {"acknowledged": done}
    if done > one.acknowledged:
        values |= {"attempts": 0, "problem": ""}
    Handover.objects.filter(pk=one.pk, state="waiting").update(**values)


def _flying(one: Handover, there: Node, said: Manifest, numbers: Iterable[int]) -> Iterator[int]:
    """Send parts, a few at a time; the right to it is looked at before each."""
    waiting: deque[Future[int]] = deque()
    own = elsewhere.own_services()
    if own is None:
        raise Unavailable("this node belongs to no instance")

    sizes = [file.size for file in said.files]

    def send(number: int) -> int:
        start, length = number * said.part, said.length(number)
        data = Streamed(length, store.stream(store.OUT, one.ref, sizes, start, length))
        question = Question(
            own, Service(there.services, receiving.PART), data, one.case,
            kind="application/octet-stream", method="PUT", path=f"/{said.digest}/{number}",
        )  # fmt: skip
        try:
            _answer(outward.ask(question, PATIENCE))
        except store.Changed as fault:
            raise Refused(f"the sender's own copy is not what it was: {fault}") from fault
        return number

    with ThreadPoolExecutor(FLIGHT, "parts") as pool:
        try:
            for number in numbers:
                _demand_right(one)
                waiting.append(pool.submit(send, number))
                if len(waiting) >= FLIGHT:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


def _asked(one: Handover, there: Node, service: str, body: dict[str, Any]) -> dict[str, Any]:
    own = elsewhere.own_services()
    if own is None:
        raise Unavailable("this node belongs to no instance")
    question = Question(own, Service(there.services, service), body, one.case)
    return _answer(outward.ask(question, PATIENCE))


def _answer(said: Said) -> dict[str, Any]:
    """Raises Refused, Unavailable."""
    words = str(said.body.get("message", "")) or said.refused
    if said.refused.endswith((".AccessDenied", ".BadRequest", ".MessageTooLarge")):
        raise Refused(words)
    if said.status != 200:
        raise Unavailable(words or f"it answered {said.status}")
    return said.body
