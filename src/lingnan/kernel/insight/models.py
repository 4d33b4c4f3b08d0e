"""Values as they were computed; a percentage is never kept."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class Value(AppendOnly):
    """An indicator of a division on a day. Of several rows of one day the last one counts."""

    indicator = models.CharField(max_length=60)
    division = models.CharField(max_length=12)
    on = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["indicator", "division", "on", "id"], name="value_series"),
            models.Index(fields=["indicator", "on", "division", "id"], name="value_of_day"),
        ]
