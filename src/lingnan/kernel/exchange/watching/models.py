"""Alerts, from the first sign to their end."""

from django.db import models
from django.db.models import Q


class Alert(models.Model):
    """That something is not as it should be (`rules`). Times are system time.

    about   whom or what it is about, as its rule names it; empty: the node itself
    state   pending: seen, not yet for long enough to be told; open: told; closed: over
    figure  what was measured last, as it is written
    since   when it was first seen, then when it was last seen (`seen_at`)
    said    the operator's words of acknowledging it
    """

    STATES = [(s, s) for s in ("pending", "open", "closed")]
    rule = models.CharField(max_length=30)
    about = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="pending", db_index=True)
    figure = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=300, blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "about"], condition=~Q(state="closed"), name="alert_once"
            ),
        ]
