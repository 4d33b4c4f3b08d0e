"""Who acts: accounts, bodies of government, posts held at them, and seals."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly, Title
from lingnan.kernel.runtime.temporal.models import Temporal
from lingnan.kernel.trust.acting.models import Power
from lingnan.kernel.trust.archiving.models import ArchiveSweep, DocumentTail, SealedDocument
from lingnan.kernel.trust.consents.models import ConsentNotice, ConsentRequest
from lingnan.kernel.trust.delegation.models import Delegation
from lingnan.kernel.trust.openid.models import (
    AuthorizationCode,
    IssuedToken,
    LogoutNotice,
    RelyingParty,
    SignInConsent,
)
from lingnan.kernel.trust.people.models import Appointment
from lingnan.kernel.trust.signin.records import CounterTicket, Credential, SignedInSession
from lingnan.kernel.trust.witnesses.models import Cosignature, SeenHead, WatchedLog, Witness

__all__ = [
    "Account",
    "Appointment",
    "ArchiveSweep",
    "AuthorizationCode",
    "Body",
    "CertificatesReconciled",
    "CheckpointStamp",
    "Consent",
    "ConsentNotice",
    "ConsentRequest",
    "ConsentUse",
    "Cosignature",
    "CounterTicket",
    "Credential",
    "Delegation",
    "DocumentTail",
    "Holding",
    "IssuedCertificate",
    "IssuedToken",
    "LogCheckpoint",
    "LogoutNotice",
    "Power",
    "RelyingParty",
    "SealedDocument",
    "SeenHead",
    "SignInConsent",
    "SignedInSession",
    "WatchedLog",
    "Witness",
]


class Account(AbstractBaseUser):
    """Somebody who can sign in. `subject` is what trust knows a resident by (a pseudonym)."""

    KINDS = [("resident", _("Resident")), ("official", _("Official"))]
    key = models.BigIntegerField(primary_key=True, editable=False)
    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=KINDS)
    subject = models.CharField(max_length=32, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)
    about_zh = models.CharField(max_length=120, blank=True)
    about_en = models.CharField(max_length=120, blank=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager()

    @property
    def about(self) -> Title:
        return Title(self.about_zh, self.about_en)


class Body(Temporal):
    """A body of government at a tier. `undivided`: of a city without counties (东莞, 中山)."""

    TIERS = [
        ("province", pgettext_lazy("tier", "Province")),
        ("city", pgettext_lazy("tier", "City")),
        ("county", pgettext_lazy("tier", "County")),
    ]
    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    tier = models.CharField(max_length=10, choices=TIERS)
    division = models.CharField(max_length=12, db_index=True)
    function = models.CharField(max_length=20, db_index=True)
    parent = models.CharField(max_length=40, blank=True)
    undivided = models.BooleanField(default=False)

    @property
    def title(self) -> Title:
        return Title(self.name_zh, self.name_en)


class Holding(Temporal):
    """A post at a body, held by an account from a day on until it is ended."""

    account = models.BigIntegerField(db_index=True)
    body = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60)

    @property
    def title(self) -> Title:
        return Title(self.title_zh, self.title_en)


class IssuedCertificate(Temporal):
    """A certificate that an authority of this node issued, and whether it still holds.

    `holder` says whose: a body's code, or the veiled key of an account or firm. `key_label` finds
    the private key where this node keeps it; it is empty where the holder keeps it. The times of a
    certificate are system time.
    """

    STATES = [("good", _("valid")), ("suspended", _("suspended")), ("revoked", _("revoked"))]
    serial = models.CharField(max_length=40, unique=True)
    authority = models.CharField(max_length=40, db_index=True)
    profile = models.CharField(max_length=20)
    holder = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=64)
    key_label = models.CharField(max_length=100, blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    pem = models.TextField()
    state = models.CharField(max_length=10, choices=STATES, default="good")
    because = models.CharField(max_length=30, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)


class LogCheckpoint(AppendOnly):
    """A signed head of the evidence log. `serial`: the certificate of the key that signed it."""

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    note = models.TextField()
    serial = models.CharField(max_length=40)
    at = models.DateTimeField()


class CheckpointStamp(AppendOnly):
    """The time-stamp of a checkpoint: a token of RFC 3161, and the time that it tells."""

    size = models.PositiveBigIntegerField(primary_key=True)
    token = models.BinaryField()
    at = models.DateTimeField()


class CertificatesReconciled(AppendOnly):
    """Up to which entry of the evidence the register of certificates has been compared with it."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    entered = models.PositiveIntegerField()
    at = models.DateTimeField()


class Consent(Temporal):
    """What somebody lets a body read of their data: for what, how often, until when.

    `giver` is what trust knows the person or organisation by (a pseudonym), `account` who gave it.
    `body` and the bodies below it may use it. `document` is what was signed, `signin` the evidence
    of the sign-in in whose session it was given (0: none is known). It is revoked, never deleted.
    """

    PERIODS = [
        ("once", _("in all")),
        ("day", _("each day")),
        ("month", _("each month")),
        ("year", _("each year")),
    ]
    number = models.CharField(max_length=20, unique=True)
    giver = models.CharField(max_length=32, db_index=True)
    giver_kind = models.CharField(max_length=20)
    account = models.BigIntegerField()
    body = models.CharField(max_length=40, db_index=True)
    resource = models.CharField(max_length=80)
    purpose = models.CharField(max_length=80)
    basis = models.CharField(max_length=200)
    elements = models.JSONField()
    most = models.PositiveIntegerField()
    period = models.CharField(max_length=10, choices=PERIODS)
    valid_until = models.DateField()
    agreement = models.CharField(max_length=40, blank=True)
    terms = models.CharField(max_length=64, blank=True)
    separate = models.JSONField(default=list, blank=True)
    document = models.TextField()
    signature = models.TextField()
    certificate = models.CharField(max_length=40)
    signin = models.BigIntegerField(default=0)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class ConsentUse(AppendOnly):
    """One use under a consent. The number in its period is taken once, whoever asks at once."""

    consent = models.BigIntegerField()
    window = models.CharField(max_length=10)
    ordinal = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "window", "ordinal"], name="consent_use_once"
            ),
        ]
