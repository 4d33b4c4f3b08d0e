"""Runs that find duplicates, block by block: each is kept with its pairs, so a run goes on."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from threading import Event
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from lingnan.kernel.registry.linkage import scoring
from lingnan.kernel.registry.linkage.alone import alone
from lingnan.kernel.registry.linkage.declaration import Linkage
from lingnan.kernel.registry.linkage.models import LinkageRun, Pair
from lingnan.kernel.registry.linkage.scoring import Scored
from lingnan.kernel.registry.projection import engine
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record, record_type
from lingnan.kernel.runtime.api import legal_time

logger = logging.getLogger(__name__)
CHUNK, AT_ONCE = 20_000, 500
# As often as a comparison (`comparing.jobs`): what breaks off at one block three times in a row
# would keep all that wait behind it from their turn.
ATTEMPTS = 3


class NotDeclared(LookupError):
    """The record type does not say how its duplicates are found."""


def linkage_of(model: type[Record]) -> Linkage:
    if model.record.linkage is None:
        raise NotDeclared(context_of(model))
    return model.record.linkage


def begin(model: type[Record], by: str) -> LinkageRun:
    """Ask the worker for a run; the one that waits or runs already, if there is one."""
    name = context_of(model)
    going = LinkageRun.objects.filter(record_type=name, state="waiting").first()
    return going or LinkageRun.objects.create(
        record_type=name, blocks=len(linkage_of(model).blocks), asked_by=by, at=legal_time.now()
    )


def run_waiting(stopping: Event | None = None) -> int:
    """Do the runs that wait and that no other worker is at; returns how many were worked at."""
    waiting = LinkageRun.objects.filter(state="waiting").order_by("id")
    count = 0
    for number, name in list(waiting.values_list("pk", "record_type")):
        with alone(name) as free:
            # Asked anew: another worker may have ended it before the lock was ours.
            run = waiting.filter(pk=number).first() if free else None
            if run is not None:
                _work_at(run, stopping or Event())
                count += 1
    return count


def _work_at(run: LinkageRun, stopping: Event) -> None:
    if run.begun >= ATTEMPTS:
        logger.error("linkage run %s broke off %s times and is given up", run.pk, run.begun)
        LinkageRun.objects.filter(pk=run.pk).update(state="failed")
        return
    run.begun += 1
    # Before the work: who is killed in it counts nothing afterwards.
    LinkageRun.objects.filter(pk=run.pk).update(begun=run.begun)
    try:
        advance(run, stopping)
    except OperationalError:
        raise  # the next round tries again
    except Exception:
        logger.exception("linkage run %s failed", run.pk)
        LinkageRun.objects.filter(pk=run.pk).update(state="failed")


def advance(run: LinkageRun, stopping: Event) -> None:
    """Go on with a run after the last block that is kept."""
    model = record_type(*run.record_type.split("."))
    linkage = linkage_of(model)
    with engine.connect() as duck:
        _take_in(duck, model, linkage)
        for number in range(run.done, run.blocks):
            if stopping.is_set():
                LinkageRun.objects.filter(pk=run.pk).update(begun=0)
                return
            found = scoring.score(duck, linkage, [linkage.blocks[number]])
            with transaction.atomic():
                run.pairs += keep(model, found)
                run.done, run.begun = number + 1, 0
                run.state = "done" if run.done == run.blocks else "waiting"
                run.save()


def _take_in(duck: Any, model: type[Record], linkage: Linkage) -> None:
    """The compared fields as texts, read by their keys, a chunk at a time."""
    fields = [one.field for one in linkage.compared]
    make_raw(duck, fields)
    for rows in chunks(model.objects.filter(ended=False), fields):
        pour(duck, fields, rows)
    scoring.prepare(duck, linkage, "raw")
    duck.execute("DROP TABLE raw")


def make_raw(duck: Any, fields: Sequence[str]) -> None:
    """The table `raw`, empty: `id` and the fields as texts."""
    columns = ", ".join(f"{engine.named(name)} VARCHAR" for name in fields)
    duck.execute(f"CREATE OR REPLACE TABLE raw (id BIGINT, {columns})")


def pour(duck: Any, fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows of a number and the fields' values into the table `raw`."""
    import pyarrow

    texts: dict[str, Any] = {"id": pyarrow.array([row[0] for row in rows], pyarrow.int64())}
    for place, name in enumerate(fields, 1):
        said = [None if row[place] is None else str(row[place]) for row in rows]
        texts[name] = pyarrow.array(said, pyarrow.string())
    duck.register("chunk", pyarrow.table(texts))
    duck.execute("INSERT INTO raw SELECT * FROM chunk")
    duck.unregister("chunk")


def chunks(records: QuerySet[Any], fields: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The key and the fields of records, by their keys, 20,000 at a time."""
    after = -1
    while True:
        rows = records.filter(key__gt=after).order_by("key")
        chunk = list(rows.values_list("key", *fields)[:CHUNK])
        if not chunk:
            return
        yield chunk
        after = chunk[-1][0]


def keep(model: type[Record], found: Iterable[Scored]) -> int:
    """Put pairs into the queue; returns how many are new or to be asked again."""
    count, batch = 0, []
    for one in found:
        batch.append(one)
        if len(batch) == AT_ONCE:
            count += _kept(model, batch)
            batch = []
    return count + (_kept(model, batch) if batch else 0)


def _kept(model: type[Record], batch: list[Scored]) -> int:
    name, now = context_of(model), legal_time.now()
    said = {(min(s.left, s.right), max(s.left, s.right)): s for s in batch}
    keys = {key for pair in said for key in pair}
    rows = {row.key: row for row in model.objects.filter(key__in=keys, ended=False)}
    known = {
        (p.left, p.right): p
        for p in Pair.objects.filter(record_type=name, left__in=[left for left, _right in said])
    }
    count = 0
    for (left, right), scored in said.items():
        if left not in rows or right not in rows:
            continue
        facts = digest(rows[left], rows[right])
        had = known.get((left, right))
        if had is not None and had.facts == facts:
            continue
        values = {
            "weight": scored.weight, "levels": dict(scored.levels), "facts": facts,
            "state": "open", "at": now,
        }  # fmt: skip
        Pair.objects.update_or_create(record_type=name, left=left, right=right, defaults=values)
        count += 1
    return count


def digest(left: Any, right: Any) -> str:
    """Of what was compared: while it stays, what an official decided stays."""
    fields = [one.field for one in linkage_of(type(left)).compared]
    said = [[str(getattr(row, name)) for name in fields] for row in (left, right)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
