"""What the node's worker does of comparisons: one at a time, and one at a register's linkage.

A comparison whose worker was killed is begun anew by the next: what was found so far is forgotten.
So often as `ATTEMPTS` says; then it has failed, and its sender is told so.
"""

import logging
from threading import Event

from django.db import OperationalError
from django.db.models import QuerySet

from lingnan.kernel.registry.importing import work
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.linkage.alone import alone
from lingnan.kernel.registry.linkage.comparing import rights
from lingnan.kernel.registry.linkage.comparing.matching import Matching
from lingnan.kernel.registry.linkage.finding import linkage_of
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.records import UnknownRecordType
from lingnan.kernel.runtime.api import legal_time

logger = logging.getLogger(__name__)
# A worker may be killed by chance, or a database restart, twice in the minutes of a comparison;
# what kills a third is the file itself, and would keep all that wait behind it from their turn.
ATTEMPTS = 3


def run_waiting(stopping: Event | None = None) -> int:
    """Do every comparison that waits for the worker; returns how many were worked at."""
    stopping, count = stopping or Event(), 0
    waiting = Comparison.objects.filter(state="comparing")
    for ref, name in list(waiting.order_by("at").values_list("ref", "record_type")):
        if stopping.is_set():
            break
        with alone(name) as free:
            # Asked anew: another worker may have ended it before the lock was ours.
            one = waiting.filter(pk=ref).first() if free else None
            if one is not None:
                _advance(one, stopping)
                count += 1
    return count


def _advance(one: Comparison, stopping: Event) -> None:
    """Compare, and say how it ended."""
    rows = Comparison.objects.filter(pk=one.ref, state="comparing")
    begun = one.counts.get("begun", 0)
    if begun >= ATTEMPTS:
        logger.error("comparison %s broke off %s times and is given up", one.ref, begun)
        _fail(rows, "given_up")
        return
    # Before the work: who is killed in it counts nothing afterwards.
    rows.update(counts={"begun": begun + 1})
    try:
        if not _compared(one, rows, stopping):
            rows.update(counts={"begun": begun})  # told to stop: nothing is wrong with the file
    except Unfit as unfit:
        _fail(rows, unfit.code)
    except OperationalError:
        raise  # the next round tries again
    except UnknownRecordType:
        logger.error("the record type %s is not carried", one.record_type)
    except Exception:
        logger.exception("comparison %s failed", one.ref)
        _fail(rows, "broke_off")


def _compared(one: Comparison, rows: QuerySet[Comparison], stopping: Event) -> bool:
    """False when told to stop before the end."""
    model = rights.model_of(one)
    matching = Matching(one, model, linkage_of(model), lambda share: _told(one, share))
    if not matching.run(stopping):
        return False
    counts = dict(matching.counts) | {"faults": dict(matching.faults)}
    if not rows.update(state="done", share=1.0, counts=counts, ended_at=legal_time.now()):
        work.remove(one.ref)  # it was removed meanwhile
    return True


def _fail(rows: QuerySet[Comparison], fault: str) -> None:
    rows.update(state="failed", fault=fault, counts={}, ended_at=legal_time.now())


def _told(one: Comparison, share: float) -> None:
    """How far it is, in steps that can be seen."""
    if share - one.share >= 0.01:
        one.share = share
        Comparison.objects.filter(pk=one.ref, state="comparing").update(share=share)
