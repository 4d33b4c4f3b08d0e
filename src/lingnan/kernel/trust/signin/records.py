"""What signing in keeps. In system time, and not as records with versions: a secret that is taken
away is gone. What happened to each stands in the evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Credential(models.Model):
    """One way in, beside the account's password: an authenticator, a passkey, a recovery code.

    `handle` finds it: of a passkey the SHA-256 of its id, of a recovery code its number. `secret`
    is a sealed seed, a public key (COSE) or a hash, by its kind. `counter` is the last step of an
    authenticator, or the signature count of a passkey; `site` the name a passkey belongs to.
    """

    KINDS = [
        ("totp", _("Authenticator program")),
        ("passkey", _("Passkey")),
        ("recovery_code", _("Recovery code")),
    ]
    key = models.BigIntegerField(primary_key=True, editable=False)
    account = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=16, choices=KINDS)
    name = models.CharField(max_length=40, blank=True)
    handle = models.CharField(max_length=64, blank=True, db_index=True)
    secret = models.BinaryField()
    counter = models.BigIntegerField(default=0)
    site = models.CharField(max_length=253, blank=True)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class SignedInSession(models.Model):
    """A session of an account: since when, from where roughly, by which way, in which browser."""

    key = models.BigIntegerField(primary_key=True, editable=False)
    account = models.BigIntegerField(db_index=True)
    session = models.CharField(max_length=40, unique=True)
    method = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    network = models.CharField(max_length=64)
    browser = models.CharField(max_length=60)
    assisted_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)


class CounterTicket(models.Model):
    """What an official opened for somebody who stood at the counter with a document.

    `recover` lets that person set a new password on a device of their own; `assist` opens a short
    session on the counter's second screen. `opened_in` and `redeemed_in` name sessions by a hash,
    `opened_with` the official's browser.
    """

    PURPOSES = [("recover", _("Recovery")), ("assist", _("Help at the counter"))]
    STATES = [
        ("open", pgettext_lazy("ticket", "Not used yet")),
        ("redeemed", pgettext_lazy("ticket", "Opened on the person's device")),
        ("waiting", pgettext_lazy("ticket", "Waits until it takes effect")),
        ("done", pgettext_lazy("ticket", "Done")),
        ("stopped", pgettext_lazy("ticket", "Stopped")),
    ]
    key = models.BigIntegerField(primary_key=True, editable=False)
    account = models.BigIntegerField(db_index=True)
    purpose = models.CharField(max_length=10, choices=PURPOSES)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    code = models.CharField(max_length=64, unique=True)
    document = models.CharField(max_length=20)
    body = models.CharField(max_length=40)
    opened_by = models.BigIntegerField()
    clerk = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    opened_in = models.CharField(max_length=64)
    opened_from = models.CharField(max_length=64)
    opened_with = models.CharField(max_length=64)
    redeemed_in = models.CharField(max_length=64, blank=True)
    same_address = models.BooleanField(default=False)
    password = models.CharField(max_length=128, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
