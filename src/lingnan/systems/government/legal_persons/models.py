"""The register of individual businesses and enterprises."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official

MARKET = official("clerk", "reviewer", "head", functions=("market",))
BASIS = "《市场主体登记管理条例》（2021-07-27）第八条"


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
        subject="organisation",
        concerns="operator",
        scope="division",
        basis=BASIS,
    )

    def __str__(self) -> str:
        return self.name


class Enterprise(Record):
    """A company or other enterprise."""

    credit_code = models.CharField(_("credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    representative = models.CharField(_("legal representative"), max_length=60)
    capital = models.PositiveIntegerField(_("registered capital (10,000 yuan)"))
    scope = models.CharField(_("business scope"), max_length=200)
    premises = models.CharField(_("premises"), max_length=200)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    registered_on = models.DateField(_("registered on"))

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
                ),
            ),
        ),
        search=("name", "credit_code"),
        subject="organisation",
        scope="division",
        basis=BASIS,
    )

    def __str__(self) -> str:
        return self.name
