"""Posts lent to others."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.temporal.models import Temporal


class Delegation(Temporal):
    """A post that somebody else acts under, from `first` to `last`, both included (legal days).

    `post` is the key of the holding that is lent and `giver` the account that holds it; `kind` says
    whether its holder lent it or the head of the body ordered it.
    """

    KINDS = [("delegated", _("lent by its holder")), ("ordered", _("ordered by the head"))]
    post = models.BigIntegerField(db_index=True)
    giver = models.BigIntegerField()
    taker = models.BigIntegerField(db_index=True)
    body = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    first = models.DateField()
    last = models.DateField()
    why = models.CharField(max_length=200)
    ordered_by = models.CharField(max_length=200)

    class Meta:
        app_label = "trust"
