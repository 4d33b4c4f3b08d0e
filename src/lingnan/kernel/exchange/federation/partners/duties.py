"""Whose turn it is with an arrangement: a task of the data authority, until it has been taken."""

from lingnan.kernel.duty.api import Task, tasks
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.partners.models import Arrangement
from lingnan.kernel.runtime.api import Title, legal_time

CODE = "arrangement"
TURNS = {
    "draft": ("head", Title("签署合作安排", "Sign an arrangement")),
    "received": (
        "data_officer",
        Title("审阅对方的合作安排", "Review an arrangement"),
    ),
    "reviewed": ("head", Title("签署对方的合作安排", "Accept an arrangement")),
}


def link(one: Arrangement) -> str:
    return f"/desk/cooperation/arrangements/{one.number}/"


def turn(one: Arrangement, by: str) -> None:
    """Close what was somebody's turn before, and open what is now; call it in the act's
    transaction."""
    Task.objects.filter(reference=one.number, code=CODE, done_at=None).update(
        done_at=legal_time.now(), done_by=by[:200], outcome=one.state
    )
    if one.state in TURNS:
        role, title = TURNS[one.state]
        reference = one.number
        tasks.open_task(reference, CODE, title, one.number, own.authority(), role, link(one))
