"""What is on its way to another node, what is coming from there, and what came."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class Handover(models.Model):
    """Something on its way: kept until the receiver has acknowledged it.

    system, kind, number  whose it is, what it is there, and by what it is known: once for each
    content  where it is small and of one piece; else `ref` names its folder in `store`
    files    [{"name", "media", "size", "sha256"}], in their order; `size` of all, in bytes
    part     bytes of one part, `leaves` the SHA-256 of each, `root` over them (`manifests`)
    acknowledged  how many parts the receiver has
    state    filling: files are being added; reading: to be hashed; waiting: to be sent at `next_at`
             (system time); taken: acknowledged, by `receipt`; refused: the receiver's node has said
             no, or the right to it has ended, `problem` tells why; dead: it did not answer for
             about a week; returned: nobody had it tried again, and it came back to its sender;
             dropped: given up by an operator, or by who began it
    returned  whether the system was told that it did not arrive: it is not tried again
    """

    STATES = [
        (s, s)
        for s in (
            "filling", "reading", "waiting", "taken", "refused", "dead", "returned", "dropped"
        )
    ]  # fmt: skip
    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    sender = models.CharField(max_length=40, db_index=True)
    receiver = models.CharField(max_length=40)
    purpose = models.CharField(max_length=80, blank=True)
    agreement = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=80)
    by = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(default=b"")
    sha256 = models.CharField(max_length=64, blank=True)
    ref = models.CharField(max_length=32, blank=True)
    files = models.JSONField(default=list, blank=True)
    size = models.BigIntegerField(default=0)
    part = models.PositiveIntegerField(default=0)
    leaves = models.BinaryField(default=b"")
    root = models.CharField(max_length=64, blank=True)
    acknowledged = models.PositiveIntegerField(default=0)
    receipt = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)
    returned = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "kind", "number"], name="handover_once"),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="handover_due")]


class Incoming(models.Model):
    """What comes in parts: which are there, `store` knows.

    digest  of its manifest: with the node that sends (`server`) it names the transfer
    state   open; taken: whole, checked, and given to its system; refused, expired, withdrawn: the
            files are gone, `problem` tells why
    """

    STATES = [(s, s) for s in ("open", "taken", "refused", "expired", "withdrawn")]
    server = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    sender = models.CharField(max_length=40, db_index=True)
    receiver = models.CharField(max_length=40)
    size = models.BigIntegerField()
    manifest = models.JSONField()
    leaves = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=STATES, default="open", db_index=True)
    problem = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["server", "system", "kind", "number"], name="incoming_once"
            ),
        ]


class HandedIn(AppendOnly):
    """What was handed over to a body of this node: come again, it changes nothing.

    sha256   of what came in one message; else of the manifest
    ref      the folder of its files in `store`; empty for what its system keeps itself
    receipt  what the sender was told, signed; empty for what came in one message
    """

    server = models.CharField(max_length=160)
    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    sender = models.CharField(max_length=40, blank=True)
    receiver = models.CharField(max_length=40, blank=True, db_index=True)
    purpose = models.CharField(max_length=80, blank=True)
    agreement = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=80, blank=True)
    ref = models.CharField(max_length=32, blank=True)
    files = models.JSONField(default=list, blank=True)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    receipt = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["server", "system", "kind", "number"], name="handed_in_once"
            ),
        ]
