"""The figures of the traffic, as they are kept."""

from django.db import models

LONGEST = {"way": 8, "client": 330, "service": 410, "consumer_node": 160, "provider_node": 160,
           "outcome": 12}  # fmt: skip
"""Characters of each name of a line that are kept."""


class Traffic(models.Model):
    """So many messages of one kind from a moment on (system time).

    span       seconds: 0 as a process wrote it, part of a minute; a whole minute, hour, day (UTC)
    way, client, service, consumer_node, provider_node, outcome   see `counting.Line`
    size       bytes, in both directions
    last       when the last of them ended
    durations  how many in which bucket (`buckets`)
    """

    at = models.DateTimeField()
    span = models.PositiveIntegerField(default=0)
    way = models.CharField(max_length=LONGEST["way"])
    client = models.CharField(max_length=LONGEST["client"])
    service = models.CharField(max_length=LONGEST["service"])
    consumer_node = models.CharField(max_length=LONGEST["consumer_node"])
    provider_node = models.CharField(max_length=LONGEST["provider_node"])
    outcome = models.CharField(max_length=LONGEST["outcome"])
    number = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    last = models.DateTimeField()
    durations = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="traffic_at"),
            models.Index(fields=["span", "at"], name="traffic_span"),
        ]
