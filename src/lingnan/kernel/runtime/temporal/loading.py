"""Loading very many rows: in batches, each written whole or not at all, and gone on with.

A load has a name. Each of its batches is written in one transaction with the number of the
batch; a process killed meanwhile loses the batch under way, and the same load begun again leaves
out what is written. Indexes that enforce nothing are laid aside where a table was empty, and
made when all rows stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.models import Loading
from lingnan.kernel.runtime.temporal import columns as bulk
from lingnan.kernel.runtime.temporal import laidaside
from lingnan.kernel.runtime.temporal.beside import made_beside
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.runtime.temporal.models import Temporal
from lingnan.kernel.runtime.text import index as text

# Rows in one transaction: its log stays below a gigabyte.
AT_ONCE = 200_000
Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Batch:
    """Rows by columns for one or more tables, and what else is written with them.

    A batch that is left out since it is written already is still made: what a generator carries
    from one batch to the next stays right.
    """

    tables: Sequence[tuple[type[Temporal], Columns]]
    also: Callable[[], None] | None = None


@dataclass(frozen=True)
class Ready:
    """A batch as the driver takes it."""

    tables: list[bulk.Prepared]
    also: Callable[[], None] | None


def load(name: str, batches: Iterable[Batch], *, beside: bool = False) -> int:
    """Write the batches of a load that are not written yet; returns the rows it has in all.

    The batches have to come in the same order each time. A load that is finished is not made
    again. Raises what `load_columns` raises: the batches before stand.

    beside  make the batches in a process of their own (see `beside.made_beside`): for those that
            give each row its key and ask no database
    """
    state = Loading.objects.get_or_create(name=name)[0]
    if state.finished:
        return state.rows
    now = legal_time.now()
    ready = _ready(batches, state.done, {"valid_from": now.date(), "recorded_at": now})
    with laidaside.settled():
        waiting, seen = iter(made_beside(ready) if beside else ready), set[type[Temporal]]()
        while _write(state, waiting, now, seen):
            pass
        _finish(state)
        laidaside.look_over(name for model in seen for name in _tables(model))
    return state.rows


def _ready(batches: Iterable[Batch], done: int, stated: Mapping[str, Any]) -> Iterator[Ready]:
    """What is not written yet; the others are made and left out."""
    for place, batch in enumerate(batches):
        if place >= done:
            tables = [bulk.prepare(model, columns, stated) for model, columns in batch.tables]
            yield Ready(tables, batch.also)


def _write(
    state: Loading, batches: Iterator[Ready], now: datetime, loaded: set[type[Temporal]]
) -> bool:
    """Some batches and the number of the last of them, in one transaction; whether more may come.

    Each is written as soon as it is made, while the next is being made. Adds to `loaded`.
    """
    rows, seen = state.rows, set[type[Temporal]]()
    with marked(), laidaside.rows_unasked() as lay_aside:
        for batch in batches:
            for table in batch.tables:
                if table.model not in seen:
                    seen.add(table.model)
                    if not _has_rows(table.model):
                        state.indexes += laidaside.drop_indexes(_tables(table.model))
                    lay_aside(table.model)
                written = bulk.insert(table)
                bulk.mark(table.model, written, now)
                state.rows += written.rows
            if batch.also:
                batch.also()
            state.done += 1
            if state.rows - rows >= AT_ONCE:
                break
        state.save()
    loaded |= seen
    return state.rows - rows >= AT_ONCE


def _tables(model: type[Temporal]) -> list[str]:
    """What a load of a model writes: its rows, and the words that they are found by."""
    words = [] if model.text_index() is None else [text.table(model)]
    return [model._meta.db_table, *words]


def _has_rows(model: type[Temporal]) -> bool:
    return model._default_manager.exists()


def _finish(state: Loading) -> None:
    while state.indexes:
        with transaction.atomic():
            laidaside.make_index(state.indexes[0])
            state.indexes = state.indexes[1:]
            state.save()
    state.finished = True
    state.save()


def forget(prefix: str) -> None:
    """Forget the loads whose names begin so: made again, they would load again."""
    Loading.objects.filter(name__startswith=prefix).delete()
