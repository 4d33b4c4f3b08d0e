"""What people tell or ask the registrar about what firms publish, and what it orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.published import Publication
from lingnan.systems.government.legal_persons.readers import MARKET, REGISTRARS


class Enquiry(Record):
    """A report that something is false, or a question: 企业信息公示暂行条例 (2014-08-07) Art. 13.

    `number` cannot be guessed: who has it reads the answer. `person` is the pseudonym of who was
    signed in. `entry` is the notice that a finding has led to.
    """

    KINDS = [
        ("false", _("report of false information")),
        ("question", _("question about information")),
    ]
    OUTCOMES = [
        ("false", _("found false or hidden")),
        ("sound", _("not found false")),
        ("elsewhere", _("not for this registrar to decide")),
        ("answered", _("question answered")),
    ]
    number = models.CharField(_("number of the enquiry"), max_length=30, unique=True)
    kind = models.CharField(_("kind of enquiry"), max_length=10, choices=KINDS)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    about = models.CharField(_("information that is meant"), max_length=120)
    statement = models.CharField(_("what is reported or asked"), max_length=600)
    contact_name = models.CharField(_("who asks"), max_length=60)
    contact = models.CharField(_("contact"), max_length=120)
    person = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("to be answered by"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome of the enquiry"), max_length=10, choices=OUTCOMES, blank=True, default=""
    )
    answer = models.CharField(_("answer given"), max_length=600, blank=True, default="")
    answered_on = models.DateField(_("answer given on"), null=True, blank=True)
    entry = models.CharField(_("number of the entry"), max_length=36, blank=True, default="")
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("公示信息举报与查询", "Reports and questions about what is published"),
        holder="market",
        readers=REGISTRARS,
        elements={
            "enterprise_enquiry.kind": "kind",
            "enterprise_enquiry.received_on": "received_on",
            "enterprise_enquiry.outcome": "outcome",
            "enterprise_enquiry.answered_on": "answered_on",
        },
        identifier="number",
        columns=("number", "kind", "name", "received_on", "outcome"),
        panels=(
            PanelOf(
                Title("举报或者查询", "Report or question"),
                (
                    *("number", "kind", "name", "company", "about", "statement"),
                    *("contact_name", "contact", "received_on", "due_on"),
                    *("outcome", "answer", "answered_on", "entry"),
                ),
            ),
        ),
        search=("number", "name", "company"),
        filters=("kind", "outcome"),
        concerns="person",
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第十三条",
    )

    def __str__(self) -> str:
        return self.number


class PublicationOrder(Record):
    """An order to publish within a period: 企业信息公示暂行条例 (2014-08-07) Art. 10 (2).

    `until` is the last day of the period; `publication` the number of what answered the order,
    `entry` of the notice that followed when nothing did.
    """

    STATES = [
        ("open", _("period running")),
        ("done", _("order carried out")),
        ("lapsed", _("period over, nothing published")),
        ("lifted", _("order lifted")),
    ]
    number = models.CharField(_("number of the order"), max_length=30, unique=True)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    kind = models.CharField(_("kind of information"), max_length=10, choices=Publication.KINDS)
    subject = models.CharField(_("whom or what it concerns"), max_length=120)
    came_about_on = models.DateField(_("came about on"))
    found = models.CharField(_("findings"), max_length=300)
    document = models.CharField(_("number of the decision"), max_length=60)
    ordered_on = models.DateField(_("ordered on"))
    until = models.DateField(_("to be carried out by"), db_index=True)
    state = models.CharField(
        _("state"), max_length=8, choices=STATES, default="open", db_index=True
    )
    publication = models.CharField(
        _("number of the publication"), max_length=30, blank=True, default=""
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    words = models.CharField(_("reasons"), max_length=300, blank=True, default="")
    entry = models.CharField(_("number of the entry"), max_length=36, blank=True, default="")
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("责令限期公示", "Orders to publish"),
        holder="market",
        readers=MARKET,
        elements={
            "publication_order.until": "until",
            "publication_order.state": "state",
        },
        identifier="number",
        columns=("number", "name", "subject", "until", "state"),
        panels=(
            PanelOf(
                Title("责令限期公示", "Order to publish"),
                (
                    *("number", "name", "company", "kind", "subject", "came_about_on", "found"),
                    *("document", "ordered_on", "until", "state"),
                    *("publication", "closed_on", "words", "entry"),
                ),
            ),
        ),
        search=("number", "name", "company"),
        filters=("state",),
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第十条第二款、第十七条第一款第一项",
    )

    def __str__(self) -> str:
        return self.number
