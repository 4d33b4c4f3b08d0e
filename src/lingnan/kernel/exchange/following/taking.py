"""The holder's node: followers of other nodes are entered, ended, and told again."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.exchange import catalogue, elsewhere, followers, pseudonyms, use_text
from lingnan.kernel.exchange.introducing.telling import known_to
from lingnan.kernel.exchange.models import Follower, Telling
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.registry.reading import PSEUDONYM
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.keys import shortened
from lingnan.standards.xroad import Identifier

TEXTS = {"resource": 80, "consumer": 40, "subject": 32, "purpose": 80, "basis": 200,
         "reference": 80, "listener": 40}  # fmt: skip


def follow(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """Enter a follower of another node. Raises PermissionError, ValueError."""
    node = _node(asks)
    said = {name: _text(question, name, most) for name, most in TEXTS.items()}
    if not elsewhere.speaks_for(node, said["consumer"]):
        raise PermissionError(f"{node} does not speak for {said['consumer']}")
    if not followers.followable(said["resource"]):
        raise PermissionError(f"{said['resource']} does not tell of its changes")
    elements = sorted({str(one)[:80] for one in list(question["elements"])[:100]})
    known_as = str(question.get("known_as", ""))[:32]
    aim = use_text.plain(use_text.aim(question.get("aim")))
    made = Follower(
        **said, elements=elements, node=node, aim=aim, since=legal_time.now(), kind="", key=0
    )
    try:
        followers.covering(made)
        made.kind, made.key = _subject(made, known_as, node)
    except (Denied, pseudonyms.UnknownSubject) as refused:
        raise PermissionError(str(refused)) from refused
    with transaction.atomic():
        same = Follower.objects.filter(**said, node=node, kind=made.kind, key=made.key, end=None)
        for one in same:
            if one.elements == elements:
                return {"follower": one.pk}
        made.save()
    return {"follower": made.pk}


def unfollow(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """End one; ended twice, it stays ended. Raises PermissionError."""
    followers.end(_own(question, asks), followers.UNFOLLOWED)
    return {}


def replay(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """Tell again what was told from a telling on, in its order. Raises PermissionError."""
    follower, since = _own(question, asks), int(question["since"])
    told = Telling.objects.filter(follower=follower, id__gte=since, state__in=("done", "dead"))
    again = told.update(
        state="waiting", attempts=0, next_at=timezone.now(), finished_at=None, problem=""
    )
    return {"again": again}


def _subject(follower: Follower, known_as: str, node: str) -> tuple[str, int]:
    """Whom it follows: by the name under which this node introduced them to the asking one, by the
    consumer's name where this node gave it, else as the asking node says that the holder's records
    name the subject. Raises UnknownSubject."""
    resource = catalogue.resource(follower.resource)
    introduced = known_to(node, resource.subject, [known_as]) if known_as else None
    if introduced is not None:
        return resource.subject, introduced[known_as]
    if known_as and not resource.keyed:
        return PSEUDONYM, shortened(known_as)
    keys = pseudonyms.resolve(resource.subject, follower.consumer, [follower.subject])
    return resource.subject, keys[follower.subject]


def _own(question: dict[str, Any], asks: Identifier) -> Follower:
    found = Follower.objects.filter(pk=int(question["follower"]), node=_node(asks)).first()
    if found is None:
        raise PermissionError("no such follower of yours")
    return found


def _node(asks: Identifier) -> str:
    found = elsewhere.server_of(asks)
    if found is None:
        raise PermissionError(f"{asks} is no node")
    return found


def _text(question: dict[str, Any], name: str, most: int) -> str:
    found = question.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= most or not found.isprintable():
        raise ValueError(f"{name} is no text of 1 to {most} characters")
    return found
