"""Which sealed documents wait for a time-stamp, and what was added behind each."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class SealedDocument(models.Model):
    """A document that a body has sealed and a system keeps, by the SHA-256 of the file as it was
    sealed.

    `keeper` is the room or system whose module `sealed` reads it by its `reference`. `stamped`: a
    time-stamp proves when it was sealed. `due`: from when on the next is to be added, in system
    time (none: never); `problem`: why none could be.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    keeper = models.CharField(max_length=40)
    reference = models.CharField(max_length=100)
    stamped = models.BooleanField(db_index=True)
    since = models.DateTimeField()
    due = models.DateTimeField(null=True, db_index=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "trust"


class DocumentTail(AppendOnly):
    """What was added behind a sealed document, in its order from 1; `whole` is the SHA-256 of the
    file with it, `until` the end of the time-stamp's certificate."""

    sha256 = models.CharField(max_length=64)
    ordinal = models.PositiveSmallIntegerField()
    tail = models.BinaryField()
    whole = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(fields=["sha256", "ordinal"], name="document_tail_once"),
        ]


class ArchiveSweep(models.Model):
    """How far a keeper's documents of earlier releases were looked through: up to which reference,
    how many there were, how many were queued and how many could not be read."""

    keeper = models.CharField(primary_key=True, max_length=40)
    after = models.CharField(max_length=100, blank=True)
    seen = models.PositiveBigIntegerField(default=0)
    queued = models.PositiveBigIntegerField(default=0)
    missing = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "trust"
