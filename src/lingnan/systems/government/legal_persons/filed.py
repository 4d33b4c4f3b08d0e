"""What is filed with the registrar: set-ups, branches, cancellations and objections to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.readers import BASIS, MARKET


class Filing(Record):
    """An application to set up an enterprise. `applicant` is a pseudonym; the applicant is to
    be its legal representative. `holders` is JSON: kind, name, code, subscribed, paid (yuan)."""

    STATES = [("filed", _("filed")), ("granted", _("registered")), ("refused", _("not registered"))]
    number = models.CharField(_("number of the application"), max_length=24, unique=True)
    applicant = models.CharField(max_length=32, db_index=True, editable=False)
    applicant_name = models.CharField(_("legal representative"), max_length=60)
    name = models.CharField(_("name applied for"), max_length=120, db_index=True)
    capital = models.PositiveIntegerField(_("registered capital (10,000 yuan)"))
    scope = models.CharField(_("business scope"), max_length=200)
    premises = models.CharField(_("premises"), max_length=200)
    supervisors = models.CharField(_("supervisors"), max_length=120)
    holders = models.TextField(_("shareholders"), max_length=4000)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    filed_on = models.DateField(_("filed on"))
    state = models.CharField(
        _("state of the application"), max_length=8, choices=STATES, default="filed"
    )
    company = models.CharField(_("credit code issued"), max_length=18, blank=True, default="")
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    words = models.CharField(_("reasons"), max_length=400, blank=True, default="")

    record = RecordType(
        title=Title("企业设立申请", "Applications to set up an enterprise"),
        holder="market",
        readers=MARKET,
        elements={"enterprise_filing.state": "state"},
        identifier="number",
        columns=("number", "name", "applicant_name", "filed_on", "state"),
        panels=(
            PanelOf(
                Title("申请", "Application"),
                (
                    *("number", "name", "applicant_name", "capital", "scope", "premises"),
                    *("supervisors", "filed_on", "state", "company", "decided_on", "words"),
                ),
            ),
        ),
        search=("number", "name"),
        filters=("state",),
        concerns="applicant",
        scope="division",
        basis="《市场主体登记管理条例》（2021-07-27）第十九条",
    )

    def __str__(self) -> str:
        return self.name


class Branch(Record):
    """A branch (分支机构): its own credit code, no legal person; it holds no shares."""

    credit_code = models.CharField(_("credit code"), max_length=18, unique=True)
    company = models.CharField(_("credit code of the enterprise"), max_length=18, db_index=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    head = models.CharField(_("person in charge"), max_length=60)
    scope = models.CharField(_("business scope"), max_length=200)
    premises = models.CharField(_("premises"), max_length=200)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    registered_on = models.DateField(_("registered on"))

    record = RecordType(
        title=Title("分支机构", "Branches"),
        holder="market",
        readers=MARKET,
        elements={"branch.name": "name", "branch.company": "company"},
        identifier="credit_code",
        columns=("name", "head", "credit_code", "company", "registered_on"),
        panels=(
            PanelOf(
                Title("登记事项", "Registered particulars"),
                ("name", "credit_code", "company", "head", "scope", "premises", "registered_on"),
            ),
        ),
        search=("name", "credit_code", "company"),
        scope="division",
        basis="《市场主体登记管理条例》（2021-07-27）第二十三条",
    )

    def __str__(self) -> str:
        return self.name


class Closing(Record):
    """A cancellation under way. `open_until` is the last day for objections or claims."""

    WAYS = [
        ("simple", _("simple procedure")),
        ("ordinary", _("after liquidation")),
        ("forced", _("by the registrar after revocation")),
    ]
    STATES = [
        ("public", _("announced")),
        ("applied", _("cancellation applied for")),
        ("stopped", _("closing stopped")),
        ("done", _("registration cancelled")),
    ]
    number = models.CharField(_("number of the cancellation"), max_length=30, unique=True)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    name = models.CharField(_("name"), max_length=120)
    way = models.CharField(_("procedure"), max_length=8, choices=WAYS)
    state = models.CharField(_("state"), max_length=8, choices=STATES, default="public")
    cause = models.CharField(_("cause of dissolution"), max_length=200)
    leader = models.CharField(_("head of the liquidation team"), max_length=60, blank=True)
    team = models.CharField(_("liquidation team"), max_length=200, blank=True)
    published_on = models.DateField(_("announced on"))
    open_until = models.DateField(_("objections or claims until"))
    ended_on = models.DateField(_("liquidation ended on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    words = models.CharField(_("reasons"), max_length=400, blank=True, default="")
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("注销登记", "Cancellations"),
        holder="market",
        readers=MARKET,
        elements={"closing.way": "way", "closing.state": "state"},
        identifier="number",
        columns=("number", "name", "way", "state", "open_until"),
        panels=(
            PanelOf(
                Title("注销登记", "Cancellation"),
                (
                    *("number", "name", "company", "way", "state", "cause", "leader", "team"),
                    *("published_on", "open_until", "ended_on", "decided_on", "words"),
                ),
            ),
        ),
        search=("number", "name", "company"),
        filters=("way", "state"),
        scope="division",
        basis="《市场主体登记管理条例》（2021-07-27）第三十一条至第三十三条",
    )

    def __str__(self) -> str:
        return self.name


class ClosingObjection(Record):
    """What somebody says against a cancellation, or claims in it. `person` is a pseudonym."""

    number = models.CharField(_("number of the objection"), max_length=36, unique=True)
    closing = models.CharField(_("number of the cancellation"), max_length=30, db_index=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    name = models.CharField(_("who objects"), max_length=60)
    grounds = models.CharField(_("grounds"), max_length=400)
    raised_on = models.DateField(_("raised on"))
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("注销异议", "Objections to cancellations"),
        holder="market",
        readers=MARKET,
        elements={"closing_objection.grounds": "grounds"},
        identifier="number",
        columns=("number", "closing", "name", "raised_on"),
        panels=(
            PanelOf(
                Title("异议", "Objection"), ("number", "closing", "name", "grounds", "raised_on")
            ),
        ),
        search=("number", "closing"),
        concerns="person",
        scope="division",
        basis=BASIS,
    )

    def __str__(self) -> str:
        return self.number
