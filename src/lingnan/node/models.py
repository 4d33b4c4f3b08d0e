"""What the node knows of its own data: which systems' parts stand in it."""

from django.db import models


class Part(models.Model):
    """A system that has been brought up on this data, and the world that its part was made of.

    `residents` is 0 where nothing was invented for it (a real node).
    """

    system = models.CharField(max_length=60, primary_key=True)
    since = models.DateField()
    seed = models.IntegerField(default=0)
    start = models.DateField(null=True)
    residents = models.BigIntegerField(default=0)


class Making(models.Model):
    """The invented province of this data, noted when its making begins; the one row there is."""

    seed = models.IntegerField()
    start = models.DateField()
    residents = models.BigIntegerField()
    finished = models.BooleanField(default=False)
