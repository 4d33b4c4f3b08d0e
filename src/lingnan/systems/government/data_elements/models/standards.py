"""Standards, and mappings of elements to other schemes."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.data_elements.models.elements import DataElement
from lingnan.systems.government.data_elements.models.office import (
    BASIS,
    CONFIRMERS,
    EDITORS,
    OFFICE,
    PROVINCE,
)


class Standard(Record):
    """标准: a published standard, how surely it is known, and what replaces it."""

    STATES = [
        ("current", pgettext_lazy("standard", "in force")),
        ("replaced", pgettext_lazy("standard", "replaced")),
        ("unknown", pgettext_lazy("standard", "not known")),
    ]
    MARKS = [
        ("found", _("found in a source")),
        ("computed", _("checked by computing")),
        ("unverified", _("unverified")),
    ]
    number = models.CharField(_("number of the standard"), max_length=40, unique=True)
    title_zh = models.CharField(_("title of the standard"), max_length=200)
    title_en = models.CharField(_("title of the standard, in English"), max_length=200)
    state = models.CharField(_("state of the standard"), max_length=10, choices=STATES)
    since = models.DateField(_("in force from"), null=True, blank=True)
    replaced_by = models.CharField(_("standard that replaces it"), max_length=40, blank=True)
    mark = models.CharField(_("how surely it is known"), max_length=12, choices=MARKS)
    note = models.CharField(_("remark on the standard"), max_length=300, blank=True)
    division = models.CharField(
        _("division of the standards office"), max_length=12, default=PROVINCE
    )

    record = RecordType(
        title=Title("标准", "Standards"),
        holder="data",
        readers=OFFICE,
        elements={"standard.number": "number", "standard.title": "title_zh"},
        identifier="number",
        columns=("number", "title_zh", "state", "mark", "replaced_by"),
        panels=(
            PanelOf(
                Title("标准", "Standard"),
                ("number", "title_zh", "title_en", "state", "since", "replaced_by", "mark",
                 "note", "division"),
            ),
        ),
        filters=("state", "mark"),
        search=("number", "title_zh"),
        scope="division",
        basis=BASIS,
        editors=EDITORS,
        entered=("number", "title_zh", "title_en", "state", "since", "replaced_by", "mark",
                 "note", "division"),
        confirmed=frozenset({"*"}),
        confirmers=CONFIRMERS,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["title_zh"], name="standard_title")]

    @property
    def title(self) -> Title:
        return Title(self.title_zh, self.title_en)

    def __str__(self) -> str:
        return self.number


class ElementMapping(Record):
    """映射: an element and a term of another scheme, with how they match (SKOS) and value maps.

    values  a line each: own code=code there
    """

    MATCHES = [
        ("exact", pgettext_lazy("mapping", "exact")),
        ("close", pgettext_lazy("mapping", "close")),
        ("broad", pgettext_lazy("mapping", "broader there")),
        ("narrow", pgettext_lazy("mapping", "narrower there")),
        ("related", pgettext_lazy("mapping", "related")),
    ]
    number = models.CharField(_("number of the mapping"), max_length=60, unique=True)
    element = models.CharField(_("mapped element"), max_length=100, db_index=True)
    scheme = models.CharField(_("other scheme"), max_length=60, db_index=True)
    target = models.CharField(_("term there"), max_length=200)
    match = models.CharField(_("kind of match"), max_length=10, choices=MATCHES)
    values = models.TextField(
        _("values there"),
        max_length=4000,
        blank=True,
        help_text=_("One a line: own code=code there."),
    )
    note = models.CharField(_("remark on the mapping"), max_length=300, blank=True)
    division = models.CharField(
        _("division of the standards office"), max_length=12, default=PROVINCE
    )

    record = RecordType(
        title=Title("数据元映射", "Mappings of data elements"),
        holder="data",
        readers=OFFICE,
        elements={"element_mapping.number": "number"},
        identifier="number",
        columns=("number", "element", "scheme", "target", "match"),
        panels=(
            PanelOf(
                Title("映射", "Mapping"),
                ("number", "element", "scheme", "target", "match", "values", "note", "division"),
            ),
        ),
        filters=("match",),
        search=("number", "element"),
        scope="division",
        basis=BASIS,
        editors=EDITORS,
        entered=("number", "element", "scheme", "target", "match", "values", "note", "division"),
        confirmed=frozenset({"*"}),
        confirmers=CONFIRMERS,
        exporters=EDITORS,
    )

    def clean(self) -> None:
        if not DataElement.objects.filter(code=self.element, ended=False).exists():
            raise ValidationError({"element": _now("There is no such element in the register.")})
        bad = [line for line in self.values.splitlines() if line.strip() and line.count("=") != 1]
        if bad:
            raise ValidationError({"values": _now("Please write own code=code there, one a line.")})

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(own code, code there)."""
        rows = (line.split("=") for line in self.values.splitlines() if line.strip())
        return [(own.strip(), there.strip()) for own, there in rows]

    def __str__(self) -> str:
        return self.number
