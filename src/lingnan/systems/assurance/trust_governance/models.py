"""What accountability writes: objections to uses, unusual accesses, what was said of them.

What people and officials say is written once. `Scanned`, `Counted` and `Recent` are a cache of the
evidence, made anew from it by `scanning.rebuild`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly


class Objection(AppendOnly):
    """异议: somebody objects to one use of their data, or of their firm's (`about`: its code).

    `seq` is the evidence of the use; `body` the one that used the data and has to answer.
    """

    key = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=40)
    account = models.BigIntegerField()
    about = models.CharField(max_length=18, blank=True)
    body = models.CharField(max_length=40)
    division = models.CharField(max_length=12)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="objection_raised_once"),
        ]
        indexes = [models.Index(fields=["division", "-key"], name="objection_in_division")]


class ObjectionEvent(AppendOnly):
    """What happened to an objection; each kind once."""

    KINDS = [
        ("said", _("grounds added")),
        ("lawful", _("answered: the use was lawful")),
        ("unlawful", _("answered: the use was not lawful")),
        ("overdue", _("not answered in time, passed to the auditors")),
        ("withdrawn", pgettext_lazy("objection", "withdrawn")),
    ]
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.CharField(max_length=600, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objection", "kind"], name="objection_event_once"),
        ]


class Finding(AppendOnly):
    """An unusual access of one official on one day, found by one rule.

    `official` is body/role and the mark of evidence; `subject` whom it is about, where the rule
    is about one (veiled); `facts` why it was found, as the rule says it.
    """

    key = models.BigIntegerField(primary_key=True)
    rule = models.CharField(max_length=30)
    official = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    division = models.CharField(max_length=12)
    subject = models.CharField(max_length=32, blank=True)
    day = models.DateField()
    score = models.PositiveIntegerField()
    facts = models.JSONField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "official", "day", "subject"], name="finding_once"
            ),
        ]
        indexes = [models.Index(fields=["division", "-key"], name="finding_in_division")]


class FindingHit(AppendOnly):
    """An entry of the evidence that a finding rests on."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="hits")
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "seq"], name="finding_hit_once")]


class FindingEvent(AppendOnly):
    """What became of a finding; each kind once."""

    KINDS = [
        ("asked", _("explanation asked for")),
        ("explained", _("explained by the official")),
        ("confirmed", _("explanation confirmed by the head")),
        ("rejected", _("explanation not confirmed by the head")),
        ("justified", _("closed: justified")),
        ("unjustified", _("closed: not justified, referred for responsibility")),
    ]
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=KINDS)
    text = models.CharField(max_length=600, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "kind"], name="finding_event_once"),
        ]


class Protected(AppendOnly):
    """Somebody whose data are watched over: entered by one auditor, in force by another's word.

    `subject` is veiled as in findings; `division` that of the body that entered it.
    """

    key = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=32, db_index=True)
    grounds = models.CharField(max_length=200)
    division = models.CharField(max_length=12)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class ProtectedEvent(AppendOnly):
    """What became of it; each kind once. It ends by two as it began."""

    KINDS = [
        ("confirmed", pgettext_lazy("protection", "in force")),
        ("dropped", pgettext_lazy("protection", "not confirmed")),
        ("ending", pgettext_lazy("protection", "to be ended, waits for a second auditor")),
        ("ended", pgettext_lazy("protection", "ended")),
    ]
    protected = models.ForeignKey(Protected, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=KINDS)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protected", "kind"], name="protected_event_once"),
        ]


class Scanned(models.Model):
    """Up to which number the evidence has been looked through. One row."""

    up_to = models.BigIntegerField(default=0)


class Counted(models.Model):
    """Accesses of a body's official on a day of system time ("" where no official acted)."""

    day = models.DateField()
    division = models.CharField(max_length=12, blank=True)
    body = models.CharField(max_length=40)
    official = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "body", "official", "kind"], name="counted_once")
        ]


class Recent(models.Model):
    """An access of the last weeks, a row for each subject: what the rules look back upon."""

    seq = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40)
    body = models.CharField(max_length=40)
    official = models.CharField(max_length=80)
    subject = models.BigIntegerField(null=True)
    for_case = models.BooleanField()
    number = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["official", "at"], name="recent_of_official"),
            models.Index(fields=["subject", "at"], name="recent_of_subject"),
        ]


class DigestRound(models.Model):
    """The message of a quarter: the entries after `after` up to `up_to`, and how far it has come.

    `done` is the key of the last account told, so that a round that was cut off goes on there.
    """

    quarter = models.CharField(max_length=7, unique=True)
    after = models.BigIntegerField()
    up_to = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    finished = models.BooleanField(default=False)
