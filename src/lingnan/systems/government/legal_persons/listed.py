"""Annual reports of enterprises, and the lists of abnormal operations and serious breaches."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.readers import MARKET


class AnnualReport(Record):
    """The report of a year. `shown` names, with commas, the figures the firm lets all see.

    Money in yuan. 企业信息公示暂行条例 (2014-08-07) Art. 9: (1) to (6) public, (7) by choice.
    """

    CONDITIONS = [
        ("open", _("in business")),
        ("paused", _("business suspended")),
        ("liquidation", _("in liquidation")),
    ]
    number = models.CharField(_("number of the report"), max_length=24, unique=True)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    year = models.PositiveSmallIntegerField(_("year reported on"), db_index=True)
    published_on = models.DateField(_("published to all on"))
    address = models.CharField(_("address for letters"), max_length=200)
    phone = models.CharField(_("telephone of the enterprise"), max_length=20)
    email = models.CharField(_("e-mail"), max_length=80, blank=True, default="")
    condition = models.CharField(_("condition"), max_length=12, choices=CONDITIONS)
    website = models.CharField(_("website or online shop"), max_length=120, blank=True, default="")
    employees = models.PositiveIntegerField(_("employees"))
    assets = models.BigIntegerField(_("total assets (yuan)"))
    debts = models.BigIntegerField(_("total debts (yuan)"))
    revenue = models.BigIntegerField(_("revenue (yuan)"))
    profit = models.BigIntegerField(_("profit (yuan)"))
    taxes = models.BigIntegerField(_("taxes paid (yuan)"))
    shown = models.CharField(_("figures shown to all"), max_length=80, blank=True, default="")
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("企业年度报告", "Annual reports"),
        holder="market",
        readers=MARKET,
        elements={
            "annual_report.year": "year",
            "annual_report.published_on": "published_on",
            "annual_report.condition": "condition",
        },
        identifier="number",
        columns=("number", "company", "year", "published_on", "condition"),
        panels=(
            PanelOf(
                Title("年度报告", "Annual report"),
                (
                    *("number", "company", "year", "published_on", "address", "phone", "email"),
                    *("condition", "website", "employees", "assets", "debts", "revenue"),
                    *("profit", "taxes", "shown"),
                ),
            ),
        ),
        search=("number", "company"),
        filters=("condition",),
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第八条、第九条",
    )

    def __str__(self) -> str:
        return self.number


class ListEntry(Record):
    """An enterprise on a list, from the notice before it to the removal.

    `about` is the year of the missing report, else 0.
    """

    LISTS = [
        ("abnormal", _("list of abnormal operations")),
        ("serious", _("list of serious breaches")),
    ]
    REASONS = [
        ("no_report", _("annual report not published in time")),
        ("no_publication", _("did not publish what it was ordered to")),
        ("hidden_facts", _("published what is hidden or false")),
        ("not_found", _("cannot be reached at its registered premises")),
        ("three_years", _("three years on the list of abnormal operations")),
    ]
    STATES = [
        ("noticed", _("notice given")),
        ("entered", _("stands on the list")),
        ("remedied", _("asks to be removed")),
        ("left", _("removed from the list")),
        ("dropped", _("not entered")),
    ]
    number = models.CharField(_("number of the entry"), max_length=36, unique=True)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    list = models.CharField(_("list"), max_length=8, choices=LISTS, db_index=True)
    ground = models.CharField(_("reason of the entry"), max_length=16, choices=REASONS)
    about = models.PositiveSmallIntegerField(_("year reported on"), default=0)
    state = models.CharField(
        _("state"), max_length=8, choices=STATES, default="noticed", db_index=True
    )
    found = models.CharField(_("findings"), max_length=400)
    noticed_on = models.DateField(_("notice given on"))
    heard_until = models.DateField(_("may be heard until"))
    defence = models.CharField(_("what the enterprise says"), max_length=400, blank=True)
    entered_on = models.DateField(_("entered on"), null=True, blank=True)
    entry_document = models.CharField(_("decision to enter"), max_length=60, blank=True)
    remedied_on = models.DateField(_("put right on"), null=True, blank=True)
    remedy = models.CharField(_("remedy"), max_length=400, blank=True)
    left_on = models.DateField(_("removed on"), null=True, blank=True)
    exit_document = models.CharField(_("decision to remove"), max_length=60, blank=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("经营异常名录和严重违法企业名单", "Lists of abnormal and serious cases"),
        holder="market",
        readers=MARKET,
        elements={
            "enterprise_list.list": "list",
            "enterprise_list.reason": "ground",
            "enterprise_list.entered_on": "entered_on",
            "enterprise_list.left_on": "left_on",
        },
        identifier="number",
        columns=("number", "name", "list", "ground", "state"),
        panels=(
            PanelOf(
                Title("名录", "Entry"),
                (
                    *("number", "name", "company", "list", "ground", "about", "state", "found"),
                    *("noticed_on", "heard_until", "defence", "entered_on", "entry_document"),
                    *("remedied_on", "remedy", "left_on", "exit_document"),
                ),
            ),
        ),
        search=("number", "name", "company"),
        filters=("list", "ground", "state"),
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第十七条",
    )

    def __str__(self) -> str:
        return f"{self.name} · {self.get_list_display()}"
