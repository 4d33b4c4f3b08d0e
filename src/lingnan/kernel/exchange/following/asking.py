"""The consumer's node: what is to be followed elsewhere is asked for by the worker, until it is.

Written down with the act that it belongs to, so that nothing is forgotten; asked for again it is
the same following there.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward, pseudonyms, use_text
from lingnan.kernel.exchange.elsewhere import Elsewhere
from lingnan.kernel.exchange.following.models import Following
from lingnan.kernel.exchange.introducing import asking as introducing
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.exchange.purposes import purposes
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.runtime.api import Title
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
FOLLOW, UNFOLLOW, REPLAY = "follow", "unfollow", "replay"
PATIENCE, BATCH = 10.0, 100
LONGEST_WAIT = timedelta(minutes=30)
SAME = ("server", "resource", "consumer", "subject", "purpose", "basis", "reference", "listener")


def want(
    home: Elsewhere, resource: str, consumer: str, subject: str, purpose: str, basis: str,
    elements: Sequence[str], reference: str, listener: str, aim: Title | None = None,
) -> Following:  # fmt: skip
    """Have `listener` told of changes that another node holds. Raises Denied: not its subject."""
    held = pseudonyms.held_here(consumer, [subject])
    known_as = ""
    if held is not None:
        kind, keys = held
        key = keys[subject]
        known_as = introducing.known_as(home, kind, key)
    values: dict[str, Any] = {
        "server": home.server, "resource": resource, "consumer": consumer, "subject": subject,
        "purpose": purpose, "basis": basis, "reference": reference, "listener": listener,
    }  # fmt: skip
    wanted = sorted(set(elements))
    for known in Following.objects.filter(**values, state__in=("wanted", "following")):
        if known.elements == wanted:
            return known
    return Following.objects.create(
        **values,
        known_as=known_as,
        elements=wanted,
        next_at=timezone.now(),
        aim=use_text.plain(aim or purposes().get(purpose)),
    )


def unwant(reference: str, listener: str = "") -> int:
    """Be told nothing more for a reference; returns how many followings end."""
    found = Following.objects.filter(reference=reference)
    if listener:
        found = found.filter(listener=listener)
    never_asked = found.filter(state="wanted", attempts=0).update(state="ended")
    now = timezone.now()
    asked = found.filter(state__in=("wanted", "following"))
    return never_asked + asked.update(state="ending", next_at=now, attempts=0)


def ask_due(at: datetime | None = None) -> int:
    """The worker's round: what is wanted is asked for, what ends is ended. Returns how many."""
    moment, done = at or timezone.now(), 0
    silent: set[str] = set()
    due = Following.objects.filter(state__in=("wanted", "ending"), next_at__lte=moment)
    for one in due.order_by("next_at")[:BATCH]:
        try:
            if one.server in silent:
                raise Unavailable("it did not answer a moment ago")
            done += _asked(one)
        except Unavailable as down:
            silent.add(one.server)
            wait = outward.next_wait(one.attempts, LONGEST_WAIT)
            Following.objects.filter(pk=one.pk).update(
                attempts=one.attempts + 1, next_at=moment + wait, problem=str(down)[:200]
            )
    return done


def replay(one: Following, since: int) -> int:
    """Have that node tell again all that it told from a telling on; what was acted on here changes
    nothing. Returns how many it will tell. Raises Unavailable, Denied."""
    said = _sent(one, REPLAY, {"follower": one.number, "since": since})
    _demand(said)
    return int(said.body.get("again", 0))


def _asked(one: Following) -> int:
    """Raises Unavailable where nothing was answered."""
    if one.state == "ending":
        if one.number is not None:
            _demand(_sent(one, UNFOLLOW, {"follower": one.number}))
        return Following.objects.filter(pk=one.pk, state="ending").update(state="ended")
    question = {
        "resource": one.resource, "consumer": one.consumer, "subject": one.subject,
        "known_as": one.known_as, "purpose": one.purpose, "basis": one.basis,
        "elements": one.elements, "reference": one.reference, "listener": one.listener,
    } | use_text.beside(use_text.aim(one.aim))  # fmt: skip
    wanted = Following.objects.filter(pk=one.pk, state="wanted")
    try:
        said = _sent(one, FOLLOW, question)
        _demand(said)
    except Denied as denied:
        logger.info("%s is not followed for %s: %s", one.resource, one.reference, denied.detail)
        return wanted.update(state="refused", problem=denied.detail[:200])
    number = int(said.body["follower"])
    # Given up here in between: it is ended there as soon as it is known by its number.
    Following.objects.filter(pk=one.pk).update(number=number, problem="", attempts=0)
    return wanted.update(state="following")


def _sent(one: Following, service: str, question: Mapping[str, Any]) -> Said:
    there = elsewhere.node(one.server)
    own = elsewhere.own_services()
    if there is None or own is None:
        raise Unavailable(f"the directory does not name {one.server}")
    asked = Question(own, Service(there.services, service), question, one.reference, one.listener)
    return outward.ask(asked, PATIENCE)


def _demand(said: Said) -> None:
    """Raises Denied, Unavailable."""
    if said.status == 200 and not said.refused:
        return
    detail = str(said.body.get("message", said.refused or said.status))
    if said.refused.endswith((".AccessDenied", ".BadRequest")):
        raise Denied(detail)
    raise Unavailable(detail)
