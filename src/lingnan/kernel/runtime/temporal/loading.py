"""Loading very many rows: in batches, each written whole or not at all, and gone on with.

A load has a name. Each of its batches is written in one transaction with the number of the
batch; a process killed meanwhile loses the batch under way, and the same load begun again leaves
out what is written. Indexes that enforce nothing are laid aside where a table was empty, and
made when all rows stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.models import Loading
from lingnan.kernel.runtime.temporal import columns as bulk
from lingnan.kernel.runtime.temporal import laidaside
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.runtime.temporal.models import Temporal

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

    @property
    def rows(self) -> int:
        return sum(len(next(iter(columns.values()), ())) for _model, columns in self.tables)


def load(name: str, batches: Iterable[Batch]) -> int:
    """Write the batches of a load that are not written yet; returns the rows it has in all.

    The batches have to come in the same order each time. A load that is finished is not made
    again. Raises what `load_columns` raises: the batches before stand.
    """
    state = Loading.objects.get_or_create(name=name)[0]
    if state.finished:
        return state.rows
    with laidaside.settled():
        waiting: list[Batch] = []
        skip, rows = state.done, 0
        for batch in batches:
            if skip:
                skip -= 1
                continue
            waiting.append(batch)
            rows += batch.rows
            if rows >= AT_ONCE:
                _write(state, waiting)
                waiting, rows = [], 0
        _write(state, waiting)
        _finish(state)
    return state.rows


def _write(state: Loading, batches: list[Batch]) -> None:
    """Some batches and the number of the last of them, in one transaction."""
    touched = list(dict.fromkeys(model for batch in batches for model, _c in batch.tables))
    now = legal_time.now()
    stated = {"valid_from": legal_time.today(), "recorded_at": now}
    with marked():
        for model in touched:
            if not _has_rows(model):
                state.indexes += laidaside.drop_indexes(model)
        with laidaside.rows_unasked(touched):
            for batch in batches:
                for model, columns in batch.tables:
                    written = bulk.write(model, columns, stated)
                    bulk.mark(model, written, now)
                    state.rows += written.rows
        for batch in batches:
            if batch.also:
                batch.also()
        state.done += len(batches)
        state.save()


def _has_rows(model: type[models.Model]) -> bool:
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
