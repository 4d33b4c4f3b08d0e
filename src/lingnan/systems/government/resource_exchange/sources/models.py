"""A body's connections to what it has already, and what it publishes of that."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.runtime.api import AppendOnly, Temporal, Title

DRAFT, WAITS, PUBLISHED, SUSPENDED, RETRACTED = (
    "draft", "waits", "published", "suspended", "retracted",
)  # fmt: skip
ANSWERS = (PUBLISHED, SUSPENDED)


class Source(Temporal):
    """A connection of a body. `place`: the parts of `sources.Connection` without the password,
    which is in `secret`, sealed."""

    KINDS = [
        ("postgresql", _("PostgreSQL database")),
        ("mysql", _("MySQL or MariaDB database")),
        ("sqlite", _("SQLite file")),
        ("folder", _("folder of files")),
        ("rest", _("JSON service")),
    ]
    number = models.CharField(max_length=20, unique=True)
    body = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=KINDS)
    place = models.JSONField()
    secret = models.TextField(blank=True)
    joined_by = models.CharField(max_length=200)

    class Meta:
        app_label = "resource_exchange"


class Publication(Temporal):
    """A table that a body publishes; a draft until a second person has agreed.

    code      `{subsystem}.{name}`; "" in a draft that has none yet
    columns   [{"column", "element", "zh", "en", "sensitive"}], in order
    asked_by  the column by whose values one asks
    kept      what is remembered of the table (`sources.kept`)
    why       why it is suspended, as hop and detail; or why it was refused or retracted, in words
    account, proposed_by  who sent it to the second person; `decided_by` who agreed
    """

    STATES = [
        (DRAFT, pgettext_lazy("published table", "draft")),
        (WAITS, pgettext_lazy("published table", "waits for a second person")),
        (PUBLISHED, pgettext_lazy("published table", "published")),
        (SUSPENDED, pgettext_lazy("published table", "suspended")),
        (RETRACTED, pgettext_lazy("published table", "retracted")),
    ]
    number = models.CharField(max_length=20, unique=True)
    code = models.CharField(max_length=80, blank=True, db_index=True)
    body = models.CharField(max_length=40, db_index=True)
    function = models.CharField(max_length=40)
    source = models.CharField(max_length=20, db_index=True)
    table = models.CharField(max_length=200)
    columns = models.JSONField()
    asked_by = models.CharField(max_length=200)
    subject = models.CharField(max_length=14)
    kept = models.JSONField()
    title_zh = models.CharField(max_length=100, blank=True)
    title_en = models.CharField(max_length=100, blank=True)
    sharing = models.CharField(max_length=14, blank=True)
    condition_zh = models.CharField(max_length=200, blank=True)
    condition_en = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=20, blank=True)
    cycle = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    why = models.CharField(max_length=300, blank=True)
    account = models.BigIntegerField(default=0)
    proposed_by = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "resource_exchange"

    @property
    def title(self) -> Title:
        return Title(self.title_zh or self.table, self.title_en or self.table)

    @property
    def elements(self) -> dict[str, str]:
        """Data element → column."""
        return {one["element"]: one["column"] for one in self.columns if one.get("element")}


class KnownThing(AppendOnly):
    """The key that a body's own code of a thing was given when it was first found."""

    subsystem = models.CharField(max_length=40)
    code = models.CharField(max_length=200)
    key = models.BigIntegerField(unique=True)

    class Meta:
        app_label = "resource_exchange"
        constraints = [
            models.UniqueConstraint(fields=["subsystem", "code"], name="known_thing_once")
        ]


class SourceState(models.Model):
    """How a published table was found last; `hop` "" where all was well."""

    publication = models.CharField(max_length=20, primary_key=True)
    looked_at = models.DateTimeField()
    hop = models.CharField(max_length=12, blank=True)
    detail = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "resource_exchange"
