"""The resident register: one person, one record, with its history."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official


class Resident(Record):
    """A resident. Sex is coded after GB/T 2261.1, places after GB/T 2260."""

    SEXES = [("1", _("male")), ("2", _("female"))]
    resident_number = models.CharField(_("resident number"), max_length=18, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, db_index=True)
    sex = models.CharField(_("sex"), max_length=1, choices=SEXES)
    birth_date = models.DateField(_("date of birth"))
    division = models.CharField(_("county of residence"), max_length=12, db_index=True)
    address = models.CharField(_("address"), max_length=200)
    domicile = models.CharField(_("county of registration"), max_length=12)
    household = models.CharField(_("household number"), max_length=20, db_index=True)

    record = RecordType(
        title=Title("居民", "Residents"),
        holder="police",
        readers=official("records_officer", "head", functions=("police",)),
        elements={
            "person.identity_number": "resident_number",
            "person.name": "name",
            "person.sex": "sex",
            "person.birth_date": "birth_date",
            "person.residence_address": "address",
            "person.residence_division": "division",
        },
        identifier="resident_number",
        columns=("name", "sex", "birth_date", "resident_number", "address"),
        panels=(
            PanelOf(Title("身份", "Identity"), ("name", "resident_number", "sex", "birth_date")),
            PanelOf(Title("居住", "Residence"), ("address", "division", "domicile", "household")),
        ),
        search=("name", "resident_number"),
        subject="person",
        scope="division",
        basis="《户口登记条例》（1958-01-09）第三条",
        masked=frozenset({"resident_number"}),
    )

    def __str__(self) -> str:
        return self.name
