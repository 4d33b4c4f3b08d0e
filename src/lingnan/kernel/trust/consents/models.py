"""What bodies ask people to allow, and who wants to hear of changed agreements."""

from django.db import models
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.temporal.models import Temporal


class ConsentRequest(Temporal):
    """A body asks somebody for a consent under one of its agreements.

    reference  how the body named whom it asks: by its own number of them, or by its case
    giver      what trust calls them; empty where the reference leads to nobody, which the body
               is never told
    why        in the body's own plain words
    consent    the number of the consent that was given, `state` given
    """

    STATES = [
        ("asked", pgettext_lazy("consent request", "waiting for an answer")),
        ("given", pgettext_lazy("consent request", "allowed")),
        ("refused", pgettext_lazy("consent request", "refused")),
        ("withdrawn", pgettext_lazy("consent request", "withdrawn")),
    ]
    number = models.CharField(max_length=20, unique=True)
    agreement = models.CharField(max_length=40)
    body = models.CharField(max_length=40, db_index=True)
    reference = models.CharField(max_length=40)
    giver = models.CharField(max_length=32, blank=True, db_index=True)
    giver_kind = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=200)
    answer_by = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    reminders = models.PositiveIntegerField(default=0)
    reminded_on = models.DateField(null=True, blank=True)
    consent = models.CharField(max_length=20, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()

    class Meta:
        app_label = "trust"


class ConsentNotice(models.Model):
    """Whether somebody wants to hear when an agreement changes; without a row, who consented."""

    giver = models.CharField(max_length=32)
    agreement = models.CharField(max_length=40, db_index=True)
    wanted = models.BooleanField()

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(fields=["giver", "agreement"], name="one_notice_choice")
        ]
