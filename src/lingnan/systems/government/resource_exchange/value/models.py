"""How much a resource was used and how good it is, on a legal day: a cache of the evidence."""

from django.db import models


class ResourceFigures(models.Model):
    """One resource on one legal day. A cache: the round makes it anew.

    uses       uses in the last days of system time (`usage.DAYS`)
    counted    [[consuming body, purpose, number]] of them
    spared     questions of forms that these uses answered in people's stead
    filled     share of elements that say something in the newest records, 0 to 100; None: computed
    newest     legal day of the newest entry; None where there is none, or it is computed
    wrong      how often bodies have said that an answer was wrong
    """

    day = models.DateField()
    resource = models.CharField(max_length=80)
    uses = models.PositiveIntegerField()
    counted = models.JSONField(default=list)
    spared = models.PositiveIntegerField()
    filled = models.FloatField(null=True)
    newest = models.DateField(null=True)
    wrong = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "day"], name="resource_figures_once"),
        ]
