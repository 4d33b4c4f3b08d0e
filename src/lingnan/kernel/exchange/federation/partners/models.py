"""What is known here of other instances, and what was agreed with them."""

from django.db import models
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly
from lingnan.kernel.runtime.temporal.models import Temporal


class Partner(Temporal):
    """Another instance; ended: from that moment nothing goes either way.

    kind    how the two stand to each other: province (both in the mainland), region (one is Hong
            Kong or Macao), abroad (one is of another state). What follows from it: `rules`
    portal  where its directory is fetched, `node` what its node is called that founded it, the
            only one through which it is reached
    anchor  SHA-256 of the root that signs its directory, told by another way
    """

    KINDS = [
        ("province", pgettext_lazy("partner", "another province")),
        ("region", pgettext_lazy("partner", "special administrative region")),
        ("abroad", pgettext_lazy("partner", "abroad")),
    ]
    instance = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60)
    portal = models.CharField(max_length=200)
    node = models.CharField(max_length=40)
    anchor = models.CharField(max_length=64)
    why = models.CharField(max_length=200, blank=True)


class Heard(models.Model):
    """How the last attempt to fetch a partner's directory went; `problem` is empty where it did."""

    instance = models.CharField(max_length=20, primary_key=True)
    tried_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)


class Arrangement(Temporal):
    """合作安排: what the bodies of one instance may ask of one resource of the other.

    giver     the instance whose nodes answer; `partner` is the other side as this node sees it
    document  what both sides sign, in canonical JSON (`documents`)
    ours, theirs  each side's signature of it, with the certificates above (`Shown.plain`)
    state     draft: being written by the giver; proposed: signed by the giver and sent; received:
              come from the giver; reviewed: an official here has looked at it and leaves it to the
              head; in_force: signed by both; declined; over: ended by either side for good
    held_here, held_there  suspended by this side, by the other
    author    the account that wrote or reviewed it: another one signs
    unsaid    what the other side has not acknowledged yet
    """

    STATES = [
        ("draft", pgettext_lazy("arrangement", "draft")),
        ("proposed", pgettext_lazy("arrangement", "waits for the other side")),
        ("received", pgettext_lazy("arrangement", "to be reviewed")),
        ("reviewed", pgettext_lazy("arrangement", "to be signed by the head")),
        ("in_force", pgettext_lazy("arrangement", "in force")),
        ("declined", pgettext_lazy("arrangement", "declined")),
        ("over", pgettext_lazy("arrangement", "ended")),
    ]
    number = models.CharField(max_length=20, unique=True)
    partner = models.CharField(max_length=20, db_index=True)
    giver = models.CharField(max_length=20)
    document = models.TextField()
    ours = models.JSONField(default=dict, blank=True)
    theirs = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=STATES)
    held_here = models.BooleanField(default=False)
    held_there = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True)
    author = models.BigIntegerField(default=0)
    signed_by = models.CharField(max_length=200, blank=True)
    unsaid = models.JSONField(default=list, blank=True)


class Asked(AppendOnly):
    """One question under an arrangement, as this side wrote it down.

    way      in: asked of this node; out: asked by it
    about    the firm's code; empty of a person, who is found by the evidence alone
    outcome  answered, denied or unavailable; `evidence` is the number of its entry here, `theirs`
             the one that the other side named
    """

    WAYS = [(s, s) for s in ("in", "out")]
    arrangement = models.CharField(max_length=20, db_index=True)
    partner = models.CharField(max_length=20)
    way = models.CharField(max_length=3, choices=WAYS)
    body = models.CharField(max_length=100)
    about = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=80)
    actor = models.CharField(max_length=200)
    outcome = models.CharField(max_length=12)
    why = models.CharField(max_length=200, blank=True)
    evidence = models.BigIntegerField(default=0)
    theirs = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["way", "at"], name="asked_by_day")]
