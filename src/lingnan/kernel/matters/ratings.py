"""好差评: what applicants say of a service, in five grades; silence counts as the default."""

import logging
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from lingnan.kernel.matters import events
from lingnan.kernel.matters.models import Case, Rating, locked
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor

logger = logging.getLogger(__name__)
GRADES = dict(Rating.GRADES)
CHOICES = {str(grade) for grade in GRADES}
BATCH = 500


class NotRatable(Exception):
    """The case is not finished, is rated already, or is somebody else's."""


def may_rate(case: Case) -> bool:
    return case.state == "delivered" and not case.rated


def rate(number: str, actor: Actor, grade: int, words: str = "") -> Rating:
    """What the applicant says, once. Raises NotRatable, ValueError for an unknown grade."""
    if grade not in GRADES:
        raise ValueError(grade)
    with transaction.atomic():
        case = locked(number)
        if case.account != actor.account or not may_rate(case):
            raise NotRatable(number)
        return _write(case, actor, grade, words.strip()[:500], False)


def rate_by_default() -> int:
    """The default for every finished case that nobody rated in time; the rule is data.

    Batch by batch until none is left, however many a day or a standstill has brought.
    """
    rule = definitions.published("supervision", "rating")
    if rule is None:
        return 0
    before = legal_time.today() - timedelta(days=int(rule.content["days"]))
    grade, done = int(rule.content["default_grade"]), 0
    last: tuple[date, int] | None = None
    while batch := _unrated(before, last):
        done += sum(_by_default(case, grade) for case in batch)
        last = batch[-1].finished_on, batch[-1].key
    return done


def _unrated(before: date, last: tuple[date, int] | None) -> list[Any]:
    """The next that were finished before a day and are not rated, behind the last one seen:
    one that cannot be rated now is not taken up again in the same round."""
    waiting = Case.objects.filter(state="delivered", rated=False, finished_on__lt=before)
    if last is not None:
        day, key = last
        waiting = waiting.filter(finished_on__gte=day).exclude(finished_on=day, key__lte=key)
    fields = waiting.order_by("finished_on", "key").only("key", "number", "finished_on")
    return list(fields[:BATCH])


def _by_default(waiting: Case, grade: int) -> bool:
    """Rate one in its own transaction: a process killed here has rated those before it."""
    try:
        with transaction.atomic():
            case = locked(waiting.number)
            if not may_rate(case):
                return False
            _write(case, SYSTEM, grade, "", True)
            return True
    except Exception:
        # One that cannot be rated must not hold up the others.
        logger.exception("%s could not be rated by default", waiting.number)
        return False


def _write(case: Case, actor: Actor, grade: int, words: str, by_default: bool) -> Rating:
    events.append(case, "rated", actor, {"grade": grade, "by_default": by_default})
    case.rated = True
    case.save(update_fields=["rated"])
    return Rating.objects.create(
        case=case,
        body=case.body,
        matter=case.matter,
        grade=grade,
        words=words,
        by_default=by_default,
        rated_on=legal_time.today(),
    )
