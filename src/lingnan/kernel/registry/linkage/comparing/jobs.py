"""What the node's worker does of comparisons: one at a time, and one at a register's linkage.

A comparison whose worker was killed is begun anew by the next: what was found so far is forgotten.
"""

import logging
from threading import Event

from django.db import OperationalError

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
    try:
        model = rights.model_of(one)
        matching = Matching(one, model, linkage_of(model), lambda share: _told(one, share))
        if matching.run(stopping):
            counts = dict(matching.counts) | {"faults": dict(matching.faults)}
            if not rows.update(state="done", share=1.0, counts=counts, ended_at=legal_time.now()):
                work.remove(one.ref)  # it was removed meanwhile
    except Unfit as unfit:
        rows.update(state="failed", fault=unfit.code, ended_at=legal_time.now())
    except OperationalError:
        raise  # the next round tries again
    except UnknownRecordType:
        logger.error("the record type %s is not carried", one.record_type)
    except Exception:
        logger.exception("comparison %s failed", one.ref)
        rows.update(state="failed", fault="broke_off", ended_at=legal_time.now())


def _told(one: Comparison, share: float) -> None:
    """How far it is, in steps that can be seen."""
    if share - one.share >= 0.01:
        one.share = share
        Comparison.objects.filter(pk=one.ref, state="comparing").update(share=share)
