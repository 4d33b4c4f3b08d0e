"""The one way to write a record: current row and version together, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.runtime.temporal.models import Temporal

T = TypeVar("T", bound=Temporal)
BATCH = 2000


class Conflict(Exception):
    """Somebody else changed the record since it was read."""


class Action:
    """Writes of one act: who does it, and why. Made by `action()` only."""

    def __init__(self, by: str, reason: str) -> None:
        self.by, self.reason = by, reason
        self.at = legal_time.now()

    def create(self, model: type[T], *, valid_from: date | None = None, **values: Any) -> T:
        """A new record with its first version. Raises ValidationError on bad values."""
        record = model(
            key=values.pop("key", None) or keys.new_key(),
            valid_from=valid_from or self.at.date(),
            recorded_at=self.at,
            **values,
        )
        record.clean_fields()
        record.clean()
        models.Model.save_base(record, force_insert=True)
        self._write_version(record, record.valid_from, None)
        return record

    def change(self, record: T, *, valid_from: date | None = None, **values: Any) -> T:
        """What holds from a day on. A future day waits in versions until it comes."""
        start = valid_from or self.at.date()
        if start < record.valid_from:
            return self.correct(record, valid_from=start, valid_to=None, **values)
        return self._follow(record, start, values)

    def correct(self, record: T, *, valid_from: date, valid_to: date | None, **values: Any) -> T:
        """What had held in an interval of the past; the earlier statement stays readable."""
        if valid_to is not None and valid_to <= valid_from:
            raise ValueError("an interval ends after it begins")
        covers_today = valid_from <= self.at.date() and (
            valid_to is None or self.at.date() < valid_to
        )
        if covers_today:
            return self._follow(record, valid_from, values, valid_to)
        self._first_version(record)
        number = self._last_number(record) + 1
        self._write_version(self._copy(record, number, values), valid_from, valid_to)
        return record

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

    def _flush(self, model: type[T], batch: list[T]) -> int:
        plain: QuerySet[T] = QuerySet(model)
        written = len(plain.bulk_create(batch))
        batch.clear()
        return written

    def _follow(
        self, record: T, start: date, values: Mapping[str, Any], until: date | None = None
    ) -> T:
        self._first_version(record)
        number = self._last_number(record) + 1
        changed = self._copy(record, number, values)
        changed.valid_from = start
        changed.recorded_at = self.at
        changed.clean_fields()
        changed.clean()
        self._write_version(changed, start, until)
        if start > self.at.date():
            return record
        self._write_current(record, changed)
        return changed

    def _write_current(self, record: T, changed: T) -> None:
        columns = {
            field.attname: getattr(changed, field.attname)
            for field in changed._meta.concrete_fields
            if not field.primary_key
        }
        rows: QuerySet[T] = QuerySet(type(record)).filter(key=record.key, version=record.version)
        if rows.update(**columns) != 1:
            raise Conflict(f"{type(record).__name__} was changed meanwhile")

    def _copy(self, record: T, number: int, values: Mapping[str, Any]) -> T:
        columns = {
            field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields
        }
        return type(record)(**(columns | dict(values) | {"version": number}))

    def _first_version(self, record: T) -> None:
        if not record.Version.objects.filter(key=record.key).exists():
            self._write_version(record, record.valid_from, None, loaded=True)

    def _last_number(self, record: T) -> int:
        versions = record.Version.objects.filter(key=record.key)
        return int(versions.aggregate(last=models.Max("version"))["last"] or 0)

    def _write_version(
        self, record: T, start: date, until: date | None, *, loaded: bool = False
    ) -> None:
        columns = {
            field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields
        }
        columns |= {
            "valid_from": start,
            "valid_to": until,
            "changed_by": "bulk load" if loaded else self.by,
            "reason": "bulk load" if loaded else self.reason,
        }
        record.Version.objects.create(**columns)


@contextmanager
def action(*, by: str, reason: str) -> Iterator[Action]:
    """One act that writes records.

    `by` names the account and post (or the command) that acts, `reason` what for.
    """
    with marked():
        yield Action(by, reason)


def bring_into_force(model: type[Temporal]) -> int:
    """Take versions whose day has come into the current table; returns how many."""
    today = legal_time.today()
    waiting = (
        model.Version.objects.filter(valid_from__lte=today, valid_to=None)
        .filter(models.Exists(_behind(model)))
        .order_by("version")
    )
    count = 0
    for version in waiting:
        with marked():
            count += _adopt(model, version)
    return count


def _behind(model: type[Temporal]) -> models.QuerySet[Any]:
    return model.objects.filter(
        key=models.OuterRef("key"),
        version__lt=models.OuterRef("version"),
        valid_from__lte=models.OuterRef("valid_from"),
    )


def _adopt(model: type[Temporal], version: Any) -> int:
    columns = {
        field.attname: getattr(version, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    rows: QuerySet[Temporal] = QuerySet(model).filter(key=version.key, version__lt=version.version)
    return rows.update(**columns)
