"""Agreements, pseudonyms and routes of the exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.exchange.federation.models import (
    ClientSystem,
    InstanceNode,
    Invitation,
    KnownDirectory,
    Membership,
    ServiceAddress,
)
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Asked, Heard, Partner
from lingnan.kernel.exchange.following.models import Arrived, Following
from lingnan.kernel.exchange.handing.models import HandedIn, Handover, Incoming
from lingnan.kernel.exchange.introducing.models import Introduced
from lingnan.kernel.exchange.traffic.models import Traffic
from lingnan.kernel.exchange.watching.models import Alert
from lingnan.kernel.runtime.api import AppendOnly
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.runtime.temporal.models import Temporal

__all__ = [
    "Agreement",
    "AgreementWish",
    "Alert",
    "Arrangement",
    "Arrived",
    "Asked",
    "ClientSystem",
    "Follower",
    "FollowerEnd",
    "Following",
    "ForeignUse",
    "GiverNode",
    "HandedIn",
    "Handover",
    "Heard",
    "Incoming",
    "InstanceNode",
    "Introduced",
    "Invitation",
    "KnownDirectory",
    "Membership",
    "Partner",
    "Pseudonym",
    "Route",
    "ServiceAddress",
    "Telling",
    "Traffic",
]


def single_alone() -> list[str]:
    """The kind of use that every agreement allows which says nothing of it."""
    return ["single"]


class Agreement(Temporal):
    """What a body (with the bodies below it) may ask of a resource, for which purpose.

    uses      which kinds of use it allows: single, set, aggregate
    rows      which rows of an answer it lets through (`rows`); empty: all
    subjects  who may be asked about: a division's code, or `territory`, that of the body that asks
    rate      most uses or subjects in a time (`rates`), such as `1000 subjects/day`; empty: any
    volume    how much as files (`volumes`), such as `500 MB/file, 2 GB/day`; empty: the node's own
    onward    the bodies to which what was read may be passed on; none by default
    `document`, `signature`, `certificate`: what this version says, signed by the node; where the
    consent of whom it is about is needed, so that a consent names a text that cannot change.
    """

    number = models.CharField(_("agreement number"), max_length=40, unique=True)
    resource = models.CharField(_("resource"), max_length=80, db_index=True)
    consumer = models.CharField(_("consumer"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=80)
    basis = models.CharField(_("legal basis"), max_length=200)
    elements = models.JSONField(_("elements"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    consent = models.BooleanField(_("consent of the subject is needed"), default=False)
    uses = models.JSONField(_("kinds of use"), default=single_alone)
    rows = models.CharField(_("only rows of which"), max_length=400, blank=True)
    subjects = models.CharField(_("only subjects of"), max_length=12, blank=True)
    rate = models.CharField(_("most in a time"), max_length=40, blank=True)
    volume = models.CharField(_("most as files"), max_length=80, blank=True)
    onward = models.JSONField(_("may be passed on to"), default=list, blank=True)
    document = models.TextField(_("signed text"), blank=True)
    signature = models.TextField(pgettext_lazy("of a text", "signature"), blank=True)
    certificate = models.CharField(_("certificate of the signature"), max_length=40, blank=True)


class AgreementWish(Temporal):
    """A body asks a holder for an agreement.

    consent    whether it wants to read with the consent of whom it is about alone; else the law
               is its ground
    agreement  the one that is to be changed so; empty for a new one
    contested  why the body does not accept the refusal; the data authority then rules
    result     the number of the agreement that came of it
    """

    STATES = [
        ("asked", pgettext_lazy("agreement wish", "waits for the holder")),
        ("granted", pgettext_lazy("agreement wish", "agreed")),
        ("refused", pgettext_lazy("agreement wish", "refused")),
        ("contested", pgettext_lazy("agreement wish", "the data authority rules")),
        ("upheld", pgettext_lazy("agreement wish", "refusal upheld")),
        ("withdrawn", pgettext_lazy("agreement wish", "withdrawn")),
    ]
    number = models.CharField(max_length=20, unique=True)
    agreement = models.CharField(max_length=40, blank=True)
    resource = models.CharField(max_length=80, db_index=True)
    consumer = models.CharField(max_length=40, db_index=True)
    purpose = models.CharField(max_length=80)
    basis = models.CharField(max_length=200)
    elements = models.JSONField()
    valid_until = models.DateField(null=True, blank=True)
    consent = models.BooleanField(default=True)
    uses = models.JSONField(default=single_alone)
    rows = models.CharField(max_length=400, blank=True)
    subjects = models.CharField(max_length=12, blank=True)
    rate = models.CharField(max_length=40, blank=True)
    volume = models.CharField(max_length=80, blank=True)
    onward = models.JSONField(default=list, blank=True)
    why = models.CharField(max_length=200)
    contested = models.CharField(max_length=200, blank=True)
    account = models.BigIntegerField()
    asked_by = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    answer = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=40, blank=True)


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
    """A system elsewhere of which people here read and decide what it asks of them.

    server       the node that answers for it, as the directory names it
    root         the digest of that node's root, under which its agreements are signed
    shown, told_at  the agreements that ask for consent, as that node has told and signed them
                    last (`offers`), and when
    """

    system = models.CharField(max_length=40, primary_key=True)
    server = models.CharField(max_length=160)
    root = models.CharField(max_length=64)
    shown = models.JSONField(default=dict, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)


class GiverNode(Temporal):
    """Another node whose people's consents count here: `root` is the digest of its certificate."""

    root = models.CharField(max_length=64, unique=True)
    server = models.CharField(max_length=160)


class ForeignUse(AppendOnly):
    """One use here of a consent that was given on another node, counted as those given here."""

    root = models.CharField(max_length=64)
    consent = models.CharField(max_length=40)
    window = models.CharField(max_length=10)
    ordinal = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["root", "consent", "window", "ordinal"], name="foreign_use_once"
            ),
        ]


class Follower(AppendOnly):
    """A body that is told when what it has read of a subject changes, until it is ended.

    kind, key  the subject, as its holder knows it; `subject` is the consumer's own pseudonym
    reference  what the consumer follows for: the number of a case
    listener   the room or system of this node whose `told.py` is called
    node       the other node (server) that is told, with its own listener; empty: this one
    aim        what the purpose is called at that node, as it told; else empty
    """

    resource = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    subject = models.CharField(max_length=32)
    consumer = models.CharField(max_length=40)
    purpose = models.CharField(max_length=80)
    basis = models.CharField(max_length=200)
    elements = models.JSONField()
    reference = models.CharField(max_length=80, db_index=True)
    listener = models.CharField(max_length=40)
    node = models.CharField(max_length=160, blank=True)
    aim = models.JSONField(default=dict, blank=True)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resource", "key"], name="follower_of_subject")]


class FollowerEnd(AppendOnly):
    """From here on a follower is told nothing; `why` is unfollowed or agreement."""

    follower = models.OneToOneField(Follower, models.PROTECT, related_name="end")
    at = models.DateTimeField()
    why = models.CharField(max_length=20)


class Telling(models.Model):
    """One change on its way to one follower.

    waiting  to be told at `next_at` (system time), after what was before it
    done     told, or by its listener found told already
    dead     every attempt has failed; an operator looks at it
    dropped  not to be told: given up, or no right to it any more
    """

    STATES = [(s, s) for s in ("waiting", "done", "dead", "dropped")]
    follower = models.ForeignKey(Follower, models.PROTECT, related_name="tellings")
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="+")
    key = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    agreement = models.CharField(max_length=40, blank=True)
    evidence = models.BigIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "outgoing"], name="telling_once"),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="telling_due"),
            models.Index(fields=["follower", "key", "id"], name="telling_in_order"),
        ]


class AgreementUse(models.Model):
    """A share of what an agreement lets pass in a window of time, taken by a process to count from.

    window   the minute or the day (system time); `ordinal` numbers the shares of a window
    """

    agreement = models.CharField(max_length=40)
    window = models.CharField(max_length=16)
    ordinal = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "window", "ordinal"], name="agreement_use_once"
            ),
        ]


class UseSet(models.Model):
    """A use of the kind set: one agreement, one purpose, many subjects under one root.

    request   what its consumer calls it: asked for twice, it is the same set
    aim       what its purpose is called where it was asked, as that was told; else empty
    root      RFC 9162 over the consumer's pseudonyms, in their order
    evidence  the number of the entry; empty until that is durable, and then nothing is answered
    erased_at when whom it concerned was erased; the root stays in the log
    """

    number = models.CharField(max_length=20, primary_key=True)
    request = models.CharField(max_length=80)
    resource = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    consumer = models.CharField(max_length=40)
    purpose = models.CharField(max_length=80)
    basis = models.CharField(max_length=200)
    case = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=200)
    elements = models.JSONField()
    aim = models.JSONField(default=dict, blank=True)
    agreement = models.CharField(max_length=40)
    count = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    evidence = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "request"], name="set_of_request"),
        ]


class SetPart(models.Model):
    """So many subjects of a set, in the order asked: keys of 64 bits each, and their own root."""

    of = models.ForeignKey(UseSet, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    keys = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="part_of_set"),
        ]


class SetBlock(models.Model):
    """The index of a set: keys in ascending order, 64 bits each, and the place of each in it."""

    of = models.ForeignKey(UseSet, models.PROTECT, related_name="blocks")
    last = models.BigIntegerField()
    first = models.BigIntegerField()
    keys = models.BinaryField()
    places = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["of", "last"], name="block_of_set")]


class Counting(AppendOnly):
    """A use of the kind aggregate that was answered: later ones are compared with it.

    question  what was counted of whom, by which categories, and what was withheld (`earlier.Past`)
    ordinal   of those of a day under one agreement: of two at the same moment one asks again
    """

    resource = models.CharField(max_length=80)
    consumer = models.CharField(max_length=40)
    agreement = models.CharField(max_length=40)
    question = models.JSONField()
    day = models.DateField()
    ordinal = models.PositiveIntegerField()
    evidence = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "day", "ordinal"], name="counting_once"),
        ]
        indexes = [models.Index(fields=["resource", "day"], name="counting_of_day")]
