"""Who is named to represent an enterprise and has to confirm it, and the licences issued."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import AppendOnly, Title
from lingnan.systems.government.legal_persons.readers import MARKET


class Appointment(Record):
    """Somebody named as the new legal representative. It holds once they confirm in person.

    `number` cannot be guessed: the firm hands it to whom it names. `person` is the pseudonym of
    who confirmed or declined.
    """

    STATES = [
        ("named", _("has to confirm")),
        ("confirmed", _("has confirmed")),
        ("declined", _("declined")),
        ("withdrawn", _("withdrawn")),
    ]
    number = models.CharField(_("number of the appointment"), max_length=24, unique=True)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    name = models.CharField(_("who is named"), max_length=60)
    reference = models.CharField(_("number of the decision"), max_length=60)
    named_on = models.DateField(_("named on"))
    state = models.CharField(_("state"), max_length=10, choices=STATES, default="named")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    person = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("法定代表人变更", "Changes of the legal representative"),
        holder="market",
        readers=MARKET,
        elements={"enterprise_appointment.state": "state"},
        identifier="number",
        columns=("number", "company", "name", "named_on", "state"),
        panels=(
            PanelOf(
                Title("变更", "Change"),
                ("number", "company", "name", "reference", "named_on", "state", "answered_on"),
            ),
        ),
        search=("number", "company"),
        filters=("state",),
        concerns="person",
        scope="division",
        basis="《市场主体登记管理条例》（2021-07-27）第十五条、第二十四条",
    )

    def __str__(self) -> str:
        return self.number


class Licence(AppendOnly):
    """A sealed business licence with its file. `digest` is of what it says."""

    number = models.CharField(max_length=40, unique=True)
    company = models.CharField(max_length=18, db_index=True)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, db_index=True)
    sha256 = models.CharField(max_length=64, unique=True)
    pdf = models.BinaryField()
    issued_on = models.DateField()
