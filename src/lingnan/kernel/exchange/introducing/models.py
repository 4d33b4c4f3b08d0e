"""Whom the node of a register has introduced here."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class Introduced(AppendOnly):
    """Somebody on record at another node.

    server  the node of the register
    name    what that node calls this person towards this node, and towards nobody else
    key     the same person's number here
    """

    kind = models.CharField(max_length=20)
    server = models.CharField(max_length=160)
    name = models.CharField(max_length=32)
    key = models.BigIntegerField(db_index=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "name"], name="introduced_once"),
        ]
