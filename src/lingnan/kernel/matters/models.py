"""Applications, cases, decisions and certificates."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly, Title
from lingnan.kernel.runtime.models import Definition


class JointApplication(models.Model):
    """Several matters of one life event, applied for together; `number` is set once.

    `chosen` are the codes of the matters that the applicant asks for.
    """

    reference = models.CharField(max_length=32, primary_key=True)
    number = models.CharField(max_length=40, null=True, unique=True)
    account = models.BigIntegerField(db_index=True)
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    division = models.CharField(max_length=12)
    body = models.CharField(max_length=40)
    chosen = models.JSONField(default=list)
    started_at = models.DateTimeField()
    submitted_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)


class Application(models.Model):
    """A draft of a resident; `case_number` is set once, when it is submitted.

    `awaits` maps a resource to the matter of the same joint application whose grant makes the
    record; `promises` are materials that the applicant will hand in after acceptance.
    """

    reference = models.CharField(max_length=32, primary_key=True)
    account = models.BigIntegerField(db_index=True)
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    body = models.CharField(max_length=40)
    subject = models.CharField(max_length=32)
    answers = models.JSONField(default=dict)
    reads = models.JSONField(default=list)
    started_at = models.DateTimeField()
    case_number = models.CharField(max_length=40, blank=True)
    joint = models.ForeignKey(
        JointApplication, models.PROTECT, null=True, related_name="applications"
    )
    awaits = models.JSONField(default=dict)
    awaiting = models.BooleanField(default=False)
    promises = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(
                fields=["awaiting"],
                condition=models.Q(awaiting=True),
                name="application_awaiting",
            )
        ]


class Attachment(models.Model):
    """A material uploaded to an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    material = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()


class NumberSeries(models.Model):
    """The last case number that a division gave in a year."""

    division = models.CharField(max_length=12)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "year"], name="one_series")]


class Case(models.Model):
    """A case at the body that handles it. `state` follows from its events."""

    key = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    matter = models.CharField(max_length=80)
    body = models.CharField(max_length=40)
    applicant = models.CharField(max_length=32)
    account = models.BigIntegerField(db_index=True)
    application = models.OneToOneField(Application, models.PROTECT, related_name="+")
    about = models.CharField(max_length=200)
    declared = models.JSONField()
    state = models.CharField(max_length=20)
    received_on = models.DateField()
    finished_on = models.DateField(null=True)
    events_count = models.PositiveIntegerField(default=0)
    joint = models.CharField(max_length=40, blank=True, db_index=True)
    rated = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["body", "state", "-key"], name="case_of_body"),
            models.Index(
                fields=["finished_on", "key"],
                condition=models.Q(state="delivered", rated=False),
                name="case_unrated",
            ),
        ]


def facts_of(case: Case) -> dict[str, Any]:
    """What the applicant declared, by field: what conditions of the matter ask about."""
    return {name: answer["value"] for name, answer in case.declared.items()}


class CaseEvent(AppendOnly):
    """One step of the legal procedure."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    by_name = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    evidence = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number")]


class Decision(AppendOnly):
    """A decision with all that explains it and lets it be recomputed."""

    OUTCOMES = [("granted", _("granted")), ("refused", pgettext_lazy("decision", "refused"))]
    case = models.OneToOneField(Case, models.PROTECT, related_name="decision", primary_key=True)
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    reasons = models.TextField()
    articles = models.JSONField()
    parameters = models.JSONField()
    reads = models.JSONField()
    declared = models.JSONField()
    result = models.JSONField(default=dict)
    signed_by = models.CharField(max_length=200)
    signed_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField()


class Certificate(AppendOnly):
    """A sealed certificate. Its file is kept by hash."""

    number = models.CharField(max_length=60, primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="certificate")
    account = models.BigIntegerField(db_index=True)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    body_zh = models.CharField(max_length=80)
    body_en = models.CharField(max_length=120)
    holder = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    valid_from = models.DateField()
    sealed_at = models.DateTimeField()

    @property
    def title(self) -> Title:
        return Title(self.title_zh, self.title_en)

    @property
    def body(self) -> Title:
        return Title(self.body_zh, self.body_en)


class Rating(AppendOnly):
    """What the applicant says of the service: 1 (very dissatisfied) to 5 (very satisfied).

    `by_default` where nothing was said in time.
    """

    GRADES = [
        (5, _("very satisfied")),
        (4, _("satisfied")),
        (3, _("basically satisfied")),
        (2, _("dissatisfied")),
        (1, _("very dissatisfied")),
    ]
    case = models.OneToOneField(Case, models.PROTECT, related_name="rating", primary_key=True)
    body = models.CharField(max_length=40)
    matter = models.CharField(max_length=80)
    grade = models.PositiveSmallIntegerField(choices=GRADES)
    words = models.CharField(max_length=500, blank=True)
    by_default = models.BooleanField(default=False)
    rated_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["rated_on", "body"], name="rating_of_body")]


def locked(number: str) -> Any:
    """The case of a number, locked until the transaction ends."""
    # Of the case alone: the definition's row is shared by every case of the matter.
    cases = Case.objects.select_for_update(of=("self",)).select_related("definition")
    return cases.get(number=number)
