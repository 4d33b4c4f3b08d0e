"""What must be done by when: working days, clocks, tasks for posts, messages to people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.api import AppendOnly, Title


class CalendarDay(models.Model):
    """A day that differs from the plain week, by an official notice."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=40)


class Clock(AppendOnly):
    """A limit that runs for a case. What happens to it stands in its events."""

    UNITS = [("working_day", _("working day")), ("calendar_day", _("calendar day"))]
    key = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=40, db_index=True)
    code = models.CharField(max_length=40)
    unit = models.CharField(max_length=12, choices=UNITS)
    statutory = models.PositiveIntegerField()
    promised = models.PositiveIntegerField()
    basis = models.CharField(max_length=200)
    started_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "code"], name="clock_of_reference"),
        ]


class ClockEvent(AppendOnly):
    """A pause, resumption, extension or end of a clock."""

    KINDS = [
        ("pause", _("paused")),
        ("resume", _("resumed")),
        ("extend", _("extended")),
        ("stop", _("stopped")),
    ]
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=KINDS)
    on = models.DateField()
    days = models.PositiveIntegerField(default=0)
    expected_until = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=200)


class Standing(models.Model):
    """When a clock turns which colour, worked out at each of its events: what lists ask.

    A cache of what `clocks.read` says; `standings.rebuild` makes it anew. A day is the first on
    which the card shows; None where it never will (stopped, paused without an announced end).
    `card` is the last card of a stopped clock.
    """

    clock = models.OneToOneField(
        Clock, models.PROTECT, related_name="standing", primary_key=True, db_constraint=False
    )
    reference = models.CharField(max_length=40, db_index=True)
    code = models.CharField(max_length=40)
    body = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    state = models.CharField(max_length=10)
    started_on = models.DateField()
    warning_on = models.DateField(null=True)
    yellow_on = models.DateField(null=True)
    red_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    used = models.PositiveIntegerField(default=0)
    statutory = models.PositiveIntegerField()
    promised = models.PositiveIntegerField()
    card = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "red_on", "clock"],
                condition=~models.Q(state="stopped"),
                name="standing_open_of_body",
            ),
            models.Index(
                fields=["red_on", "clock"],
                condition=~models.Q(state="stopped"),
                name="standing_open",
            ),
            models.Index(fields=["stopped_on", "body"], name="standing_stopped"),
            models.Index(
                fields=["body", "red_on", "yellow_on", "warning_on"],
                condition=~models.Q(state="stopped"),
                name="standing_cards",
            ),
        ]


class Task(models.Model):
    """Something that a post has to do. Done once: `done_at` is set by one winner only.

    `link` is the page where it is done; without one it is the page of the case `reference`.
    """

    key = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=40, db_index=True)
    code = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    about = models.CharField(max_length=200)
    body = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    taken_by = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    link = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "role", "key"],
                condition=models.Q(done_at=None),
                name="task_open_of_post",
            )
        ]

    @property
    def title(self) -> Title:
        return Title(self.title_zh, self.title_en)


class Message(models.Model):
    """A note to somebody with an account, in both languages."""

    key = models.BigIntegerField(primary_key=True)
    account = models.BigIntegerField()
    subject_zh = models.CharField(max_length=120)
    subject_en = models.CharField(max_length=160)
    text_zh = models.TextField()
    text_en = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-key"], name="message_of_account")]

    @property
    def subject(self) -> Title:
        return Title(self.subject_zh, self.subject_en)

    @property
    def text(self) -> Title:
        return Title(self.text_zh, self.text_en)
