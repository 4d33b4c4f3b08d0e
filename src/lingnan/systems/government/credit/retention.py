"""What is kept no more: its content goes out of view, the trace of it stays in the versions."""

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.credit.models import CreditEvent
from lingnan.systems.government.credit.rules.terms import is_kept

REMOVED = "保存期满，内容已移除"
BATCH = 500


def sweep() -> int:
    """End the events whose time has run out; right to repeat. Returns how many."""
    today, done = legal_time.today(), 0
    while True:
        rows = CreditEvent.objects.filter(ended=False, kept_until__lte=today).order_by("key")
        due = [row for row in rows[:BATCH] if not is_kept(row.facts, today)]
        for row in due:
            with action(by="retention", reason="kept until the day") as act:
                act.end(act.change(row, what=REMOVED))
        done += len(due)
        if len(due) < BATCH:
            return done
