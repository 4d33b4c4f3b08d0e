"""Many open cases at once, with clocks in every colour: to look at lists as they are in life.

For tests and for looking, never on a path of production. On a running demonstration:

    LINGNAN_DATA=folder python -m tests.volume 440103 2000
"""

import sys
from datetime import timedelta
from typing import Any

BATCH = 500
# Days since the start: most are fresh, some late. Of a limit of 20 working days, promised in 10.
AGES = (0, 1, 2, 3, 4, 6, 8, 10, 12, 13, 14, 15, 20, 36)
LIMITS = {
    "individual_business": ("market", 3, 1),
    "fire_safety_permit": ("fire", 10, 6),
    "food_licence": ("market", 20, 10),
    "shop_sign": ("urban", 20, 10),
}


def fill(county: str, number: int, decided: int = 0) -> int:
    """Make so many cases in review in a county, and some decided; returns how many were made."""
    from lingnan.kernel.runtime.api import legal_time

    made = 0
    with legal_time.hold():
        while made < number + decided:
            size = min(BATCH, number + decided - made)
            _batch(county, range(made, made + size), number)
            made += size
    return made


def _batch(county: str, places: range, open_up_to: int) -> None:
    from django.db import transaction

    from lingnan.kernel.duty.api import Clock, Standing, Task, standings
    from lingnan.kernel.duty.models import ClockEvent
    from lingnan.kernel.matters.models import Application, Case, CaseEvent

    rows = [_one(county, place, place < open_up_to) for place in places]
    with transaction.atomic():
        Application.objects.bulk_create([row["application"] for row in rows])
        Case.objects.bulk_create([row["case"] for row in rows])
        CaseEvent.objects.bulk_create([event for row in rows for event in row["events"]])
        Clock.objects.bulk_create([row["clock"] for row in rows])
        Standing.objects.bulk_create([row["standing"] for row in rows])
        Task.objects.bulk_create([row["task"] for row in rows if row["open"]])
        ended = [_end(row) for row in rows if not row["open"]]
        ClockEvent.objects.bulk_create(ended)
        standings.update([row["clock"] for row in rows])


def _end(row: dict[str, Any]) -> Any:
    from lingnan.kernel.duty.models import ClockEvent
    from lingnan.kernel.runtime.api import legal_time

    return ClockEvent(clock=row["clock"], kind="stop", on=legal_time.today(), by="volume")


def _one(county: str, place: int, is_open: bool) -> dict[str, Any]:
    from lingnan.kernel.duty.api import Clock, Standing, Task
    from lingnan.kernel.matters.api import find
    from lingnan.kernel.matters.models import Application, Case, CaseEvent
    from lingnan.kernel.runtime import keys
    from lingnan.kernel.runtime.api import legal_time

    code, (function, statutory, promised) = list(LIMITS.items())[place % len(LIMITS)]
    found = find(code)
    assert found is not None, code
    key, body = keys.new_key(), f"gd-{county}-{function}"
    number = f"{county}-V{key % 10**13:013d}"
    started = legal_time.today() - timedelta(days=AGES[place % len(AGES)])
    moment = legal_time.now()
    application = Application(
        reference=f"v{key:x}", account=0, definition=found[0], body=body, subject=f"{key:032x}",
        started_at=moment, case_number=number,
    )  # fmt: skip
    about = f"批量演示店铺{place:05d}号 · 演示路{place % 300 + 1}号"
    declared = {
        "business_name": {"value": about, "source": "typed"},
        "operator_name": {"value": "演示", "source": "record"},
    }
    case = Case(
        key=key, number=number, definition=found[0], matter=code, body=body,
        applicant=f"{key:032x}", account=0, application=application, about=about,
        declared=declared, events_count=2,
        state="in_review" if is_open else "delivered", rated=not is_open,
        finished_on=None if is_open else legal_time.today(), received_on=started,
    )  # fmt: skip
    clock = Clock(
        key=keys.new_key(), reference=number, code="decision", unit="working_day",
        statutory=statutory, promised=promised, basis="volume", started_on=started,
    )  # fmt: skip
    return {
        "open": is_open,
        "application": application,
        "case": case,
        "clock": clock,
        "events": [
            CaseEvent(case=case, number=n, kind=kind, at=moment, by="resident 00000000",
                      by_name="", evidence=0)
            for n, kind in ((1, "received"), (2, "accepted"))
        ],
        "standing": Standing(
            clock=clock, reference=number, code="decision", body=body, about=code, state="running",
            started_on=started, statutory=statutory, promised=promised,
        ),
        "task": Task(
            key=keys.new_key(), reference=number, code="review", title_zh="审查", title_en="Review",
            about=about, body=body, role="reviewer", opened_at=moment,
        ),
    }  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    print(fill(sys.argv[1], int(sys.argv[2])))  # noqa: T201
