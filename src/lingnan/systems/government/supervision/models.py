"""What supervision writes: the cards issued, opinions on them, and the bodies' answers.

All of it is written once; nobody can change it, least of all whom it measures.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.api import AppendOnly


class Card(AppendOnly):
    """A yellow or red card, issued for the first day on which a clock shows it.

    `rule` is the digest of the rule of supervision in force when it was issued.
    """

    COLOURS = [("yellow", _("Yellow card")), ("red", _("Red card"))]
    clock = models.BigIntegerField()
    reference = models.CharField(max_length=40, db_index=True)
    code = models.CharField(max_length=40)
    body = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    colour = models.CharField(max_length=10, choices=COLOURS)
    on = models.DateField()
    rule = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "colour"], name="card_issued_once"),
        ]
        indexes = [
            models.Index(fields=["body", "on", "id"], name="card_of_body"),
            models.Index(fields=["on", "id"], name="card_of_day"),
        ]


class Swept(AppendOnly):
    """A legal day up to which every card has been issued."""

    on = models.DateField(unique=True)


class Opinion(AppendOnly):
    """监察建议书: what a supervisor advises the head of a body about a card."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="opinions")
    body = models.CharField(max_length=40)
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=200)
    by_name = models.CharField(max_length=120)
    by_body = models.CharField(max_length=40)
    by_account = models.BigIntegerField()
    written_on = models.DateField()
    answer_by = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["body", "-id"], name="opinion_to_body")]


class Answer(AppendOnly):
    """What the head of the body answers, once."""

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="answer", primary_key=True)
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=200)
    by_name = models.CharField(max_length=120)
    answered_on = models.DateField()
