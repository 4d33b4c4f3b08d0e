"""What does not conform, and the scores: caches, made anew by the round."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Finding(models.Model):
    """What does not conform. A cache: the round makes it anew from declarations and records, and
    keeps since when each has been so.

    kind      see `rules.checks.KINDS`
    place     resource, form or register; `where` its code, `field` the name of the field there
    function  of the bodies that answer for the place
    """

    PLACES = [
        ("resource", pgettext_lazy("conformance", "resource")),
        ("form", pgettext_lazy("conformance", "form")),
        ("register", pgettext_lazy("conformance", "register")),
    ]
    kind = models.CharField(max_length=14)
    place = models.CharField(max_length=10, choices=PLACES)
    where = models.CharField(max_length=100)
    where_zh = models.CharField(max_length=200)
    where_en = models.CharField(max_length=200)
    field = models.CharField(max_length=100, blank=True)
    element = models.CharField(max_length=100, blank=True)
    function = models.CharField(max_length=20, db_index=True)
    facts = models.JSONField(default=dict)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "where", "field", "element"], name="finding_of_place_once"
            ),
        ]


class Score(models.Model):
    """How many places of a function's bodies were looked at on a legal day, and how many hold."""

    day = models.DateField()
    function = models.CharField(max_length=20)
    checked = models.PositiveIntegerField()
    good = models.PositiveIntegerField()
    advice = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["function", "day"], name="conformance_score_once"),
        ]

    @property
    def percent(self) -> float:
        return 100 * self.good / self.checked if self.checked else 100.0
