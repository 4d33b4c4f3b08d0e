"""Tables of the runtime itself."""

import json
from functools import lru_cache
from typing import Any

from django.db import models

from lingnan.kernel.runtime.append_only import AppendOnly


@lru_cache(maxsize=256)
def _decoded(text: str) -> Any:
    return json.loads(text)


class WrittenOnceJSON(models.JSONField):
    """JSON that never changes once written: decoded once in a process. Not to be mutated."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _decoded(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class BusinessInstant(AppendOnly):
    """Each setting of a demonstration's legal time; the newest holds."""

    instant = models.DateTimeField()


class Definition(AppendOnly):
    """One version of a matter, form, process, parameter or rule. Never changed."""

    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    content = WrittenOnceJSON()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=10, choices=[("file", "file"), ("desk", "desk")])
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "number"], name="definition_number"),
        ]


class Publication(AppendOnly):
    """The act that puts a definition into force from a day on."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="publications")
    in_force_from = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)


class TextIndexed(models.Model):
    """An index of words that stands, and the declaration that it was made by."""

    table = models.CharField(max_length=120, primary_key=True)
    digest = models.CharField(max_length=16)


class Loading(models.Model):
    """A bulk load under way or done: where it goes on after its process was killed.

    done      how many of its batches are written; each is written with this number, or not at all
    rows      how many rows they had
    indexes   statements that make the indexes it laid aside
    finished  whether all of it stands, with its indexes
    """

    name = models.CharField(max_length=120, primary_key=True)
    done = models.PositiveIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    indexes = models.JSONField(default=list)
    finished = models.BooleanField(default=False)


class Outgoing(models.Model):
    """Something that others may have to be told, written in the transaction of the act itself.

    topic    what changed: the label of a record type
    payload  versions and names of fields: never a value, never a pseudonym
    taken_at when it was spread to those who follow; what nobody follows is deleted then
    """

    topic = models.CharField(max_length=120)
    key = models.BigIntegerField()
    payload = models.JSONField()
    recorded_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="outgoing_not_taken", condition=models.Q(taken_at=None)
            )
        ]


class BulkLoad(AppendOnly):
    """That rows of a record type were loaded without versions: their keys lie from low to high.

    A columnar copy finds by it what was loaded since it was made; `rows` is how many there were.
    """

    record_type = models.CharField(max_length=120)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    rows = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()
