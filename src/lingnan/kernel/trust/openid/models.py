"""Systems at which people sign in by this node, what they agreed to, and what was issued."""

from django.db import models

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.runtime.temporal.models import Temporal


class RelyingParty(Temporal):
    """A system of a body at which people sign in by this node (a client, RFC 6749 §2).

    `secret` is a slow hash; empty of a public client, which has only its proof keys. Addresses
    stand one to a line. `level` is the least level of assurance of a sign-in;
    `algorithm` signs its identity tokens (RFC 7518 §3.1); `backchannel` is told of sign-outs.
    """

    client_id = models.CharField(max_length=40, unique=True)
    body = models.CharField(max_length=40, db_index=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    redirects = models.TextField()
    logouts = models.TextField(blank=True)
    secret = models.CharField(max_length=200, blank=True)
    scopes = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(default=1)
    algorithm = models.CharField(max_length=5, default="RS256")
    backchannel = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        app_label = "trust"

    @property
    def title(self) -> Title:
        return Title(self.name_zh, self.name_en)


class SignInConsent(Temporal):
    """What somebody lets a system know. `scopes` are sorted, with spaces between them."""

    account = models.BigIntegerField(db_index=True)
    client_id = models.CharField(max_length=40, db_index=True)
    scopes = models.CharField(max_length=200)

    class Meta:
        app_label = "trust"


class AuthorizationCode(models.Model):
    """A code that a system changes for tokens, once and within a minute (RFC 6749 §4.1.2)."""

    digest = models.CharField(primary_key=True, max_length=64)
    family = models.CharField(max_length=32, db_index=True)
    client_id = models.CharField(max_length=40)
    account = models.BigIntegerField()
    holding = models.BigIntegerField(null=True)
    session = models.CharField(max_length=64)
    redirect = models.TextField()
    scopes = models.CharField(max_length=200)
    nonce = models.CharField(max_length=500)
    challenge = models.CharField(max_length=128)
    signed_in_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    until = models.DateTimeField(db_index=True)
    used = models.BooleanField(default=False)

    class Meta:
        app_label = "trust"


class IssuedToken(models.Model):
    """A token that was issued, as its hash. All that came of one code are one family."""

    KINDS = [("access", "access"), ("refresh", "refresh")]
    digest = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=7, choices=KINDS)
    family = models.CharField(max_length=32, db_index=True)
    client_id = models.CharField(max_length=40)
    account = models.BigIntegerField(db_index=True)
    holding = models.BigIntegerField(null=True)
    session = models.CharField(max_length=64, db_index=True)
    scopes = models.CharField(max_length=200)
    signed_in_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    used = models.BooleanField(default=False)
    revoked = models.BooleanField(default=False)

    class Meta:
        app_label = "trust"


class LogoutNotice(models.Model):
    """That a session has ended, to be told to one system. Times are system time.

    `session` and `account` are internal keys; `tries` were refused, the last for `problem`.
    """

    STATES = [
        ("waiting", "waiting"), ("told", "told"), ("dead", "dead"), ("dropped", "dropped"),
    ]  # fmt: skip
    key = models.BigAutoField(primary_key=True)
    client_id = models.CharField(max_length=40)
    session = models.BigIntegerField()
    account = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(fields=["client_id", "session"], name="logout_notice_once"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="logout_notice_due")]
