"""How good the registers were, day by day."""

from django.db import models


class Score(models.Model):
    """How good a register was by a rule, in a county on a day: rows that hold to it, of how many.

    Recomputed when the day is measured again; `division` is empty where a register has no scope.
    """

    record_type = models.CharField(max_length=120)
    rule = models.CharField(max_length=60)
    division = models.CharField(max_length=12, blank=True)
    on = models.DateField()
    good = models.PositiveBigIntegerField()
    applied = models.PositiveBigIntegerField()

    class Meta:
        db_table = "registry_quality_score"
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "on", "rule", "division"], name="quality_score_of_day"
            )
        ]
