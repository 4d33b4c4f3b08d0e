"""What bodies found wrong in what they were answered, and who was told of a correction."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class Correction(AppendOnly):
    """A doubt of the registry's, raised by a body about what a case of its was answered.

    doubt    the doubt's reference
    reading  number of the evidence of the use
    """

    doubt = models.CharField(max_length=40, unique=True)
    case = models.CharField(max_length=40, db_index=True)
    resource = models.CharField(max_length=80)
    element = models.CharField(max_length=100)
    reading = models.BigIntegerField()
    body = models.CharField(max_length=40)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["body", "-id"], name="correction_of_body")]


class CorrectionTold(AppendOnly):
    """A body that had read what was corrected has been told; once for each correction and case.

    `event` is the number of the answer that corrected it. With an empty body it says that all who
    had read it by then are told.
    """

    event = models.BigIntegerField()
    body = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "body", "case"], name="correction_told_once"),
        ]
