"""What happens by itself as legal time goes on: deemed acceptance, delivery, dated facts."""

import logging
from collections.abc import Callable, Iterable

from lingnan.kernel.duty.api import standings
from lingnan.kernel.matters import cases, decisions, ratings
from lingnan.kernel.matters.definition import KIND, matter_of
from lingnan.kernel.matters.joint import awaited, submission
from lingnan.kernel.matters.models import Case
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.models import Definition
from lingnan.kernel.runtime.temporal.action import bring_all_into_force

logger = logging.getLogger(__name__)


def sweep(new_day: bool = True) -> dict[str, int]:
    """One round. Every step may be repeated; returns how many of each were done.

    `new_day` says that legal time has moved since the last round: only then can a dated fact
    have come into force. A step that fails does not hold up the others.
    """
    steps: dict[str, Callable[[], int]] = {
        "deemed_accepted": _deem,
        "delivered": _deliver,
        "records_read": awaited.settle,
        "joint_finished": submission.finish_done,
    }
    if new_day:
        steps |= {"rated_by_default": ratings.rate_by_default, "in_force": bring_all_into_force}
    done = {"rated_by_default": 0, "in_force": 0}
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception:
            logger.exception("%s failed and is tried again", name)
            done[name] = 0
    return done


def _deem() -> int:
    """行政许可法 (2019) Art. 32(4): no notice in time means accepted from the day of receipt."""
    done = 0
    for case in _overdue():
        try:
            done += cases.is_deemed(case) and cases.deem_accepted(case.number) is not None
        except Exception:
            logger.exception("%s could not be deemed accepted", case.number)
    return done


def _overdue() -> list[Case]:
    """Unaccepted cases whose check for completeness may have run out, by an index.

    Red shows when the statutory limit has passed or, by another rule of cards, earlier: the
    clock itself says the rest. Only what silence can accept is looked at.
    """
    checks = standings.running().filter(code__startswith="formal_check")
    due = checks.filter(red_on__lte=legal_time.today())
    codes = _by_silence(due.values_list("about", flat=True).distinct())
    numbers = due.filter(about__in=codes).values("reference")
    rows = Case.objects.filter(number__in=numbers, state="received")
    return list(rows.select_related("definition").order_by("key")) if codes else []


def _by_silence(codes: Iterable[str]) -> list[str]:
    """Of the codes of matters those of which a version lets silence accept."""
    rows = Definition.objects.filter(kind=KIND, code__in=list(codes))
    return sorted({row.code for row in rows if matter_of(row).deemed_acceptance})


def _deliver() -> int:
    numbers = list(Case.objects.filter(state="decided").values_list("number", flat=True))
    done = 0
    for number in numbers:
        try:
            decisions.deliver(number)
            done += 1
        except Exception:
            # One certificate that cannot be sealed must not hold up the others.
            logger.exception("certificate of %s could not be sealed", number)
    return done
