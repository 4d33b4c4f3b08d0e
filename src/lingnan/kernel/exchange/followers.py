"""Followers: who is told when what it has read changes, without the owner filing it again.

To follow is a use that goes on: it needs an agreement exactly as a reading does, and each
telling asks for one anew.
"""

from collections.abc import Sequence

from django.apps import apps
from django.utils import timezone

from lingnan.kernel.exchange import agreements, catalogue, consenting, elsewhere, pseudonyms
from lingnan.kernel.exchange.answers import FromRecords
from lingnan.kernel.exchange.following import asking
from lingnan.kernel.exchange.models import Agreement, Follower, FollowerEnd
from lingnan.kernel.exchange.use import Denied, Use
from lingnan.kernel.runtime.api import Title, legal_time

UNFOLLOWED, NO_AGREEMENT = "unfollowed", "agreement"
# What makes two followings the same one.
SAID = (
    "resource", "consumer", "subject", "purpose", "basis", "elements", "reference", "listener",
)  # fmt: skip


def followable(resource: str) -> bool:
    """Whether a resource of this node tells of its changes: one that answers from records."""
    try:
        found = catalogue.resource(resource)
    except catalogue.UnknownResource:
        return False
    return isinstance(found.answer, FromRecords) and found.sharing != "refused"


def follow(
    resource: str,
    consumer: str,
    subject: str,
    purpose: str,
    basis: str,
    elements: Sequence[str],
    reference: str,
    listener: str,
    aim: Title | None = None,
) -> Follower | None:
    """Have `listener` told of changes to these elements of a subject, until `unfollow`.

    `subject` is the consumer's own pseudonym; `listener` the label of a room or system that
    has a `told.py`; `aim` the purpose in words, for people at another node. May be called in the
    transaction of the act that it belongs to; the same following twice is one. What another node
    holds is asked for there afterwards: then there is no follower here (None). Raises Denied (no
    agreement, not its subject, a resource that does not tell), ValueError (no such listener).
    """
    if not any(config.label == listener for config in apps.get_app_configs()):
        raise ValueError(f"no room or system {listener}")
    home = elsewhere.of_system(resource.partition(".")[0])
    if home is not None:
        asking.want(
            home, resource, consumer, subject, purpose, basis, elements, reference, listener, aim
        )
        return None
    if not followable(resource):
        raise Denied(f"{resource} does not tell of its changes")
    follower = Follower(
        resource=resource,
        kind=catalogue.resource(resource).subject,
        subject=subject,
        consumer=consumer,
        purpose=purpose,
        basis=basis,
        elements=sorted(set(elements)),
        reference=reference,
        listener=listener,
        since=legal_time.now(),
    )
    covering(follower)
    try:
        follower.key = pseudonyms.resolve(follower.kind, consumer, [subject])[subject]
    except pseudonyms.UnknownSubject as unknown:
        raise Denied(f"{consumer} does not know {unknown}") from None
    for known in Follower.objects.filter(reference=reference, key=follower.key, end=None):
        if all(getattr(known, name) == getattr(follower, name) for name in SAID):
            return known
    follower.save()
    return follower


def unfollow(reference: str, listener: str = "") -> int:
    """Tell nothing more for a reference (of one listener, if given); returns how many ended."""
    found = Follower.objects.filter(reference=reference, node="", end=None)
    if listener:
        found = found.filter(listener=listener)
    ended = sum(end(follower, UNFOLLOWED) for follower in found)
    return ended + asking.unwant(reference, listener)


def end(follower: Follower, why: str) -> bool:
    """End a following, once."""
    values = {"at": timezone.now(), "why": why}
    return FollowerEnd.objects.get_or_create(follower=follower, defaults=values)[1]


def covering(follower: Follower) -> str:
    """The number of the agreement under which a follower may be told today. Raises Denied.

    What needs consent is read under it, each time; it is not told by itself.
    """
    agreement = agreed(follower)
    resource = catalogue.resources().get(follower.resource)
    if resource is not None and consenting.needed(resource, agreement):
        raise Denied("what needs consent is not told by itself")
    return str(agreement.number)


def agreed(follower: Follower) -> Agreement:
    """That agreement, with all that it limits. Raises Denied."""
    return agreements.covering(
        Use(
            resource=follower.resource,
            consumer=follower.consumer,
            purpose=follower.purpose,
            basis=follower.basis,
            case=follower.reference,
            actor=follower.listener,
            subjects=(follower.subject,),
            elements=tuple(follower.elements),
        )
    )
