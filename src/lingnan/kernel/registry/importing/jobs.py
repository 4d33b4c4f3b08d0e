"""What the node's worker does of imports: checks and takings in, one after the other.

Each goes on after its last checkpoint, so the worker may be killed at any moment.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from django.db import Error, IntegrityError, OperationalError, close_old_connections

from lingnan.kernel.registry.importing import work
from lingnan.kernel.registry.importing.examining import Examination, begin_anew
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.importing.taking import Overtaken, Taking
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable

logger = logging.getLogger(__name__)
ROUND = 2.0
WORKING = ("checking", "taking")


def keep_at_it(stopping: Event) -> None:
    """Work until told to stop: for a thread of the worker."""
    while not stopping.wait(ROUND):
        try:
            run_waiting(stopping)
        except Exception:
            logger.exception("a round of imports failed and is tried again")
        finally:
            close_old_connections()


def run_waiting(stopping: Event | None = None) -> int:
    """Do every import that waits for the worker; returns how many were worked at."""
    stopping, count = stopping or Event(), 0
    for ref in list(Import.objects.filter(state__in=WORKING).order_by("at").values_list("ref")):
        if stopping.is_set():
            break
        with _alone(ref[0]) as free:
            one = Import.objects.filter(pk=ref[0], state__in=WORKING).first()
            if free and one is not None:
                _advance(one, stopping)
                count += 1
    return count


def model_of(one: Import) -> type[Record]:
    """The record type of an import. Raises UnknownRecordType where its system is not carried."""
    system, _dot, name = one.record_type.partition(".")
    return record_type(system, name)


def _advance(one: Import, stopping: Event) -> None:
    """Check or take in, and say how it ended."""
    try:
        if one.state == "checking":
            ended = Examination(one, model_of(one)).run(stopping)
            if ended:
                _end(one, "checked", one.fault)
        elif Taking(one, model_of(one)).run(stopping):
            one.refresh_from_db()
            _end(one, "taken")
            work.clear_plan(one.ref)
    except Unfit as unfit:
        _end(one, "failed", unfit.code)
    except (Overtaken, IntegrityError) as met:
        if one.whole or isinstance(met, Overtaken):
            _check_again(one)
        else:
            logger.exception("import %s met what is on record", one.ref)
            _end(one, "failed", "database")
    except (OperationalError, EvidenceUnavailable):
        raise  # the next round tries again
    except UnknownRecordType:
        logger.error("the record type %s is not carried", one.record_type)
    except Exception as error:
        kind = "database" if isinstance(error, Error) else "broke_off"
        logger.exception("import %s failed", one.ref)
        _end(one, "failed", kind)


def _check_again(one: Import) -> None:
    """Something was recorded since the check: the file is checked anew; what is taken in stays."""
    begin_anew(one)
    _end(one, "checking", "overtaken")


def _end(one: Import, state: str, fault: str = "") -> None:
    one.state, one.fault = state, fault
    one.ended_at = legal_time.now() if state in ("taken", "failed") else None
    one.share = 1.0 if state == "checked" else one.share
    one.save(update_fields=["state", "fault", "ended_at", "share"])


@contextmanager
def _alone(ref: str) -> Iterator[bool]:
    """Whether this process alone works at an import; the lock ends with the process."""
    folder = work.folder(ref)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
