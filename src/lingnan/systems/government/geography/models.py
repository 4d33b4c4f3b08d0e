"""Divisions by date and standard addresses."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import (
    Dimension,
    Filled,
    PanelOf,
    QualityRule,
    Record,
    RecordType,
    Shaped,
    Unique,
)
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import OFFICIAL, official

STEWARD = official("data_officer", functions=("data",))
LAYER_BASIS = "《地图管理条例》（2015-11-26）第十五条、第二十二条"
ADDRESS_BASIS = "《地名管理条例》（2022-03-30）第十七条"


class Division(Record):
    """A unit of territory under one code and name, from a day to a day.

    A code may return with another name, so that code and first day together are one record. An
    open `begins` means: in force when the first list was drawn up (2000-12-31).
    """

    LEVELS = [
        ("province", pgettext_lazy("place", "province")),
        ("city", pgettext_lazy("place", "city")),
        ("county", _("county level")),
        ("township", _("township level")),
    ]
    code = models.CharField(_("division code"), max_length=12, db_index=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    level = models.CharField(pgettext_lazy("place", "level"), max_length=10, choices=LEVELS)
    parent = models.CharField(_("unit above"), max_length=12, blank=True, db_index=True)
    begins = models.DateField(_("first day"), null=True, blank=True)
    ends = models.DateField(_("first day no longer"), null=True, blank=True)
    successors = models.CharField(_("successors"), max_length=60, blank=True)
    basis = models.CharField(pgettext_lazy("place", "document"), max_length=120, blank=True)

    record = RecordType(
        title=Title("行政区划", "Divisions"),
        holder="data",
        readers=OFFICIAL,
        elements={"division.code": "code", "division.name": "name_zh"},
        identifier="code",
        columns=("name_zh", "code", "level", "begins"),
        panels=(
            PanelOf(Title("区划", "Division"), ("name_zh", "name_en", "code", "level", "parent")),
            PanelOf(Title("沿革", "History"), ("begins", "ends", "successors", "basis")),
        ),
        search=("name_zh", "code"),
        text=("name_zh",),
        basis="《地名管理条例》（2022-03-30）第二十二条",
    )

    class Meta:
        indexes = [models.Index(fields=["level", "code"], name="division_of_level")]

    @property
    def title(self) -> Title:
        return Title(self.name_zh, self.name_en or self.name_zh)

    def __str__(self) -> str:
        return self.name_zh


class Address(Record):
    """A standard address: a door with one code, one text and one point (WGS 84 degrees)."""

    KINDS = [("dwelling", _("dwelling")), ("premises", pgettext_lazy("place", "premises"))]
    code = models.CharField(_("address code"), max_length=20, unique=True)
    text = models.CharField(_("standard address"), max_length=200)
    division = models.CharField(pgettext_lazy("place", "county"), max_length=12)
    township = models.CharField(pgettext_lazy("place", "township"), max_length=12, blank=True)
    street = models.CharField(_("road or village"), max_length=60)
    number = models.CharField(pgettext_lazy("place", "number"), max_length=60, blank=True)
    ordinal = models.IntegerField(editable=False, default=0)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    kind = models.CharField(pgettext_lazy("place", "kind"), max_length=10, choices=KINDS)
    floor_area = models.FloatField(_("registered floor area (m²)"), null=True, blank=True)

    record = RecordType(
        title=Title("标准地址", "Standard addresses"),
        holder="data",
        readers=OFFICIAL,
        elements={
            "place.code": "code",
            "place.standard_address": "text",
            "place.division": "division",
            "place.township": "township",
            "place.longitude": "longitude",
            "place.latitude": "latitude",
        },
        identifier="code",
        columns=("text", "code", "kind"),
        panels=(
            PanelOf(
                Title("地址", "Address"),
                ("text", "code", "kind", "division", "township", "street", "number"),
            ),
            PanelOf(Title("位置", "Position"), ("longitude", "latitude", "floor_area")),
        ),
        search=("code", "text"),
        text=("text",),
        subject="place",
        scope="division",
        basis=ADDRESS_BASIS,
        projected=("code", "text", "division", "township", "longitude", "latitude", "kind"),
        counted=(Dimension("division", "division"), Dimension("kind")),
        rules=(
            QualityRule(
                "code_unique", Title("地址编码不重复", "No two have one code"), Unique("code")
            ),
            QualityRule(
                "place_known", Title("坐标已填写", "The point is stated"), Filled("longitude")
            ),
            QualityRule(
                "division_shaped",
                Title("县级代码为六位数字", "The county's code has six digits"),
                Shaped("division", "[1-9][0-9]{5}"),
            ),
        ),
    )

    class Meta:
        indexes = [
            models.Index(fields=["division", "street", "ordinal", "key"], name="address_on_street"),
            models.Index(fields=["longitude", "latitude", "key"], name="address_by_place"),
        ]

    def __str__(self) -> str:
        return self.text


class Layer(Record):
    """Where a layer of the map, or of the register, comes from, and what was done to it."""

    code = models.SlugField(_("code of the layer"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    as_of = models.DateField(_("state of the day"), null=True, blank=True)
    source_zh = models.CharField(_("source (Chinese)"), max_length=300)
    source_en = models.CharField(_("source (English)"), max_length=400)
    licence = models.CharField(_("licence"), max_length=60, blank=True)
    attribution = models.CharField(_("to be named as"), max_length=120)
    made_zh = models.CharField(_("what was simplified (Chinese)"), max_length=300)
    made_en = models.CharField(_("what was simplified (English)"), max_length=400)
    limits_zh = models.CharField(_("limits of its use (Chinese)"), max_length=300)
    limits_en = models.CharField(_("limits of its use (English)"), max_length=400)
    collections = models.CharField(_("collections of the API"), max_length=120, blank=True)

    record = RecordType(
        title=Title("地图和地址数据来源", "Origins of maps and addresses"),
        holder="data",
        readers=OFFICIAL,
        elements={},
        identifier="code",
        columns=("name_zh", "code", "licence", "as_of"),
        panels=(
            PanelOf(Title("数据", "Layer"), ("name_zh", "name_en", "code", "as_of")),
            PanelOf(
                Title("来源", "Origin"),
                ("source_zh", "source_en", "licence", "attribution", "collections"),
            ),
            PanelOf(
                Title("加工和限制", "What was done, and limits"),
                ("made_zh", "made_en", "limits_zh", "limits_en"),
            ),
        ),
        search=("code",),
        sorts=("code",),
        basis=LAYER_BASIS,
        editors=STEWARD,
        entered=(
            "code", "name_zh", "name_en", "as_of", "source_zh", "source_en", "licence",
            "attribution", "made_zh", "made_en", "limits_zh", "limits_en", "collections",
        ),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name_zh


class Road(models.Model):
    """A road or village of a township and how many addresses stand on it.

    Made from the addresses, so that a search looks at some thousand roads and not at millions of
    doors; `roads.rebuild` makes it anew.
    """

    division = models.CharField(max_length=12)
    township = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=60)
    addresses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "township", "name"], name="road_of_township"
            )
        ]
        indexes = [models.Index(fields=["name", "division"], name="road_by_name")]
