"""Followings at other nodes, and what came of them."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class Following(models.Model):
    """What somebody here wants to be told of by another node.

    aim       what the purpose is called here, told with it; empty where it has no name
    subject   the consumer's own pseudonym; `known_as` the holder's, where this node has the mapping
    number    of the follower at the holder's node; None as long as that has not taken it
    state     wanted: to be asked for; following; ending: to be ended there; ended; refused: that
              node has said no, `problem` tells why
    """

    STATES = [(s, s) for s in ("wanted", "following", "ending", "ended", "refused")]
    server = models.CharField(max_length=160)
    resource = models.CharField(max_length=80)
    consumer = models.CharField(max_length=40)
    subject = models.CharField(max_length=32)
    known_as = models.CharField(max_length=32, blank=True)
    purpose = models.CharField(max_length=80)
    aim = models.JSONField(default=dict, blank=True)
    basis = models.CharField(max_length=200)
    elements = models.JSONField()
    reference = models.CharField(max_length=80, db_index=True)
    listener = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=STATES, default="wanted", db_index=True)
    number = models.BigIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "number"], name="following_once"),
        ]


class Arrived(AppendOnly):
    """An event of another node that was acted on here: come again, it changes nothing."""

    server = models.CharField(max_length=160)
    event = models.CharField(max_length=40)
    following = models.ForeignKey(Following, models.PROTECT, related_name="arrived")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "event"], name="arrived_once"),
        ]
