"""What is on its way to another node, and what came."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class Handover(models.Model):
    """Something on its way: kept until the other node has acknowledged it.

    system, kind, number  whose it is, what it is there, and by what it is known: once for each
    state    waiting: to be sent at `next_at` (system time); taken: acknowledged; refused: that node
             has said no, `problem` tells why; dead: it did not answer for about a week
    """

    STATES = [(s, s) for s in ("waiting", "taken", "refused", "dead")]
    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    sender = models.CharField(max_length=40)
    receiver = models.CharField(max_length=40)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    case = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "kind", "number"], name="handover_once"),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="handover_due")]


class HandedIn(AppendOnly):
    """What another node has handed over: come again, it changes nothing."""

    server = models.CharField(max_length=160)
    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["server", "system", "kind", "number"], name="handed_in_once"
            ),
        ]
