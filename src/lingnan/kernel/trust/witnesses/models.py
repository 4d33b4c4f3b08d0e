"""Which logs this node watches, what it has seen of them, and who watches its own."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly
from lingnan.kernel.runtime.temporal.models import Temporal


class WatchedLog(Temporal):
    """A log of another node that this one witnesses. `origin` names it by its root certificate."""

    origin = models.CharField(max_length=100, unique=True)
    address = models.CharField(max_length=200)

    class Meta:
        app_label = "trust"


class SeenHead(models.Model):
    """The largest head of a watched log that was signed here. It only moves forward."""

    origin = models.CharField(primary_key=True, max_length=100)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        app_label = "trust"


class Witness(Temporal):
    """Another node that watches this one's log. `name` is that of its signatures."""

    name = models.CharField(max_length=100, unique=True)
    address = models.CharField(max_length=200)

    class Meta:
        app_label = "trust"


class Cosignature(AppendOnly):
    """A witness's line beneath a checkpoint of this log."""

    size = models.PositiveBigIntegerField()
    witness = models.CharField(max_length=100, db_index=True)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(fields=["size", "witness"], name="one_cosignature_each")
        ]
