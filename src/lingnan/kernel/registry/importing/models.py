"""What is kept of an import: the file, where its check and its taking in stand, and its records."""

import struct
import zlib
from collections.abc import Sequence
from typing import Any

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly
from lingnan.kernel.trust.api import Actor


class SentFile(models.Model):
    """A file of rows that an official sent for a register, and who the official was then.

    reading   encoding, delimiter, head, sheet: as found, or as chosen by hand
    mapping   place of a column → field
    share     how much of the work at it is done, 0 to 1
    """

    ref = models.CharField(max_length=32, primary_key=True)
    record_type = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=200)
    account = models.BigIntegerField()
    person = models.CharField(max_length=60)
    who = models.CharField(max_length=200)
    body = models.CharField(max_length=60, db_index=True)
    division = models.CharField(max_length=12)
    function = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, db_index=True)
    reading = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    share = models.FloatField(default=0)
    counts = models.JSONField(default=dict)
    fault = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def sender(self) -> Actor:
        """Who sent the file, as they were when they sent it."""
        return Actor(
            self.account,
            self.person,
            "official",
            body=self.body,
            division=self.division,
            function=self.function,
            role=self.role,
        )


class Import(SentFile):
    """One file that an official takes into a register.

    done      rows of the file that are checked and kept; a check goes on after them
    position  number of the last chunk kept in the working file
    counts    good, bad, new, changed, same, warned: rows; `faults`: code → rows
    """

    STATES = ("uploaded", "checking", "checked", "awaiting", "taking", "taken", "failed", "dropped")
    mends = models.CharField(max_length=32, blank=True)
    changes = models.BooleanField(default=False)
    whole = models.BooleanField(default=True)
    done = models.BigIntegerField(default=0)
    position = models.IntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    confirmed_by = models.CharField(max_length=200, blank=True)


class ImportedPart(AppendOnly):
    """A part of an import that is taken in: written with its records, so no row comes twice.

    `records` are the keys of its records, eight bytes each, packed.
    """

    imported = models.ForeignKey(Import, models.PROTECT, related_name="parts")
    number = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    records = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["imported", "number"], name="imported_part_number"),
        ]

    @property
    def keys(self) -> tuple[int, ...]:
        plain = zlib.decompress(bytes(self.records))
        return struct.unpack(f">{len(plain) // 8}q", plain)


def packed(keys: Sequence[int]) -> bytes:
    return zlib.compress(struct.pack(f">{len(keys)}q", *keys), 1)


def parts_of(one: Import) -> Any:
    return ImportedPart.objects.filter(imported=one).order_by("number")
