"""The demand board: what bodies need and nobody shares, who needs it too, and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import AppendOnly, Title
from lingnan.kernel.trust.api import official

BOARD = official("data_officer", "head")


class Need(Record):
    """What a body needs. `state` follows from the acts upon it.

    elements   what it should say, in words
    matter     code of the matter it is for, "" for none
    origin     what it came from: "form:<matter>:<field>", "wish:<number>", "" for an official's own
    holder     body that the data authority has named, "" until then
    resource   code of the resource that answers it
    """

    STATES = [
        ("posted", pgettext_lazy("need", "waits for a holder to be named")),
        ("assigned", pgettext_lazy("need", "the holder answers")),
        ("promised", pgettext_lazy("need", "will be shared")),
        ("shared", pgettext_lazy("need", "shared")),
        ("refused", pgettext_lazy("need", "not shared")),
        ("withdrawn", pgettext_lazy("need", "taken back")),
    ]
    number = models.CharField(_("number of the need"), max_length=20, unique=True)
    title = models.CharField(_("what is needed"), max_length=100)
    elements = models.CharField(_("data items needed"), max_length=400)
    purpose = models.CharField(_("what it is needed for"), max_length=200)
    basis = models.CharField(_("basis of the need"), max_length=200)
    matter = models.CharField(_("matter it is for"), max_length=80, blank=True)
    origin = models.CharField(_("where the need came from"), max_length=120, blank=True)
    body = models.CharField(_("body in need"), max_length=40, db_index=True)
    account = models.BigIntegerField(editable=False)
    state = models.CharField(
        _("state of the need"), max_length=10, choices=STATES, default="posted", db_index=True
    )
    holder = models.CharField(_("named holder"), max_length=40, blank=True, db_index=True)
    answer = models.CharField(_("answer of the holder"), max_length=400, blank=True)
    refusal = models.CharField(_("basis of the refusal"), max_length=200, blank=True)
    resource = models.CharField(_("resource that answers it"), max_length=80, blank=True)
    promised_on = models.DateField(_("to be shared by"), null=True, blank=True)

    record = RecordType(
        title=Title("数据需求", "Needs of data"),
        holder="data",
        readers=BOARD,
        elements={"data_need.number": "number", "data_need.state": "state"},
        identifier="number",
        columns=("number", "title", "body", "state", "holder"),
        panels=(
            PanelOf(
                Title("需求", "Need"),
                ("number", "title", "elements", "purpose", "basis", "matter", "body", "origin"),
            ),
            PanelOf(
                Title("答复", "Answer"),
                ("state", "holder", "answer", "refusal", "resource", "promised_on"),
            ),
        ),
        filters=("state",),
        search=("number", "title"),
        basis="《政务数据共享条例》（2025-05-28；条文未经核实）",
    )

    class Meta:
        indexes = [models.Index(fields=["title"], name="data_need_title")]

    def __str__(self) -> str:
        return self.title


class NeedJoined(AppendOnly):
    """A body that needs the same; once for each body."""

    need = models.CharField(max_length=20)
    body = models.CharField(max_length=40)
    why = models.CharField(max_length=200)
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "body"], name="need_joined_once")]
