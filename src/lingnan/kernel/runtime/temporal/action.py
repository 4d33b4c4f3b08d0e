"""The one way to write a record: current row and version together, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from lingnan.kernel.runtime import keys, legal_time, outbox
from lingnan.kernel.runtime.temporal import columns as bulk
from lingnan.kernel.runtime.temporal.history import holding
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.runtime.temporal.models import Temporal
from lingnan.kernel.runtime.text import index as text

T = TypeVar("T", bound=Temporal)
BATCH = 2000
# Who a version that a bulk load left to be written names, and why.
LOADED = "bulk load"


class Conflict(Exception):
    """Somebody else changed the record since it was read."""


class Action:
    """Writes of one act: who does it, and why. Made by `action()` only."""

    def __init__(self, by: str, reason: str) -> None:
        self.by, self.reason = by, reason
        self.at = legal_time.now()

    def create(self, model: type[T], *, valid_from: date | None = None, **values: Any) -> T:
        """A new record with its first version. Raises ValidationError on bad values.

        With a future day it waits in versions: the current table has it from that day on.
        """
        record = model(
            key=values.pop("key", None) or keys.new_key(),
            valid_from=valid_from or self.at.date(),
            recorded_at=self.at,
            **values,
        )
        record.clean_fields()
        record.clean()
        if record.valid_from <= self.at.date():
            models.Model.save_base(record, force_insert=True)
            outbox.announce(model, None, record, None, self.at)
        self._write_version(record, record.valid_from, None)
        _said(model, record.key, (), [record])
        return record

    def change(self, record: T, *, valid_from: date | None = None, **values: Any) -> T:
        """What holds from a day on. A future day waits in versions until it comes."""
        return self._state(record, valid_from or self.at.date(), None, values)

    def correct(self, record: T, *, valid_from: date, valid_to: date | None, **values: Any) -> T:
        """What had held in an interval of the past; the earlier statement stays readable."""
        if valid_to is not None and valid_to <= valid_from:
            raise ValueError("an interval ends after it begins")
        return self._state(record, valid_from, valid_to, values)

    def end(self, record: T, *, on: date | None = None) -> T:
        """The record holds no more from a day on; it stays readable."""
        return self.change(record, valid_from=on, ended=True)

    def load(self, model: type[T], rows: Iterable[Mapping[str, Any]]) -> int:
        """Bulk load. Writes no version: the first change does. Sorted keys load fastest."""
        count, batch = 0, []
        for row in rows:
            values = {"valid_from": self.at.date(), "recorded_at": self.at} | dict(row)
            batch.append(model(**({"key": keys.new_key()} | values)))
            if len(batch) == BATCH:
                count += self._flush(model, batch)
        return count + self._flush(model, batch)

    def load_columns(self, model: type[T], columns: Mapping[str, Sequence[Any]]) -> int:
        """`load` for many rows given by columns of equal length; returns how many.

        The database's guards see every row; no row is validated, as with `load`. Raises
        TypeError on a name that is no field, ValueError on uneven columns.
        """
        stated = {"valid_from": self.at.date(), "recorded_at": self.at}
        written = bulk.write(model, columns, stated)
        bulk.mark(model, written, self.at)
        return written.rows

    def _flush(self, model: type[T], batch: list[T]) -> int:
        plain: QuerySet[T] = QuerySet(model)
        written = plain.bulk_create(sorted(batch, key=lambda record: record.key))
        found_by = model.text_index()
        if found_by is not None:
            text.add(model, ((one.key, " ".join(found_by.of_row(one))) for one in written))
        batch.clear()
        if written:
            span = bulk.Written(len(written), written[0].key, written[-1].key)
            bulk.mark(model, span, self.at)
        return len(written)

    def _state(self, record: T, start: date, until: date | None, values: dict[str, Any]) -> T:
        """State values for an interval; all else stays on each day as it was held on it."""
        self._lock(record)
        self._first_version(record)
        versions = list(record.Version.objects.filter(key=record.key).order_by("version"))
        number, found, statements = versions[-1].version, record, []
        said = next(version for version in versions if version.version == record.version)
        for begin, end, held in pieces(versions, start, until):
            number += 1
            stated = self._copy(type(record), held, values | {"version": number})
            stated.valid_from, stated.recorded_at = begin, self.at
            stated.clean_fields()
            stated.clean()
            self._write_version(stated, begin, end)
            statements.append(stated)
            if begin > self.at.date():
                continue  # told on its day, by bring_into_force
            now = end is None or self.at.date() < end
            outbox.announce(type(record), said if now else held, stated, end, self.at)
            if now:
                self._write_current(record, stated)
                found = stated
        _said(type(record), record.key, versions, statements)
        return found

    def _lock(self, record: T) -> None:
        """Nobody else writes this record until the action ends. Raises Conflict."""
        row: QuerySet[T] = QuerySet(type(record)).select_for_update().filter(key=record.key)
        if row.values_list("version", flat=True).first() != record.version:
            raise Conflict(f"{type(record).__name__} was changed meanwhile")

    def _write_current(self, record: T, changed: T) -> None:
        columns = {
            field.attname: getattr(changed, field.attname)
            for field in changed._meta.concrete_fields
            if not field.primary_key
        }
        rows: QuerySet[T] = QuerySet(type(record)).filter(key=record.key, version=record.version)
        if rows.update(**columns) != 1:
            raise Conflict(f"{type(record).__name__} was changed meanwhile")

    def _copy(self, model: type[T], held: Any, values: Mapping[str, Any]) -> T:
        names = [field.attname for field in model._meta.concrete_fields]
        return model(**{name: getattr(held, name) for name in names} | dict(values))

    def _first_version(self, record: T) -> None:
        if not record.Version.objects.filter(key=record.key).exists():
            self._write_version(record, record.valid_from, None, loaded=True)

    def _write_version(
        self, record: T, start: date, until: date | None, *, loaded: bool = False
    ) -> None:
        columns = {
            field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields
        }
        columns |= {
            "valid_from": start,
            "valid_to": until,
            "changed_by": LOADED if loaded else self.by,
            "reason": LOADED if loaded else self.reason,
        }
        record.Version.objects.create(**columns)


def _said(model: type[Temporal], key: int, before: Sequence[Any], now: Sequence[Any]) -> None:
    """Let a record be found by the words of its new statements too."""
    found_by = model.text_index()
    if found_by is None:
        return
    had = frozenset[str]().union(*map(found_by.of_row, before))
    has = had.union(*map(found_by.of_row, now))
    if not before:
        text.add(model, [(key, " ".join(has))])
    else:
        text.widen(model, key, had, has)


@contextmanager
def action(*, by: str, reason: str) -> Iterator[Action]:
    """One act that writes records.

    `by` names the account and post (or the command) that acts, `reason` what for.
    """
    with marked():
        yield Action(by, reason)


def pieces(
    versions: Sequence[Any], start: date, until: date | None
) -> Iterator[tuple[date, date | None, Any]]:
    """An interval cut where another version begins to hold: (from, to, the version held).

    Days on which none holds take what holds next.
    """
    edges = {day for v in versions for day in (v.valid_from, v.valid_to) if day}
    cuts = sorted(day for day in edges if start < day and (until is None or day < until))
    begin, held = start, holding(versions, start)
    for cut in cuts:
        after = holding(versions, cut)
        if after is not held:
            yield begin, cut, held
            begin, held = cut, after
    yield begin, until, held


def bring_into_force(model: type[Temporal]) -> int:
    """Make the current table say what holds today; returns how many rows changed.

    A version's day may have come, or an interval that covered the day before have ended.
    """
    today = legal_time.today()
    covering = model.Version.objects.filter(
        models.Q(valid_to=None) | models.Q(valid_to__gt=today), valid_from__lte=today
    )
    later = covering.filter(key=models.OuterRef("key"), version__gt=models.OuterRef("version"))
    said = model.objects.filter(key=models.OuterRef("key"), version=models.OuterRef("version"))
    stale = covering.filter(~models.Exists(said), ~models.Exists(later))
    keys_of_stale = list(stale.order_by("key").values_list("key", flat=True))
    count = 0
    for key in keys_of_stale:
        with marked():
            count += _adopt(model, key, covering)
    return count


def bring_all_into_force() -> int:
    """`bring_into_force` for every record type of the installed rooms and systems."""
    return sum(bring_into_force(m) for m in apps.get_models() if issubclass(m, Temporal))


def _adopt(model: type[Temporal], key: int, covering: QuerySet[Any]) -> int:
    """Let a record's current row say its covering version. Call inside `marked`.

    Under the lock both are read anew: another act may have changed the record since.
    """
    # A record that has no current row yet has its first version to be locked by.
    first: QuerySet[Any] = QuerySet(model.Version).select_for_update()
    first.filter(key=key, version=1).first()
    rows: QuerySet[Temporal] = QuerySet(model).filter(key=key)
    said = rows.select_for_update().first()
    version = covering.filter(key=key).order_by("-version").first()
    if version is None or (said is not None and said.version == version.version):
        return 0
    columns = {
        field.attname: getattr(version, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    if said is None:
        models.Model.save_base(model(key=key, **columns), force_insert=True)
    else:
        rows.update(**columns)
    outbox.announce(model, said, version, version.valid_to, legal_time.now())
    return 1
