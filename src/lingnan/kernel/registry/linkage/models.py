"""What is kept of linkage: runs, pairs, merges and their aliases, and files that are compared."""

from django.db import models

from lingnan.kernel.registry.importing.models import SentFile
from lingnan.kernel.runtime.api import AppendOnly


class LinkageRun(models.Model):
    """One search for duplicates; `done` blocks are kept with their pairs, so it may be resumed.

    `begun`: how often a worker began at the block after them.
    """

    record_type = models.CharField(max_length=120, db_index=True)
    state = models.CharField(max_length=10, default="waiting", db_index=True)
    done = models.PositiveIntegerField(default=0)
    begun = models.PositiveIntegerField(default=0)
    blocks = models.PositiveIntegerField()
    pairs = models.PositiveBigIntegerField(default=0)
    asked_by = models.CharField(max_length=200)
    at = models.DateTimeField()


class Comparison(SentFile):
    """One file whose rows an official compares with a register's records; nothing is taken in.

    matter  the matter or case that the official said it is for
    counts  rows, and of them certain, several, possible, none, bad; `left_out`: rows of which a
            cell could not be read; `faults`: code → rows; before its end only `begun`: how often
            a worker began it
    """

    STATES = ("uploaded", "comparing", "done", "failed", "removed")
    matter = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="comparison_of_account")]


class Pair(models.Model):
    """Two records that may be one. `facts` is a digest of what was compared.

    A pair that was decided is asked again only when its facts have changed.
    """

    STATES = ("open", "unsure", "different", "proposed", "merged", "undoing")
    record_type = models.CharField(max_length=120)
    left = models.BigIntegerField()
    right = models.BigIntegerField()
    weight = models.FloatField()
    levels = models.JSONField()
    facts = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="open")
    decided_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record_type", "left", "right"], name="pair_once"),
        ]
        indexes = [models.Index(fields=["record_type", "state", "-weight"], name="pair_queue")]


class Merge(models.Model):
    """Two records made one, or to be made one when a second official confirms.

    chosen  fields that the survivor takes from the other
    before  the chosen fields' values of the survivor, as texts
    after   the survivor's version that the merge made
    undo_version  the survivor's version that was looked at when its undoing was asked for
    """

    STATES = ("proposed", "done", "undoing", "undone", "dropped")
    record_type = models.CharField(max_length=120, db_index=True)
    survivor = models.BigIntegerField(db_index=True)
    other = models.BigIntegerField(db_index=True)
    chosen = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.PositiveIntegerField(default=0)
    other_version = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, default="proposed")
    account = models.BigIntegerField()
    proposed_by = models.CharField(max_length=200)
    confirmed_by = models.CharField(max_length=200, blank=True)
    undo_account = models.BigIntegerField(default=0)
    undo_asked_by = models.CharField(max_length=200, blank=True)
    undo_reason = models.CharField(max_length=400, blank=True)
    undo_version = models.PositiveIntegerField(default=0)
    undone_by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class MergedKey(AppendOnly):
    """From `at` on, who asks for `key` gets `into`; an un-merge says the key itself again.

    `kind` is what the key names: the record type's subject, or the record type itself.
    """

    kind = models.CharField(max_length=120)
    key = models.BigIntegerField()
    into = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "id"], name="merged_key"),
            models.Index(fields=["kind", "into"], name="merged_into_key"),
        ]
