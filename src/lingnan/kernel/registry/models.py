"""What the registry keeps beside the registers: proposals, holders of elements, doubts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.importing.models import Import, ImportedPart
from lingnan.kernel.registry.linkage.models import Comparison, LinkageRun, Merge, MergedKey, Pair
from lingnan.kernel.registry.quality.models import Score
from lingnan.kernel.runtime.api import AppendOnly

__all__ = [
    "Comparison",
    "Doubt",
    "DoubtEvent",
    "ElementHolder",
    "Import",
    "ImportedPart",
    "LinkageRun",
    "Merge",
    "MergedKey",
    "Pair",
    "Proposal",
    "ProposalEvent",
    "Score",
]


class Proposal(AppendOnly):
    """An entry of a register that waits for a second official. `record` is None for a new one.

    `version` is the version that the proposer had read; `values` are plain, by field.
    """

    KINDS = [("new", _("new record")), ("change", _("change")), ("end", _("end"))]
    key = models.BigIntegerField(primary_key=True)
    record_type = models.CharField(max_length=100, db_index=True)
    record = models.BigIntegerField(null=True, db_index=True)
    version = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=KINDS)
    values = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    doubt = models.BigIntegerField(null=True)
    body = models.CharField(max_length=40, db_index=True)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class ProposalEvent(AppendOnly):
    """How a proposal came to its end: once, whoever clicks."""

    KINDS = [
        ("confirmed", _("confirmed")),
        ("refused", pgettext_lazy("register", "refused")),
        ("withdrawn", _("withdrawn")),
        ("stale", _("overtaken by another change")),
    ]
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, related_name="closing", primary_key=True
    )
    kind = models.CharField(max_length=10, choices=KINDS)
    reason = models.CharField(max_length=200, blank=True)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class ElementHolder(models.Model):
    """Which body answers for a data element, from a day until a day (open when null).

    `body` is a body's code where one body answers; else every body of the function does, each
    for its division. The database refuses two intervals of one element that overlap.
    """

    guard: ClassVar[str] = "current"
    no_overlap: ClassVar[str] = "element"
    key = models.BigIntegerField(primary_key=True)
    element = models.CharField(max_length=100, db_index=True)
    function = models.CharField(max_length=20)
    body = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="element_holder_ends_after_it_begins",
            )
        ]


class Doubt(AppendOnly):
    """A doubt about one element of one record: what is said, and what would be right."""

    key = models.BigIntegerField(primary_key=True)
    record_type = models.CharField(max_length=100)
    record = models.BigIntegerField()
    element = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    said = models.CharField(max_length=400)
    right = models.CharField(max_length=400)
    evidence = models.CharField(max_length=400, blank=True)
    holder = models.CharField(max_length=40, db_index=True)
    account = models.BigIntegerField(db_index=True)
    body = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["record_type", "record"], name="doubt_of_record")]


class DoubtEvent(AppendOnly):
    """What happened to a doubt. Each kind once; one of the last four ends it, once."""

    KINDS = [
        ("accepted", _("in examination")),
        ("corrected", _("corrected")),
        ("partly", _("corrected in part")),
        ("upheld", _("the record stands")),
        ("withdrawn", _("withdrawn")),
    ]
    doubt = models.ForeignKey(Doubt, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(null=True)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["doubt", "kind"], name="doubt_event_once"),
            models.UniqueConstraint(
                fields=["doubt"],
                condition=~models.Q(kind="accepted"),
                name="doubt_ends_once",
            ),
        ]
