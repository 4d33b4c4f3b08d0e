"""Emergency accesses, and what happened to each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.api import AppendOnly


class EmergencyAccess(AppendOnly):
    """That an official opened a record without the right to, and why. Times are system time.

    `system`, `model` and `record` name the record, `reviewer` is the body whose head reviews.
    """

    key = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    system = models.CharField(max_length=40)
    model = models.CharField(max_length=40)
    record = models.BigIntegerField()
    account = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=60)
    signature = models.CharField(max_length=200)
    body = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    division = models.CharField(max_length=12, db_index=True)
    reviewer = models.CharField(max_length=40, db_index=True)
    reason = models.CharField(max_length=20)
    words = models.CharField(max_length=400)
    opened_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "exchange"


class EmergencyEvent(AppendOnly):
    """The notice to the person, its delay, and the judgement: each once.

    `until` is the day after whose end a delayed notice goes out (a legal day).
    """

    KINDS = [
        ("told", _("the person was told")),
        ("delayed", _("the notice was delayed")),
        ("justified", _("found justified")),
        ("unjustified", _("found not justified")),
    ]
    access = models.ForeignKey(EmergencyAccess, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=KINDS)
    text = models.CharField(max_length=400, blank=True)
    until = models.DateField(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        app_label = "exchange"
        constraints = [
            models.UniqueConstraint(fields=["access", "kind"], name="emergency_event_once"),
            models.UniqueConstraint(
                fields=["access"],
                condition=models.Q(kind__in=("justified", "unjustified")),
                name="emergency_judged_once",
            ),
        ]
