"""What happens by itself as legal time goes on: deemed acceptance, delivery, dated facts."""

from django.apps import apps

from lingnan.kernel.duty.api import clocks
from lingnan.kernel.matters import cases, decisions
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.models import Case
from lingnan.kernel.runtime.temporal.action import bring_into_force
from lingnan.kernel.runtime.temporal.models import Temporal


def sweep() -> dict[str, int]:
    """One round. Every step may be repeated; returns how many of each were done."""
    return {
        "deemed_accepted": _deem(),
        "delivered": _deliver(),
        "in_force": sum(
            bring_into_force(model) for model in apps.get_models() if issubclass(model, Temporal)
        ),
    }


def _deem() -> int:
    """行政许可法 (2019) Art. 32(4): no notice in time means accepted from the day of receipt."""
    done = 0
    waiting = Case.objects.filter(state="received").select_related("definition")
    for case in waiting.iterator():
        if not matter_of(case.definition).deemed_acceptance:
            continue
        readings = clocks.of_references([case.number]).get(case.number, {})
        open_checks = [r for r in readings.values() if r.code.startswith("formal_check")]
        if any(r.state == "running" and r.used > r.statutory for r in open_checks):
            done += cases.deem_accepted(case.number) is not None
    return done


def _deliver() -> int:
    numbers = list(Case.objects.filter(state="decided").values_list("number", flat=True))
    for number in numbers:
        decisions.deliver(number)
    return len(numbers)
