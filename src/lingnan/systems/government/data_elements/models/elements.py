"""Object classes and data elements.

A data element is described as ISO/IEC 11179-3 has it: its concept is an object class with a
property, its representation a value domain. Its registration status is one of 11179-6.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import Filled, PanelOf, QualityRule, Record, RecordType, Unique
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.data_elements.models.office import (
    BASIS,
    CONFIRMERS,
    EDITORS,
    OFFICE,
    PROVINCE,
)
from lingnan.systems.government.data_elements.rules import definitions, domains

ESSENCE = ("definition_zh", "definition_en", "datatype", "length", "unit", "values")
STATUSES = [
    ("candidate", pgettext_lazy("registration status", "candidate")),
    ("recorded", pgettext_lazy("registration status", "recorded")),
    ("qualified", pgettext_lazy("registration status", "qualified")),
    ("standard", pgettext_lazy("registration status", "standard")),
    ("retired", pgettext_lazy("registration status", "retired")),
]
DATATYPES = [
    ("", pgettext_lazy("datatype", "not stated")),
    ("text", pgettext_lazy("datatype", "text")),
    ("integer", pgettext_lazy("datatype", "integer")),
    ("number", pgettext_lazy("datatype", "decimal number")),
    ("boolean", pgettext_lazy("datatype", "yes or no")),
    ("date", pgettext_lazy("datatype", "day")),
    ("instant", pgettext_lazy("datatype", "instant")),
    ("structure", pgettext_lazy("datatype", "structure")),
]


class ObjectClass(Record):
    """对象类: a class of things in the world of which elements tell something."""

    code = models.CharField(_("code of the object class"), max_length=60, unique=True)
    name_zh = models.CharField(_("object class, in Chinese"), max_length=100)
    name_en = models.CharField(_("object class, in English"), max_length=120)
    definition_zh = models.CharField(_("definition of the class"), max_length=400, blank=True)
    definition_en = models.CharField(
        _("definition of the class, in English"), max_length=400, blank=True
    )
    division = models.CharField(
        _("division of the standards office"), max_length=12, default=PROVINCE
    )

    record = RecordType(
        title=Title("对象类", "Object classes"),
        holder="data",
        readers=OFFICE,
        elements={"object_class.code": "code"},
        identifier="code",
        columns=("name_zh", "code", "name_en", "definition_zh"),
        panels=(
            PanelOf(
                Title("对象类", "Object class"),
                ("code", "name_zh", "name_en", "definition_zh", "definition_en"),
            ),
        ),
        search=("name_zh", "code"),
        scope="division",
        basis=BASIS,
        editors=EDITORS,
        entered=("code", "name_zh", "name_en", "definition_zh", "definition_en", "division"),
        confirmed=frozenset({"*"}),
        confirmers=CONFIRMERS,
    )

    class Meta:
        indexes = [models.Index(fields=["name_zh"], name="object_class_name")]

    @property
    def title(self) -> Title:
        return Title(self.name_zh, self.name_en)

    def __str__(self) -> str:
        return self.name_zh


class DataElement(Record):
    """数据元. `declared` is what the installed systems said last; what they change is followed
    where the standards office has not said otherwise.

    edition    11179's version: it goes up with each change of definition or value domain
    home       record type that is its home, "" where it is computed or declared no more
    values     permissible values, a line each: code=中文=English
    standards  numbers of the standards that it is bound to, parted by commas
    """

    code = models.CharField(_("identifier of the element"), max_length=100, unique=True)
    name_zh = models.CharField(_("name of the element"), max_length=200)
    name_en = models.CharField(_("name of the element, in English"), max_length=200)
    object_class = models.CharField(_("object class"), max_length=60, db_index=True)
    property_zh = models.CharField(pgettext_lazy("data element", "property"), max_length=200)
    property_en = models.CharField(_("property, in English"), max_length=200)
    definition_zh = models.TextField(_("definition"), max_length=800, blank=True)
    definition_en = models.TextField(_("definition, in English"), max_length=800, blank=True)
    datatype = models.CharField(_("datatype"), max_length=12, choices=DATATYPES, blank=True)
    length = models.PositiveIntegerField(_("greatest length in characters"), null=True, blank=True)
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    shape = models.CharField(_("format of the value"), max_length=200, blank=True)
    values = models.TextField(
        _("permissible values"),
        max_length=20000,
        blank=True,
        help_text=_("One a line: code=Chinese=English."),
    )
    status = models.CharField(_("registration status"), max_length=12, choices=STATUSES)
    replaced_by = models.CharField(_("identifier of what replaces it"), max_length=100, blank=True)
    edition = models.PositiveIntegerField(_("version of the element"), default=1)
    registrar = models.CharField(_("registration authority"), max_length=40)
    submitter = models.CharField(_("submitting body"), max_length=40, db_index=True)
    home = models.CharField(_("home register"), max_length=100, blank=True)
    standards = models.CharField(_("standards bound to"), max_length=300, blank=True)
    words = models.CharField(_("other words for it"), max_length=400, blank=True)
    declared = models.JSONField(_("as declared"), default=dict, blank=True)
    division = models.CharField(
        _("division of the standards office"), max_length=12, default=PROVINCE
    )

    record = RecordType(
        title=Title("数据元", "Data elements"),
        holder="data",
        readers=OFFICE,
        elements={"data_element.code": "code", "data_element.name": "name_zh"},
        identifier="code",
        columns=("name_zh", "code", "object_class", "datatype", "status", "edition"),
        panels=(
            PanelOf(
                Title("概念", "Concept"),
                ("code", "name_zh", "name_en", "object_class", "property_zh", "property_en",
                 "definition_zh", "definition_en", "words"),
            ),
            PanelOf(
                Title("表示", "Representation"),
                ("datatype", "length", "unit", "shape", "values", "standards"),
            ),
            PanelOf(
                Title("管理", "Administration"),
                ("status", "edition", "replaced_by", "registrar", "submitter", "home", "division"),
            ),
        ),
        filters=("status", "datatype"),
        search=("name_zh", "code"),
        text=("name_zh", "name_en", "definition_zh", "definition_en", "words", "code"),
        pinned=("object_class", "status"),
        scope="division",
        basis=BASIS,
        projected=("code", "name_zh", "status", "definition_zh", "division"),
        rules=(
            QualityRule(
                "identifier_unique", Title("标识符不重复", "No two have one identifier"),
                Unique("code"),
            ),
            QualityRule(
                "defined", Title("定义已填写", "The definition is stated"), Filled("definition_zh")
            ),
        ),
        editors=EDITORS,
        entered=("code", "name_zh", "name_en", "object_class", "property_zh", "property_en",
                 "definition_zh", "definition_en", "datatype", "length", "unit", "shape", "values",
                 "standards", "words", "status", "replaced_by", "edition", "registrar",
                 "submitter", "division"),
        confirmed=frozenset({"*"}),
        confirmers=CONFIRMERS,
        exporters=EDITORS,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["name_zh"], name="data_element_name")]

    @property
    def title(self) -> Title:
        return Title(self.name_zh, self.name_en)

    @property
    def domain(self) -> domains.Domain:
        """Its value domain. Values that cannot be read were refused when they were entered."""
        values = domains.read_values(self.values)
        return domains.Domain(self.datatype, self.length, tuple(one.code for one in values))

    def clean(self) -> None:
        """What a status claims has to be so; what is written is refused with its reason."""
        errors: dict[str, Any] = {}
        try:
            domains.read_values(self.values)
        except domains.BadValues as bad:
            errors["values"] = _now("Line %(n)s is not code=Chinese=English.") % {"n": bad.line}
        if self.status in ("qualified", "standard"):
            errors |= self._lacking()
        if self.status == "standard" and not self.datatype:
            errors["datatype"] = _now("A standard element states its datatype.")
        if self._another() and not self._numbered_anew():
            errors["edition"] = _now("Another definition or value domain is another version.")
        if errors:
            raise ValidationError(errors)

    def _another(self) -> bool:
        """Whether it says otherwise what it is than the record that stands."""
        before = DataElement.objects.filter(key=self.key).first()
        if before is None or self.valid_from < before.valid_from:
            return False  # new, or a correction of the past
        return any(getattr(self, name) != getattr(before, name) for name in ESSENCE)

    def _numbered_anew(self) -> bool:
        return self.edition > DataElement.objects.get(key=self.key).edition

    def _lacking(self) -> dict[str, Any]:
        from lingnan.systems.government.data_elements.wording import breach

        told = {
            "definition_zh": definitions.faults("zh", self.name_zh, self.definition_zh),
            "definition_en": definitions.faults("en", self.name_en, self.definition_en),
        }
        return {field: [breach(one) for one in found] for field, found in told.items() if found}

    def __str__(self) -> str:
        return self.name_zh
