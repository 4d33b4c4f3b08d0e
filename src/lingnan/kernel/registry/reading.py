"""Reading records as the holder's own official: every opening and hit is evidence first.

What is read holds today, or held at a moment of the past as it was known at an instant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from lingnan.kernel.registry import wording
from lingnan.kernel.registry.choosing import (
    Choosing,
    beginning,
    begun_by,
    beyond,
    filtered,
    ordering,
)
from lingnan.kernel.registry.records import Record, in_sight, visible_to
from lingnan.kernel.registry.rights import seen_elements, withheld
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Moment, legal_time
from lingnan.kernel.runtime.temporal.history import held_rows
from lingnan.kernel.trust.api import Actor, node_evidence

PAGE, BATCH = 25, 500
PSEUDONYM = "pseudonym"
NOTHING = Choosing()


def context_of(model: type[Record]) -> str:
    return f"{model._meta.app_label}.{model._meta.model_name}"


def reference(record: Record) -> str:
    """What addresses and the API call a record: never its key."""
    return reference_of(type(record), record.key)


def reference_of(model: type[Record], key: int) -> str:
    return keys.veil(key, context_of(model))


@dataclass(frozen=True)
class Reading:
    """How a register is read: what is searched for and chosen, and the moment (None: today).

    `exact` are clean values by field that a record of today has.
    """

    search: str = ""
    moment: Moment | None = None
    choosing: Choosing = NOTHING
    exact: Mapping[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        """What the evidence says of it."""
        said: dict[str, Any] = {"search": self.search} if self.search else {}
        if self.choosing.told:
            said["filters"] = dict(self.choosing.told)
        if self.exact:
            said["by"] = sorted(self.exact)
        if self.moment is not None:
            known = self.moment.known
            said["valid"] = self.moment.valid.isoformat()
            said["known"] = known.isoformat() if known else ""
        return said


def page(
    model: type[Record], actor: Actor, reading: Reading, after: str = ""
) -> tuple[list[Any], str]:
    """Up to 25 rows after a reference, and the reference to go on from ("" at the end).

    A row of the past is a version: it has the record's fields and its key. The past is read in
    the order of entry. Raises BadChoice.
    """
    start = keys.unveil(after, context_of(model)) if after else None
    found, last = _fetched(model, actor, reading, start, PAGE + 1)
    shown = found[:PAGE]
    if len(found) > PAGE:
        last = shown[-1].key
    _witness("record.listed", model, actor, shown, {"search": ""} | reading.told)
    return shown, "" if last is None else reference_of(model, last)


def numbered(
    model: type[Record], actor: Actor, reading: Reading, first: int, size: int, most: int
) -> tuple[list[Any], int]:
    """The rows from number `first` (0 is the first) on, and how many there are, up to `most` + 1.

    For callers that page by numbers: only the first `most` rows of a list can be reached so.
    """
    found, _last = _fetched(model, actor, reading, None, most + 1)
    shown = found[first : first + size]
    _witness("record.listed", model, actor, shown, {"search": ""} | reading.told)
    return shown, len(found)


def having(
    model: type[Record], actor: Actor, exact: Mapping[str, Any], most: int, kind: str
) -> list[Any]:
    """Up to `most` records in sight that have these clean values, as evidence of a kind first."""
    found = list(visible_to(model, actor).filter(**exact).order_by("key")[:most])
    _witness(kind, model, actor, found, {"search": ""} if kind == "record.listed" else {})
    return found


def exported(
    model: type[Record], actor: Actor, reading: Reading, purpose: str, most: int
) -> Iterator[Any]:
    """Rows in the reading's order, up to `most`; each batch is evidence before its first row."""
    start: int | None = None
    told = {"search": "", "purpose": purpose} | reading.told
    while most > 0:
        batch, start = _fetched(model, actor, reading, start, min(BATCH, most))
        _witness("record.exported", model, actor, batch, told)
        yield from batch
        most -= len(batch)
        if start is None:
            return


def _fetched(
    model: type[Record], actor: Actor, reading: Reading, start: int | None, size: int
) -> tuple[list[Any], int | None]:
    """Up to `size` rows after the record `start` (None: from the first), in the reading's order.

    Beside them the key to go on from; None where nothing more can come.
    """
    reading = replace(reading, choosing=reading.choosing.without(withheld(model, actor)))
    if wording.is_worded(model, reading.search):
        return _worded(model, actor, reading, start, size)
    read = _of_today if reading.moment is None else _of_the_past
    found = read(model, actor, reading, start, size)
    return found, found[-1].key if len(found) == size else None


def _of_today(
    model: type[Record], actor: Actor, reading: Reading, start: int | None, size: int
) -> list[Any]:
    choosing = reading.choosing
    rows = filtered(model, visible_to(model, actor).filter(**reading.exact), choosing)
    if reading.search:
        begun = beginning(model, rows, reading.search, withheld(model, actor))
        if begun is None:
            return []
        rows, choosing = begun
    if start is not None:
        rows = beyond(model, rows, choosing, start)
    return list(rows.order_by(*ordering(choosing))[:size])


def _of_the_past(
    model: type[Record], actor: Actor, reading: Reading, start: int | None, size: int
) -> list[Any]:
    """By the order of entry, whatever was chosen."""
    found: list[Any] = []
    for rows in _sources(model, actor, reading.moment):
        rows = filtered(model, rows, reading.choosing)
        if reading.search:
            rows = rows.filter(begun_by(model, reading.search, withheld(model, actor)))
        if start is not None:
            rows = rows.filter(key__gt=start)
        found += rows.order_by("key")[:size]
    return sorted(found, key=lambda row: row.key)[:size]


def _worded(
    model: type[Record], actor: Actor, reading: Reading, start: int | None, size: int
) -> tuple[list[Any], int | None]:
    """`_fetched` for words, in the order of entry. It may end early, to be gone on with."""
    found: list[Any] = []
    told, looked, hidden = reading.choosing.told, 0, withheld(model, actor)
    for batch in wording.candidates(model, actor, reading.search, told, start):
        rows = [
            row
            for source in _sources(model, actor, reading.moment)
            for row in filtered(model, source.filter(**reading.exact), reading.choosing).filter(
                key__in=batch.keys
            )
            if wording.fits(model, row, reading.search, hidden)
        ]
        found += sorted(rows, key=lambda row: row.key)
        if len(found) >= size:
            return found[:size], found[size - 1].key
        start = batch.last
        if len(batch.keys) < wording.AT_ONCE:
            return found, None
        looked += len(batch.keys)
    return found, start if looked >= wording.MOST else None


def _sources(model: type[Record], actor: Actor, moment: Moment | None) -> tuple[QuerySet[Any], ...]:
    """Where the rows of a reading stand: together each key once."""
    if moment is None:
        return (visible_to(model, actor),)
    return tuple(in_sight(model, actor, rows) for rows in held_rows(model, moment))


def opened(model: type[Record], actor: Actor, ref: str, moment: Moment | None = None) -> Any | None:
    """One record, its opening written down before it is shown; None when not to be seen.

    Of a moment: who had the record in sight then, or has it today.
    """
    key = keys.unveil(ref, context_of(model))
    if key is None:
        return None
    found = _found(model, actor, key, moment)
    if found is not None:
        _witness("record.opened", model, actor, [found], Reading(moment=moment).told)
    return found


def _found(model: type[Record], actor: Actor, key: int, moment: Moment | None) -> Any | None:
    if moment is None:
        return visible_to(model, actor).filter(key=key).first()
    has_today = visible_to(model, actor).filter(key=key).exists()
    for held in held_rows(model, moment):
        rows = held.filter(key=key)
        row = (rows if has_today else in_sight(model, actor, rows)).first()
        if row is not None:
            return row
    return None


def with_past(model: type[Record], actor: Actor, ref: str) -> Any | None:
    """A record whose whole history is opened, ended ones too: evidence first."""
    key = keys.unveil(ref, context_of(model))
    rows = in_sight(model, actor, model.objects.all())
    record = rows.filter(key=key).first() if key is not None else None
    if record is not None:
        _witness("record.opened", model, actor, [record], {"history": True})
    return record


def _witness(
    kind: str, model: type[Record], actor: Actor, records: list[Any], more: dict[str, Any]
) -> None:
    concerned = model.record.concerns
    known = [getattr(row, concerned) for row in records] if concerned else []
    witness_many(kind, model, actor, [record.key for record in records], known, more)


def witness(
    kind: str, model: type[Record], actor: Actor, record: Any | None, more: dict[str, Any]
) -> None:
    """Write down what is done with one record, or with one that is not there yet (None)."""
    if record is not None:
        _witness(kind, model, actor, [record], more)
        return
    payload = {
        "record_type": context_of(model),
        "body": actor.body,
        "role": actor.role,
        "actor": actor.signature,
        "legal_time": legal_time.now().isoformat(),
    }
    node_evidence.write([node_evidence.entry(kind, payload | more, [])])


def witness_many(
    kind: str,
    model: type[Record],
    actor: Actor,
    found: Sequence[int],
    concerned: Sequence[str],
    more: dict[str, Any],
) -> None:
    """Write down what is done with records, by their keys: an entry for each 500.

    `concerned` are the pseudonyms of whom the records are about, in the order of the keys, or
    none where the record type has no such field. Durable before it returns.
    """
    subject = model.record.subject or context_of(model)
    payload = {
        "record_type": context_of(model),
        "body": actor.body,
        "role": actor.role,
        "actor": actor.signature,
        "elements": seen_elements(model, actor),
        "legal_time": legal_time.now().isoformat(),
    }
    entries = []
    for start in range(0, len(found), BATCH):
        subjects = [(subject, key) for key in found[start : start + BATCH]]
        about = concerned[start : start + BATCH]
        subjects += [(PSEUDONYM, keys.shortened(one)) for one in about if one]
        entries.append(node_evidence.entry(kind, payload | more, subjects))
    if entries:
        node_evidence.write(entries)
