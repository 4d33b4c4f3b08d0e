"""The catalogue: one entry for each resource that some body of government shares, or does not."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import Filled, PanelOf, QualityRule, Record, RecordType, Unique
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import OFFICIAL, official
from lingnan.systems.government.resource_exchange.corrections.models import (
    Correction,
    CorrectionTold,
)
from lingnan.systems.government.resource_exchange.demand.models import Need, NeedJoined
from lingnan.systems.government.resource_exchange.sources.models import (
    KnownThing,
    Publication,
    Source,
    SourceState,
)
from lingnan.systems.government.resource_exchange.value.models import ResourceFigures

__all__ = [
    "Correction",
    "CorrectionTold",
    "Entry",
    "KnownThing",
    "Need",
    "NeedJoined",
    "Publication",
    "ResourceFigures",
    "Source",
    "SourceState",
]


class Entry(Record):
    """A resource with the core metadata of the national catalogue (国发〔2016〕51号).

    code       类, 项, 目, 细目 / 顺序码; for good, whatever the resource is called later
    resource   what the exchange calls it
    elements   [{"code", "zh", "en"}], those of the resource
    related    codes of other entries
    words      what it is found by besides its names: its elements, condition, basis
    """

    SHARING = [
        ("unconditional", _("shared without condition")),
        ("conditional", _("shared on condition")),
        ("refused", _("not shared")),
    ]
    WAYS = [
        ("service", pgettext_lazy("catalogue", "service")),
        ("table", pgettext_lazy("catalogue", "table")),
        ("file", pgettext_lazy("catalogue", "file")),
    ]
    SUBJECTS = [
        ("person", _("a person")),
        ("organisation", _("an organisation")),
        ("place", _("a place")),
        ("thing", _("a thing")),
    ]
    OPENED = [
        ("open", pgettext_lazy("catalogue", "open to the public")),
        ("conditional", _("open on condition")),
        ("closed", _("not open")),
    ]
    CYCLES = [
        ("realtime", pgettext_lazy("catalogue", "at once")),
        ("day", _("each day")),
        ("week", _("each week")),
        ("month", _("each month")),
        ("quarter", _("each quarter")),
        ("year", _("each year")),
        ("irregular", _("from time to time")),
    ]
    code = models.CharField(_("catalogue code"), max_length=30, unique=True)
    category = models.CharField(_("category"), max_length=20, db_index=True)
    resource = models.CharField(_("resource"), max_length=80, unique=True)
    title_zh = models.CharField(_("Chinese name"), max_length=200)
    title_en = models.CharField(_("English name"), max_length=200)
    summary_zh = models.CharField(pgettext_lazy("catalogue", "summary"), max_length=500, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=500, blank=True)
    provider = models.CharField(_("provider of data"), max_length=40, db_index=True)
    subject = models.CharField(_("one asks about"), max_length=14, choices=SUBJECTS)
    way = models.CharField(_("way of sharing"), max_length=10, choices=WAYS)
    elements = models.JSONField(_("elements"))
    sharing = models.CharField(_("class of sharing"), max_length=14, choices=SHARING)
    condition_zh = models.CharField(_("condition of sharing"), max_length=300)
    condition_en = models.CharField(_("condition in English"), max_length=300)
    basis = models.CharField(_("legal basis"), max_length=300)
    opened = models.CharField(_("open to the public"), max_length=12, choices=OPENED)
    cycle = models.CharField(_("how often it changes"), max_length=10, choices=CYCLES)
    published_on = models.DateField(pgettext_lazy("catalogue", "published on"))
    related = models.JSONField(_("related entries"), default=list, blank=True)
    words = models.TextField(_("words"), blank=True)

    record = RecordType(
        title=Title("政务数据目录", "Catalogue of government data"),
        holder="data",
        readers=OFFICIAL,
        elements={"catalogue_entry.code": "code", "catalogue_entry.title": "title_zh"},
        identifier="code",
        columns=("title_zh", "code", "sharing", "cycle", "published_on"),
        panels=(
            PanelOf(
                Title("是什么", "What it is"),
                ("title_zh", "title_en", "code", "summary_zh", "subject", "provider", "resource"),
            ),
            PanelOf(
                Title("怎样共享", "How it is shared"),
                ("sharing", "condition_zh", "basis", "way", "opened", "cycle", "published_on"),
            ),
        ),
        filters=("sharing", "subject", "cycle", "published_on"),
        search=("title_zh", "code", "resource"),
        text=("title_zh", "title_en", "summary_zh", "words"),
        pinned=("sharing", "subject"),
        basis="《政务数据共享条例》（2025-05-28）",
        projected=("code", "title_zh", "provider", "sharing", "basis", "cycle"),
        rules=(
            QualityRule(
                "code_unique", Title("目录代码不重复", "No two have one code"), Unique("code")
            ),
            QualityRule(
                "provider_known",
                Title("提供方已填写", "The provider is stated"),
                Filled("provider"),
            ),
            QualityRule("basis_known", Title("依据已填写", "The basis is stated"), Filled("basis")),
        ),
        exporters=official("data_officer", functions=("data",)),
    )

    class Meta:
        indexes = [models.Index(fields=["title_zh"], name="catalogue_entry_title")]

    @property
    def title(self) -> Title:
        return Title(self.title_zh, self.title_en)

    def __str__(self) -> str:
        return self.title_zh
