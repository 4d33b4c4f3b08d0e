"""好差评: what applicants say of a service, in five grades; silence counts as the default."""

from datetime import timedelta

from django.db import transaction

from lingnan.kernel.matters import events
from lingnan.kernel.matters.models import Case, Rating, locked
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor

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
    """The default for finished cases that nobody rated in time; the rule is data."""
    rule = definitions.published("supervision", "rating")
    if rule is None:
        return 0
    before = legal_time.today() - timedelta(days=int(rule.content["days"]))
    waiting = Case.objects.filter(state="delivered", rated=False, finished_on__lt=before)
    numbers = list(waiting.order_by("finished_on", "key").values_list("number", flat=True)[:BATCH])
    for number in numbers:
        with transaction.atomic():
            case = locked(number)
            if may_rate(case):
                _write(case, SYSTEM, int(rule.content["default_grade"]), "", True)
    return len(numbers)


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
