"""Powers to act for others."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.temporal.models import Temporal


class Power(Temporal):
    """That `agent` may act for somebody, for named things, until a day (legal days).

    `principal` is what trust calls the person or firm, `account` the person's account (0 of a firm)
    and `code` a firm's. `agent` is 0 where nobody is called as `giver` typed: it looks the same.
    `document` is what was signed; it is empty of a guardianship, which the register of residents
    gives. It is closed, never changed otherwise and never deleted.
    """

    BASES = [
        ("guardianship", _("parent of a minor")),
        ("power", _("power given by the person")),
        ("representation", _("power given by the firm")),
    ]
    number = models.CharField(max_length=20, unique=True)
    basis = models.CharField(max_length=16, choices=BASES)
    principal = models.CharField(max_length=32, db_index=True)
    principal_kind = models.CharField(max_length=20)
    account = models.BigIntegerField(default=0, db_index=True)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=18, blank=True)
    giver = models.BigIntegerField(default=0)
    agent = models.BigIntegerField(db_index=True)
    agent_name = models.CharField(max_length=60)
    scope = models.JSONField()
    last = models.DateField()
    document = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    certificate = models.CharField(max_length=40, blank=True)
    signin = models.BigIntegerField(default=0)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=16, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "trust"
