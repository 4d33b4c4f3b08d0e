"""Agreements, pseudonyms and routes of the exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.api import AppendOnly
from lingnan.kernel.runtime.temporal.models import Temporal


class Agreement(Temporal):
    """What a body (with the bodies below it) may ask of a resource, for which purpose."""

    number = models.CharField(_("agreement number"), max_length=40, unique=True)
    resource = models.CharField(_("resource"), max_length=80, db_index=True)
    consumer = models.CharField(_("consumer"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=80)
    basis = models.CharField(_("legal basis"), max_length=200)
    elements = models.JSONField(_("elements"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)


class Pseudonym(AppendOnly):
    """What one member calls a subject of another. A merge leaves the old one as an alias.

    `kind` is what the subject is: person, organisation, place or thing.
    """

    pseudonym = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=20)
    member = models.CharField(max_length=40)
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "member", "key"], name="pseudonym_of_key")]


class Route(models.Model):
    """Where a system that this node does not carry is answered."""

    system = models.CharField(max_length=40, primary_key=True)
    url = models.CharField(max_length=200)
    token = models.CharField(max_length=128)
