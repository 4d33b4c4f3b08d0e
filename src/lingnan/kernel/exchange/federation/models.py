"""What a node knows of its instance, and the node that founded it of all others."""

from django.db import models
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly
from lingnan.kernel.runtime.temporal.models import Temporal


class Membership(AppendOnly):
    """That this node belongs to an instance; the newest counts.

    server  what it is called there, as X-Road-Security-Server has it
    parent  address of the portal through which it joined; empty where it founded the instance
    anchor  SHA-256 of the root that signs the directory
    """

    instance = models.CharField(max_length=40)
    server = models.CharField(max_length=160)
    parent = models.CharField(max_length=200, blank=True)
    anchor = models.CharField(max_length=64)
    at = models.DateTimeField()


class Invitation(AppendOnly):
    """Leave for one node to join, until a moment.

    digest   by which the invitation is named; `secret` proves that who asks has its word. Both are
             made from the word, which is not kept
    code     what the node will be called
    owner    the body that answers for the node
    members  the bodies for which it may speak
    systems  the systems for which it may answer; empty: whatever it carries
    via      the node (server) through which alone it is reached; empty: directly
    """

    digest = models.CharField(max_length=64, unique=True)
    secret = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    members = models.JSONField()
    systems = models.JSONField(default=list, blank=True)
    via = models.CharField(max_length=160, blank=True)
    until = models.DateTimeField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class InstanceNode(Temporal):
    """A node of the instance that this one founded; ended: it has left, or was shut out.

    keys     key id → public key (base64 of SubjectPublicKeyInfo) by which it signs messages
    homes    [body, system] for each system for which it answers
    """

    server = models.CharField(pgettext_lazy("federation", "node"), max_length=160, unique=True)
    url = models.CharField(pgettext_lazy("federation", "address"), max_length=200)
    root = models.TextField(pgettext_lazy("federation", "root certificate"))
    keys = models.JSONField()
    members = models.JSONField(pgettext_lazy("federation", "bodies"))
    homes = models.JSONField(pgettext_lazy("federation", "systems"), blank=True)
    via = models.CharField(max_length=160, blank=True)
    invitation = models.CharField(max_length=64, unique=True)


class KnownDirectory(AppendOnly):
    """A directory as its instance signed it, of those that are known here; the newest counts.

    anchor  under which another instance's was believed; empty for the own instance's
    """

    instance = models.CharField(max_length=40)
    anchor = models.CharField(max_length=64, blank=True, default="")
    version = models.BigIntegerField()
    document = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "anchor", "version"], name="directory_once"
            ),
        ]


class ClientSystem(Temporal):
    """An information system that may speak for a member here, known by its certificate.

    certificate  SHA-256 of it in DER
    """

    certificate = models.CharField(
        pgettext_lazy("federation", "certificate"), max_length=64, unique=True
    )
    body = models.CharField(pgettext_lazy("federation", "body"), max_length=40)
    subsystem = models.CharField(pgettext_lazy("federation", "system"), max_length=40)
    title = models.CharField(pgettext_lazy("federation", "name"), max_length=80)


class ServiceAddress(Temporal):
    """A REST service of a department's own, answered at an address behind this node."""

    body = models.CharField(pgettext_lazy("federation", "body"), max_length=40)
    subsystem = models.CharField(pgettext_lazy("federation", "system"), max_length=40)
    code = models.CharField(pgettext_lazy("federation", "service"), max_length=40)
    title = models.CharField(pgettext_lazy("federation", "name"), max_length=80)
    url = models.CharField(pgettext_lazy("federation", "address"), max_length=200)
    description = models.TextField(pgettext_lazy("federation", "OpenAPI document"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subsystem", "code"], name="service_address_once"),
        ]
