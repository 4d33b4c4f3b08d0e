"""Case files, and all that is done with them: written once.

No table here is a register of the registry: its readers would be the posts of a division, and a
case is seen by stage (`rules/sight.py`). `Sight` and `TermNow` are caches, made anew by `ledger`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly


class Case(AppendOnly):
    """刑事案件. `number` names it between bodies and nodes; `opened_by` is the body's code."""

    key = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    cause = models.CharField(max_length=80)
    summary = models.CharField(max_length=600, blank=True)
    division = models.CharField(max_length=12, db_index=True)
    opened_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    synthetic = models.BooleanField(default=False)


class CaseEvent(AppendOnly):
    """What was done: an act of `rules/stages.py` or a fact of the case. `stage` holds after it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    stage = models.CharField(max_length=24)
    body = models.CharField(max_length=40)
    account = models.BigIntegerField(default=0)
    by = models.CharField(max_length=200)
    text = models.CharField(max_length=2000, blank=True)
    told = models.JSONField(default=dict)
    at = models.DateTimeField()


class Suspect(AppendOnly):
    """犯罪嫌疑人、被告人、罪犯. `subject` is this system's pseudonym where the person is known
    by one; name and number as the person declared them, for documents must show them."""

    key = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="suspects")
    number = models.CharField(max_length=44, unique=True)
    subject = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=60)
    identity_number = models.CharField(max_length=18, blank=True)
    unknown = models.BooleanField(default=False)
    charge = models.CharField(max_length=80)
    charge_basis = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()


class Measure(AppendOnly):
    """强制措施. It ends by a `MeasureEnd`."""

    KINDS = [
        ("summons", _("summons")),
        ("detention", _("detention")),
        ("arrest", _("arrest")),
        ("bail", _("bail")),
        ("residence", _("residential surveillance")),
    ]
    key = models.BigIntegerField(primary_key=True)
    suspect = models.ForeignKey(Suspect, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=12, choices=KINDS)
    basis = models.CharField(max_length=200)
    place = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    body = models.CharField(max_length=40)
    by = models.CharField(max_length=200)
    started_at = models.DateTimeField()


class MeasureEnd(AppendOnly):
    measure = models.OneToOneField(Measure, models.PROTECT, related_name="end")
    why = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class Term(AppendOnly):
    """A clock of the case, or of one person in it; `rule` is a code of `rules/terms.py`."""

    key = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="terms")
    suspect = models.ForeignKey(Suspect, models.PROTECT, null=True, related_name="terms")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="terms")
    rule = models.CharField(max_length=24)
    body = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    entered_at = models.DateTimeField()


class TermEvent(AppendOnly):
    """What happened to a clock. Nobody can take an overrun back: it is written once."""

    KINDS = [
        ("asked", _("prolongation asked for")),
        ("granted", _("prolonged")),
        ("refused", _("prolongation refused")),
        ("suspended", pgettext_lazy("clock", "suspended")),
        ("resumed", _("goes on")),
        ("travel", _("time on the road left out")),
        ("warned", _("warning")),
        ("overrun", _("overrun")),
        ("ended", _("done")),
        ("reopened", _("runs again")),
    ]
    term = models.ForeignKey(Term, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=KINDS)
    code = models.CharField(max_length=24, blank=True)
    days = models.PositiveIntegerField(default=0)
    until = models.DateField(null=True)
    body = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=600, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term"], condition=models.Q(kind="overrun"), name="overrun_once"
            ),
        ]


class TermNow(models.Model):
    """How a clock stands: a cache of its events."""

    term = models.OneToOneField(Term, models.CASCADE, related_name="now")
    due_at = models.DateTimeField(db_index=True)
    warn_at = models.DateTimeField(null=True, db_index=True)
    running = models.BooleanField(default=True, db_index=True)
    overrun = models.BooleanField(default=False)
    division = models.CharField(max_length=12, db_index=True)


class Document(AppendOnly):
    """文书. `volume` says which part of the file it belongs to (`rules/sight.py`)."""

    VOLUMES = [
        ("file", _("case file")),
        ("inner", _("investigation volume")),
        ("review", _("procuratorate's own volume")),
        ("side", _("court's own volume")),
        ("verdict", _("judgments and execution")),
        ("execution", _("record of execution")),
    ]
    key = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=100)
    volume = models.CharField(max_length=10, choices=VOLUMES)
    media = models.CharField(max_length=60)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    body = models.CharField(max_length=40)
    served = models.JSONField(default=list)
    by = models.CharField(max_length=200)
    made_at = models.DateTimeField()


class Evidence(AppendOnly):
    """证据: one of the eight kinds of 《刑事诉讼法》（2018-10-26）第五十条. `travels`: the thing
    itself goes with the file (Art. 245), else its list, photographs or other proof."""

    KINDS = [
        ("thing", _("physical evidence")),
        ("paper", _("documentary evidence")),
        ("witness", _("testimony of witnesses")),
        ("victim", _("statements of victims")),
        ("confession", _("statements and defence of suspects")),
        ("opinion", _("expert opinions")),
        ("record", _("records of inquest, examination, identification and experiment")),
        ("data", _("audio-visual material and electronic data")),
    ]
    key = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    number = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    name = models.CharField(max_length=100)
    about = models.CharField(max_length=600, blank=True)
    quantity = models.CharField(max_length=40)
    travels = models.BooleanField(default=True)
    sha256 = models.CharField(max_length=64)
    body = models.CharField(max_length=40)
    by = models.CharField(max_length=200)
    collected_at = models.DateTimeField()


class Keeping(AppendOnly):
    """保管链: who holds a piece of evidence from when on, under which seal (封条)."""

    KINDS = [
        ("collected", _("collected")),
        ("sealed", _("sealed")),
        ("opened", _("seal opened")),
        ("handed", _("handed over")),
        ("received", pgettext_lazy("evidence", "received")),
        ("missing", pgettext_lazy("evidence", "missing")),
        ("damaged", _("seal damaged")),
    ]
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="keeping")
    kind = models.CharField(max_length=10, choices=KINDS)
    body = models.CharField(max_length=40)
    place = models.CharField(max_length=100, blank=True)
    seal = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class Prepared(AppendOnly):
    """A package that an official prepared and the head is to send or send back."""

    key = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="prepared")
    act = models.CharField(max_length=30)
    text = models.CharField(max_length=2000, blank=True)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class PreparedEnd(AppendOnly):
    prepared = models.OneToOneField(Prepared, models.PROTECT, related_name="end")
    sent = models.BooleanField()
    text = models.CharField(max_length=600, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class Package(AppendOnly):
    """移送包: plain bytes, signed by the sending body; see `packages`. `persons`, `documents` and
    `items` (of evidence) are the numbers of what is in it."""

    key = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="packages")
    number = models.CharField(max_length=40, unique=True)
    act = models.CharField(max_length=30)
    sender = models.CharField(max_length=40)
    receiver = models.CharField(max_length=40, db_index=True)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    persons = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    items = models.JSONField(default=list)
    by = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField()


class Receipt(AppendOnly):
    """移送回执: what the receiver found, signed by its body. `missing` are numbers of items."""

    VERDICTS = [
        ("received", pgettext_lazy("package", "received")),
        ("reserved", _("received with reservation")),
        ("refused", pgettext_lazy("package", "refused")),
    ]
    package = models.OneToOneField(Package, models.PROTECT, related_name="receipt")
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    missing = models.JSONField(default=list)
    text = models.CharField(max_length=600, blank=True)
    signed = models.TextField()
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()


class Sight(models.Model):
    """How a body stands to a case: a cache of its packages (`rules/sight.standings`)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="sights")
    body = models.CharField(max_length=40)
    standing = models.CharField(max_length=12)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "body"], name="one_sight_of_a_case")]
        indexes = [models.Index(fields=["body", "standing"], name="sight_of_a_body")]
