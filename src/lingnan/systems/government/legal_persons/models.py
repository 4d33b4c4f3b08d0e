"""The register of individual businesses and enterprises, and who holds shares of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import Dimension, PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons import quality
from lingnan.systems.government.legal_persons.appointed import Appointment, Licence
from lingnan.systems.government.legal_persons.asked import Enquiry, PublicationOrder
from lingnan.systems.government.legal_persons.filed import (
    Branch,
    Closing,
    ClosingObjection,
    Filing,
)
from lingnan.systems.government.legal_persons.listed import AnnualReport, ListEntry
from lingnan.systems.government.legal_persons.published import Publication
from lingnan.systems.government.legal_persons.readers import BASIS, MARKET

__all__ = [
    "BASIS",
    "MARKET",
    "AnnualReport",
    "Appointment",
    "Branch",
    "Closing",
    "ClosingObjection",
    "Enquiry",
    "Enterprise",
    "Filing",
    "FormerIdentifier",
    "Holding",
    "IndividualBusiness",
    "Licence",
    "ListEntry",
    "Publication",
    "PublicationOrder",
]


class IndividualBusiness(Record):
    """An individual business (个体工商户). `operator` is a pseudonym, never a number."""

    credit_code = models.CharField(_("credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    operator = models.CharField(max_length=32, db_index=True, editable=False)
    operator_name = models.CharField(_("operator"), max_length=60)
    scope = models.CharField(_("business scope"), max_length=200)
    premises = models.CharField(_("premises"), max_length=200)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    registered_on = models.DateField(_("registered on"))

    record = RecordType(
        title=Title("个体工商户", "Individual businesses"),
        holder="market",
        readers=MARKET,
        elements={
            "business.name": "name",
            "business.credit_code": "credit_code",
            "business.premises": "premises",
            "business.scope": "scope",
            "business.operator_name": "operator_name",
            "business.registered_on": "registered_on",
        },
        identifier="credit_code",
        columns=("name", "operator_name", "credit_code", "premises", "registered_on"),
        panels=(
            PanelOf(
                Title("登记事项", "Registered particulars"),
                ("name", "credit_code", "operator_name", "scope", "premises", "registered_on"),
            ),
        ),
        search=("name", "credit_code"),
        text=("name", "premises"),
        subject="organisation",
        concerns="operator",
        scope="division",
        basis=BASIS,
        projected=("credit_code", "name", "scope", "premises", "division", "registered_on"),
        counted=(Dimension("division", "division"), Dimension("registered_on", "year")),
        rules=quality.BUSINESS,
    )

    def __str__(self) -> str:
        return self.name


class Enterprise(Record):
    """A company or other enterprise. `agent` is the pseudonym of its representative, if known;
    `name_key` is county and name of a firm set up here: no two in existence share it.
    """

    STATES = [("existing", _("in existence")), ("revoked", _("business licence revoked"))]

    credit_code = models.CharField(_("credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    representative = models.CharField(_("legal representative"), max_length=60)
    capital = models.PositiveIntegerField(_("registered capital (10,000 yuan)"))
    scope = models.CharField(_("business scope"), max_length=200)
    premises = models.CharField(_("premises"), max_length=200)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    registered_on = models.DateField(_("registered on"))
    agent = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    supervisors = models.CharField(_("supervisors"), max_length=120, blank=True, default="")
    name_key = models.CharField(
        max_length=140, null=True, blank=True, default=None, unique=True, editable=False
    )
    state = models.CharField(_("state"), max_length=8, choices=STATES, default="existing")
    revoked_on = models.DateField(_("licence revoked on"), null=True, blank=True)
    revocation = models.CharField(_("revocation"), max_length=200, blank=True, default="")
    answerable = models.BooleanField(_("representative answerable"), default=False)
    hindrance = models.CharField(_("noted hindrance"), max_length=200, blank=True, default="")

    record = RecordType(
        title=Title("企业", "Enterprises"),
        holder="market",
        readers=MARKET,
        elements={"enterprise.name": "name", "enterprise.credit_code": "credit_code"},
        identifier="credit_code",
        columns=("name", "representative", "credit_code", "premises", "registered_on"),
        panels=(
            PanelOf(
                Title("登记事项", "Registered particulars"),
                (
                    "name",
                    "credit_code",
                    "representative",
                    "capital",
                    "scope",
                    "premises",
                    "registered_on",
                    "supervisors",
                    "state",
                    "revoked_on",
                    "revocation",
                    "hindrance",
                ),
            ),
        ),
        search=("name", "credit_code"),
        text=("name", "premises"),
        subject="organisation",
        scope="division",
        basis=BASIS,
        projected=(
            "credit_code",
            "name",
            "representative",
            "capital",
            "division",
            "registered_on",
        ),
        counted=(Dimension("division", "division"), Dimension("registered_on", "year")),
        rules=quality.ENTERPRISE,
    )

    def __str__(self) -> str:
        return self.name


class Holding(Record):
    """What one holder has of a company's capital; who has nothing left is ended.

    Amounts in yuan; the share of the company is `subscribed` by its registered capital.
    `holder` is 32 hexadecimal digits whoever it is: a person's pseudonym here, else the mark of
    an enterprise of the register (`holder_code` is its credit code) or of an outside party.
    """

    KINDS = [
        ("person", _("natural person")),
        ("enterprise", _("enterprise of the register")),
        ("outside", _("party outside the register")),
    ]
    number = models.CharField(_("number of the holding"), max_length=24, unique=True)
    company = models.CharField(_("company held (credit code)"), max_length=18, db_index=True)
    holder = models.CharField(max_length=32, db_index=True, editable=False)
    kind = models.CharField(_("kind of shareholder"), max_length=10, choices=KINDS)
    holder_name = models.CharField(_("shareholder"), max_length=120, db_index=True)
    holder_code = models.CharField(
        _("shareholder's credit code"), max_length=18, blank=True, default="", db_index=True
    )
    subscribed = models.PositiveBigIntegerField(_("capital subscribed (yuan)"))
    paid = models.PositiveBigIntegerField(_("capital paid (yuan)"))
    dispute = models.CharField(_("noted dispute"), max_length=200, blank=True, default="")
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("股东及出资", "Shareholdings"),
        holder="market",
        readers=MARKET,
        elements={
            "holding.company": "company",
            "holding.holder_name": "holder_name",
            "holding.subscribed": "subscribed",
            "holding.paid": "paid",
        },
        identifier="number",
        columns=("number", "holder_name", "kind", "subscribed", "paid"),
        panels=(
            PanelOf(
                Title("股东及出资", "Shareholder and capital"),
                (
                    "number",
                    "company",
                    "holder_name",
                    "kind",
                    "holder_code",
                    "subscribed",
                    "paid",
                    "dispute",
                ),
            ),
        ),
        search=("number", "holder_name"),
        text=("holder_name",),
        concerns="holder",
        scope="division",
        basis="《市场主体登记管理条例》（2021-07-27）第八条第二款第一项、第九条第三项",
    )

    def __str__(self) -> str:
        return f"{self.company} ← {self.holder_name}"


class FormerIdentifier(Record):
    """What an enterprise was known by before its credit code (三证合一). It stays readable.

    `replaced_on` is empty while the identifier is still in use beside none or another.
    """

    KINDS = [
        ("registration_number", _("registration number (15 digits)")),
        ("organisation_code", _("organisation code (9 characters)")),
    ]
    value = models.CharField(_("former identifier"), max_length=15, unique=True)
    kind = models.CharField(_("kind of identifier"), max_length=20, choices=KINDS)
    company = models.CharField(_("credit code that replaced it"), max_length=18, db_index=True)
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("原登记号码", "Former identifiers"),
        holder="market",
        readers=MARKET,
        elements={
            "former_identifier.value": "value",
            "former_identifier.replaced_on": "replaced_on",
        },
        identifier="value",
        columns=("value", "kind", "company", "replaced_on"),
        panels=(
            PanelOf(
                Title("原登记号码", "Former identifier"),
                ("value", "kind", "company", "replaced_on"),
            ),
        ),
        search=("value", "company"),
        scope="division",
        basis=BASIS,
    )

    def __str__(self) -> str:
        return self.value
