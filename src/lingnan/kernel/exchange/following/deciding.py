"""What an operator sees of followings at other nodes, and decides about them."""

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.exchange.following import asking
from lingnan.kernel.exchange.following.models import Following
from lingnan.kernel.trust.api import Actor, node_evidence

UNDECIDED = ("wanted", "ending", "refused")


class NotOpen(Exception):
    """It is not in a state in which this can be done, or not any more."""


def undecided(most: int) -> list[Following]:
    """Those that were not taken at the first asking, or were refused; the newest first."""
    rows = Following.objects.filter(state__in=UNDECIDED).exclude(state="wanted", attempts=0)
    return list(rows.exclude(state="ending", attempts=0).order_by("-id")[:most])


def one(number: int) -> Following | None:
    return Following.objects.filter(pk=number).first()


def again(number: int, actor: Actor) -> None:
    """Ask at once, also where it was refused. Raises NotOpen, EvidenceUnavailable."""
    with transaction.atomic():
        found = _locked(number, UNDECIDED)
        _witness("operating.followed_again", found, actor, "")
        found.state = "wanted" if found.state == "refused" else found.state
        found.attempts, found.next_at = 0, timezone.now()
        found.save(update_fields=["state", "attempts", "next_at"])


def give_up(number: int, actor: Actor, reason: str) -> None:
    """Follow it no more; where that node has it, it is ended there too. Raises NotOpen, ValueError,
    EvidenceUnavailable."""
    if not reason.strip():
        raise ValueError("a following is given up for a reason")
    with transaction.atomic():
        found = _locked(number, (*UNDECIDED, "following"))
        _witness("operating.following_given_up", found, actor, reason.strip())
        asked = found.number is not None and found.state != "ending"
        found.state = "ending" if asked else "ended"
        found.problem, found.next_at, found.attempts = reason.strip()[:200], timezone.now(), 0
        found.save(update_fields=["state", "problem", "next_at", "attempts"])


def replay(number: int, actor: Actor, since: int) -> int:
    """Have its holder tell again from a telling on; what was acted on changes nothing. Returns how
    many. Raises NotOpen, Unavailable, Denied, EvidenceUnavailable."""
    found = Following.objects.filter(pk=number, state="following").first()
    if found is None:
        raise NotOpen
    _witness("operating.following_replayed", found, actor, f"from {since}")
    return asking.replay(found, since)


def _locked(number: int, states: tuple[str, ...]) -> Following:
    rows = Following.objects.select_for_update().filter(pk=number, state__in=states)
    found = rows.first()
    if found is None:
        raise NotOpen
    return found


def _witness(kind: str, one: Following, actor: Actor, reason: str) -> None:
    payload = {
        "following": one.pk, "node": one.server, "resource": one.resource,
        "consumer": one.consumer, "body": actor.body, "role": actor.role,
        "actor": actor.signature, "problem": one.problem, "reason": reason,
    }  # fmt: skip
    node_evidence.write([node_evidence.entry(kind, payload, reference=one.reference)])
