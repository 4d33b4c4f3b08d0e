"""Posts that somebody is to hold."""

from django.db import models
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.temporal.models import Temporal


class Appointment(Temporal):
    """An official is to hold a post from `first` to `last`, both included (legal days).

    `account` is whose post it is, `holding` the post that came of it (0: none yet). A role that
    must not be joined with others waits for a second person (`proposed`).
    """

    STATES = [
        ("proposed", pgettext_lazy("appointment", "waits for the second person")),
        ("planned", pgettext_lazy("appointment", "decided, waits for its day")),
        ("held", pgettext_lazy("appointment", "in force")),
        ("refused", pgettext_lazy("appointment", "refused")),
        ("withdrawn", pgettext_lazy("appointment", "withdrawn")),
        ("lapsed", pgettext_lazy("appointment", "could not begin")),
    ]
    OPEN = ("proposed", "planned")
    number = models.CharField(max_length=40, unique=True)
    account = models.BigIntegerField(db_index=True)
    body = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200)
    proposed_by = models.BigIntegerField()
    proposed_for = models.BigIntegerField(default=0)
    proposed_name = models.CharField(max_length=60)
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    holding = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=STATES)

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "body", "role"],
                condition=models.Q(state__in=("proposed", "planned")),
                name="appointment_once",
            ),
        ]
