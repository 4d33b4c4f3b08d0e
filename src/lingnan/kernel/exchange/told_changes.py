"""What a change of a record means to those who follow: which subject, which elements.

A change is spread once: from the outbox to one telling for each follower whom it concerns.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import transaction

from lingnan.kernel.exchange import catalogue, followers, passed
from lingnan.kernel.exchange.answers import FromRecords, plain
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.models import Follower, Pseudonym, Telling
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.registry.reading import PSEUDONYM
from lingnan.kernel.runtime import outbox
from lingnan.kernel.runtime.keys import shortened
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.runtime.outbox import Changed
from lingnan.kernel.runtime.temporal.models import Temporal

logger = logging.getLogger(__name__)

Differences = Mapping[str, tuple[Any, Any]]


@lru_cache(maxsize=1)
def by_topic() -> Mapping[str, tuple[Resource, ...]]:
    """The resources that can be followed, by the record type that they answer from."""
    found: dict[str, tuple[Resource, ...]] = {}
    for resource in catalogue.declared().values():
        if isinstance(resource.answer, FromRecords) and resource.sharing != "refused":
            topic = resource.answer.model._meta.label_lower
            found[topic] = (*found.get(topic, ()), resource)
    return found


def spread(at: datetime, limit: int) -> int:
    """Turn what waits in the outbox into tellings; returns how many were made.

    What one record says is taken in its order: after a failure the rest of it waits.
    """
    outbox.drop(_followed_by_nobody())
    made, held_up = 0, set[int]()
    for number, key in outbox.waiting(list(by_topic()), limit):
        if key in held_up:
            continue
        try:
            with transaction.atomic():
                row = outbox.locked(number)
                made += _spread_one(row, at) if row is not None else 0
        except Exception:
            held_up.add(key)
            logger.exception("change %s could not be spread", number)
    return made


def _followed_by_nobody() -> list[str]:
    """Record types of this node from which no resource answers. Those of a system that is not
    installed now wait until it is."""
    types = (m for m in apps.get_models() if issubclass(m, Temporal) and m.announces)
    return [m._meta.label_lower for m in types if m._meta.label_lower not in by_topic()]


def _spread_one(row: Outgoing, at: datetime) -> int:
    changed = Changed.of(row)
    tellings = [
        Telling(follower=follower, outgoing=row, key=row.key, next_at=at)
        for follower in _concerned(changed)
    ]
    outbox.taken(row, kept=bool(tellings))
    Telling.objects.bulk_create(tellings)
    return len(tellings)


def _concerned(changed: Changed) -> Iterator[Follower]:
    for resource in by_topic()[changed.topic]:
        for key in _subjects(resource, changed):
            followers = Follower.objects.filter(resource=resource.code, key=key, end=None)
            kinds = (resource.subject, PSEUDONYM)
            for follower in followers.filter(kind__in=kinds).order_by("id"):
                if differences(follower, changed):
                    yield follower


def _subjects(resource: Resource, changed: Changed) -> list[int]:
    """The subjects of a record before and after its change: one, unless it passed to another."""
    answer = _answering(resource)
    rows = [row for row in versions(changed, answer.model) if row is not None]
    return list(_keys(resource, [getattr(row, answer.subject) for row in rows]).values())


def _keys(resource: Resource, names: Sequence[Any]) -> Mapping[Any, int]:
    """Whom a record type's subject field names. Whom this node has no mapping of is known by the
    pseudonym alone, as evidence indexes it: so those follow who hold the mapping elsewhere."""
    if resource.keyed:
        return {name: name for name in names}
    known = Pseudonym.objects.filter(
        kind=resource.subject, member=resource.system, pseudonym__in=names
    )
    found = dict(known.values_list("pseudonym", "key"))
    return found | {name: shortened(name) for name in names if name and name not in found}


def _answering(resource: Resource) -> FromRecords:
    assert isinstance(resource.answer, FromRecords)
    return resource.answer


def versions(changed: Changed, model: type[Temporal]) -> tuple[Any, Any]:
    """What the record said before and says now; None where it was not, or holds no more."""
    numbers = [number for number in (changed.before, changed.after) if number is not None]
    rows: dict[int | None, Any] = {
        row.version: None if row.ended else row
        for row in model.Version.objects.filter(key=changed.key, version__in=numbers)
    }
    return rows.get(changed.before), rows.get(changed.after)


def differences(follower: Follower, changed: Changed) -> Differences:
    """What the change is to a follower: element → (before, after), of the elements that it
    follows and that differ. Of a record that was not its subject's the values are None."""
    resource = catalogue.resource(follower.resource)
    answer = _answering(resource)
    before, after = _own_versions(follower, changed)
    found = {}
    for code, name in answer.model.record.elements.items():
        if code in follower.elements and code in resource.elements:
            was, is_ = _value(before, name), _value(after, name)
            if was != is_:
                found[code] = (was, is_)
    return found


def gone(follower: Follower, changed: Changed) -> bool:
    """Whether a follower's subject had the record, and has it no more."""
    before, after = _own_versions(follower, changed)
    return before is not None and after is None


def _own_versions(follower: Follower, changed: Changed) -> tuple[Any, Any]:
    """`versions`, each only where the record was the subject's of the follower, and one that its
    agreement lets through: what it may not read it is not told either."""
    resource = catalogue.resource(follower.resource)
    answer = _answering(resource)
    rows = versions(changed, answer.model)
    names = [None if row is None else getattr(row, answer.subject) for row in rows]
    keys = _keys(resource, names)
    before, after = (
        row if name is not None and keys.get(name) == follower.key else None
        for row, name in zip(rows, names, strict=True)
    )
    try:
        agreement = followers.agreed(follower)
    except Denied:  # the following ends when it would be told
        return before, after
    judge = passed.Judge(agreement, follower.consumer, resource)
    if judge.limits:
        before, after = (_let_through(row, answer, judge) for row in (before, after))
    return before, after


def _let_through(row: Any, answer: FromRecords, judge: passed.Judge) -> Any:
    if row is None:
        return None
    elements = answer.model.record.elements
    said = {"values": {code: _value(row, name) for code, name in elements.items()}}
    return row if judge.asks([said]) and judge.row(said) else None


def _value(row: Any, name: str) -> Any:
    return None if row is None else plain(getattr(row, name))
