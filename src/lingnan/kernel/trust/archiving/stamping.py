"""The worker's part: time-stamps for what was sealed without, archive time-stamps, and the next
before one ends.

A time-stamp cannot be put into a seal that is there: that would change what was handed out. So it
comes behind, over the whole file, together with the answers about revocation (a document
time-stamp, ISO 32000-2 §12.8.5). Killed at any moment, nothing or all of it is kept.
"""

import hashlib
import logging
from datetime import UTC, datetime, timedelta
from time import monotonic

from django.db import DatabaseError, IntegrityError, transaction

from lingnan.kernel.trust import node_seals
from lingnan.kernel.trust.archiving import keeping, sweeping
from lingnan.kernel.trust.archiving.models import DocumentTail, SealedDocument
from lingnan.kernel.trust.certification import authorities, publishing, register
from lingnan.kernel.trust.keystore.keys import KeyDamaged, KeyMissing, KeyStoreUnavailable
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.seal.api import SealReport, verify_pdf

logger = logging.getLogger(__name__)
AT_ONCE = 100
AGAIN = timedelta(days=1)


class Stuck(Exception):
    """This document cannot be made to last; the message says why."""


def stamp_due(budget: float = 5.0, now: datetime | None = None) -> int:
    """Add to those that are due, for so many seconds, first to those without any; how many were.
    Raises `KeyStoreUnavailable` where no time-stamp can be had: then all go on waiting."""
    at, until, done = now or datetime.now(UTC), monotonic() + budget, 0
    publishing.stamper()
    rows = SealedDocument.objects.filter(due__lte=at)
    for one in rows.order_by("stamped", "due", "since")[:AT_ONCE]:
        if monotonic() > until:
            break
        try:
            done += _add(one, at)
        except (KeyMissing, KeyDamaged) as problem:  # one authority's, not the whole store
            _put_off(one, problem, at)
        except (KeyStoreUnavailable, DatabaseError):
            raise
        except Exception as problem:  # one document, whatever it is, must not hold up the others
            _put_off(one, problem, at)
    return done


def _put_off(one: SealedDocument, problem: Exception, now: datetime) -> None:
    """Why, for the operator; what was only away for a while is tried again."""
    logger.error("the document %s cannot be made to last", one.sha256, exc_info=problem)
    rows = SealedDocument.objects.filter(pk=one.pk)
    rows.update(problem=str(problem)[:300], due=now + AGAIN)


def _add(one: SealedDocument, now: datetime) -> int:
    """One tail more, and when the next is due: both or neither."""
    sealed = keeping.read(one)
    if sealed is None:
        raise Stuck("the file is not there any more, or not as it was sealed")
    # Counted with what the tail is over: of two workers the second is refused by its number.
    ordinal, whole = _where(one, sealed)
    report = verify_pdf(whole, node_seals.roots())
    if report.problem is not None:
        raise Stuck(f"its seal does not hold: {report.problem}")
    added = _tail(whole, report)
    after = verify_pdf(whole + added, node_seals.roots())
    if after.level != "B-LTA" or after.lasts_until is None:
        raise Stuck("what was added would not be believed")
    due, problem = keeping.next_due(after.lasts_until, now)
    try:
        with transaction.atomic():
            DocumentTail.objects.create(
                sha256=one.sha256,
                ordinal=ordinal,
                tail=added,
                whole=hashlib.sha256(whole + added).hexdigest(),
                at=datetime.now(UTC),
                until=after.lasts_until,
            )
            SealedDocument.objects.filter(pk=one.pk).update(
                stamped=True, due=due if keeping.lasts(one) else None, problem=problem
            )
    except IntegrityError:
        return 0  # another worker has just done the same
    return 1


def _where(one: SealedDocument, sealed: bytes) -> tuple[int, bytes]:
    """The number of the next tail, and the document before it."""
    before = keeping.tails(one.sha256)
    return len(before) + 1, sealed + b"".join(bytes(tail.tail) for tail in before)


def _tail(whole: bytes, report: SealReport) -> bytes:
    """With what is known today of the certificates that the tail is to vouch for."""
    # Here, so that a worker with nothing to stamp does not carry pyHanko.
    from lingnan.kernel.trust.seal import tails

    stamper = publishing.stamper()
    about = [stamper.certificate]
    certificates = [stamper.certificate, *stamper.chain]
    if report.stamped_at is None:
        row = IssuedCertificate.objects.filter(serial=report.serial).first()
        if row is None:
            raise Stuck("the certificate of its seal is not in the register")
        about.insert(0, register.loaded(row))
        certificates += authorities.chain(row.authority)
    answers = tails.Answers.of(
        certificates,
        # By whichever generation of an authority, under whichever root.
        [publishing.status_about(one) for one in about],
        publishing.lists_above(about),
    )
    try:
        return tails.add(whole, answers, stamper.stamp)
    except tails.CannotLast as problem:
        raise Stuck(str(problem)) from problem


class Rounds:
    """What the worker does, a few seconds in each quarter of a minute."""

    EVERY = 15.0

    def __init__(self) -> None:
        self._last = -self.EVERY

    def run(self) -> None:
        """What fails is tried again by the next round."""
        if monotonic() - self._last < self.EVERY:
            return
        self._last = monotonic()
        try:
            if keeping.due() < AT_ONCE:
                # What is sealed today must not stand behind all of the years before.
                sweeping.sweep()
            stamp_due()
        except (KeyStoreUnavailable, DatabaseError):
            logger.exception("documents go on waiting for their time-stamps")
