"""What bodies of government have decided that bears on somebody's standing."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import (
    Dimension,
    Filled,
    NotAhead,
    Ordered,
    PanelOf,
    QualityRule,
    Record,
    RecordType,
)
from lingnan.kernel.runtime.api import AppendOnly, Title
from lingnan.kernel.trust.api import official
from lingnan.systems.government.credit.rules.terms import Facts

READERS = official("data_officer", "records_officer", functions=("credit",))


class CreditEvent(Record):
    """One event about an organisation and, where the law holds one answerable, a person.

    `person` and `organisation` are pseudonyms; `credit_code` is the public number that the decision
    names (empty where it is about a person alone: then the public never sees it). An event ends
    on `ended_on` and is kept until `kept_until` (see `rules/periods`); one that should never have
    been entered is ended as a record.
    """

    KINDS = [
        ("licence", _("licence granted")),
        ("honour", _("honour bestowed")),
        ("hint", _("notice to correct")),
        ("abnormal_list", _("on the list of abnormal operation")),
        ("serious_list", _("on the list of serious violations")),
        ("penalty", _("administrative penalty")),
        ("revocation", _("licence revoked")),
    ]
    TRADES = [("food", _("food")), ("other", _("other"))]
    SEVERITIES = [
        ("warned", _("warning only")),
        ("light", _("reprimand or low fine")),
        ("ordinary", _("ordinary penalty")),
        ("grave", _("grave penalty")),
    ]
    number = models.CharField(_("number of the event"), max_length=40, unique=True)
    person = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    organisation = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    name = models.CharField(_("about"), max_length=120, db_index=True)
    kind = models.CharField(_("kind of event"), max_length=20, choices=KINDS)
    trade = models.CharField(_("trade"), max_length=10, choices=TRADES, default="other")
    what = models.CharField(_("what was found"), max_length=200)
    basis = models.CharField(_("legal basis"), max_length=200)
    source = models.CharField(_("code of the deciding body"), max_length=40)
    source_name = models.CharField(_("decided by"), max_length=80)
    decided_on = models.DateField(_("decided on"))
    ended_on = models.DateField(_("ends on"), null=True, blank=True)
    kept_until = models.DateField(_("kept until"), null=True, blank=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True, db_index=True)
    document = models.CharField(_("number of the decision"), max_length=60, blank=True)
    severity = models.CharField(
        _("weight of the penalty"), max_length=10, choices=SEVERITIES, blank=True
    )
    published_on = models.DateField(_("public from"), null=True, blank=True)
    repaired_on = models.DateField(_("repaired on"), null=True, blank=True)
    disputed = models.BooleanField(_("objection being handled"), default=False)

    record = RecordType(
        title=Title("信用事件", "Credit events"),
        holder="credit",
        readers=READERS,
        elements={
            "credit_event.number": "number",
            "credit_event.kind": "kind",
            "credit_event.decided_on": "decided_on",
            "credit_event.ended_on": "ended_on",
            "credit_event.disputed": "disputed",
        },
        identifier="number",
        columns=("name", "kind", "source_name", "decided_on", "ended_on"),
        panels=(
            PanelOf(
                Title("事件", "Event"),
                ("name", "credit_code", "kind", "severity", "trade", "what", "basis", "number"),
            ),
            PanelOf(
                Title("来源和期限", "Source and periods"),
                (
                    *("source_name", "source", "document", "decided_on", "published_on"),
                    *("ended_on", "repaired_on", "kept_until", "disputed", "division"),
                ),
            ),
        ),
        search=("name", "number", "credit_code"),
        text=("name", "what"),
        filters=("kind", "trade", "disputed", "decided_on"),
        sorts=("number", "name"),
        concerns="person",
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第七条",
        projected=(
            "number",
            "name",
            "kind",
            "trade",
            "basis",
            "decided_on",
            "ended_on",
            "kept_until",
            "division",
        ),
        counted=(
            Dimension("division", "division"),
            Dimension("kind"),
            Dimension("trade"),
            Dimension("decided_on", "year"),
        ),
        rules=(
            QualityRule(
                "basis_filled",
                Title("法律依据已填写", "The legal basis is stated"),
                Filled("basis"),
            ),
            QualityRule(
                "decided_not_ahead",
                Title("决定日期不晚于当日", "The day of the decision is not ahead"),
                NotAhead("decided_on"),
            ),
            QualityRule(
                "ends_after_decision",
                Title("期限不早于决定日期", "It ends no earlier than it was decided"),
                Ordered("decided_on", "ended_on"),
            ),
        ),
    )

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()}"

    @property
    def facts(self) -> Facts:
        """The event as the rules see it."""
        return Facts(
            self.kind,
            self.decided_on,
            self.severity,
            self.trade,
            self.published_on,
            self.ended_on,
            self.repaired_on,
        )


def _record(title: Title, element: str, columns: tuple[str, ...], more: tuple[str, ...]) -> Any:
    """What the registers of proceedings have in common."""
    return RecordType(
        title=title,
        holder="credit",
        readers=READERS,
        elements={element: "number"},
        identifier="number",
        columns=columns,
        panels=(PanelOf(title, (*columns, *more)),),
        search=("number", "name"),
        concerns="person",
        scope="division",
        basis="《广东省企业信用信息收集和公开管理规定》（未经核实）",
    )


class Objection(Record):
    """Somebody says that an event about them is wrong (征信业管理条例 Art. 25, borrowed)."""

    OUTCOMES = [
        ("corrected", _("corrected")),
        ("deleted", _("deleted")),
        ("upheld", _("stands as it was")),
    ]
    number = models.CharField(_("number of the objection"), max_length=40, unique=True)
    event = models.CharField(_("number of the event"), max_length=40, db_index=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    name = models.CharField(_("about"), max_length=120, db_index=True)
    grounds = models.CharField(_("what is wrong"), max_length=400)
    statement = models.CharField(_("own statement"), max_length=200, blank=True)
    raised_on = models.DateField(_("raised on"))
    due_on = models.DateField(_("to be answered by"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES, blank=True)
    answer = models.CharField(_("reasons of the answer"), max_length=400, blank=True)
    source = models.CharField(_("code of the deciding body"), max_length=40, db_index=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = _record(
        Title("信用异议", "Objections to credit events"),
        "credit_objection.number",
        ("number", "name", "event", "raised_on", "due_on", "answered_on", "outcome"),
        ("grounds", "statement", "answer", "source", "division"),
    )

    def __str__(self) -> str:
        return self.number


class Repair(Record):
    """An application that publicity end early; one officer proposes, another decides."""

    STATES = [
        ("filed", _("filed")),
        ("proposed", _("proposal made")),
        ("granted", _("granted")),
        ("refused", _("repair refused")),
    ]
    VIEWS = [("agree", _("the source agrees")), ("disagree", _("the source does not agree"))]
    number = models.CharField(_("number of the repair"), max_length=40, unique=True)
    event = models.CharField(_("number of the event"), max_length=40, db_index=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    name = models.CharField(_("about"), max_length=120, db_index=True)
    grounds = models.CharField(_("what was put right"), max_length=400)
    papers = models.CharField(_("papers that show it"), max_length=400)
    fulfilled = models.BooleanField(_("duties of the decision fulfilled"))
    remedied = models.BooleanField(_("harm removed"))
    applied_on = models.DateField(_("applied on"))
    state = models.CharField(_("state of the repair"), max_length=10, choices=STATES)
    source_view = models.CharField(
        _("view of the source"), max_length=10, choices=VIEWS, blank=True
    )
    proposal = models.CharField(_("proposal"), max_length=400, blank=True)
    proposed_by = models.BigIntegerField(null=True, blank=True, editable=False)
    grants = models.BooleanField(_("proposed to grant"), default=False)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_because = models.CharField(_("reasons of the decision"), max_length=400, blank=True)
    source = models.CharField(_("code of the deciding body"), max_length=40)
    handler = models.CharField(_("handled by"), max_length=40, db_index=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = _record(
        Title("信用修复", "Credit repairs"),
        "credit_repair.number",
        ("number", "name", "event", "applied_on", "state", "decided_on"),
        (
            *("grounds", "papers", "fulfilled", "remedied", "source_view", "proposal", "grants"),
            *("decided_because", "source", "handler", "division"),
        ),
    )

    def __str__(self) -> str:
        return self.number


class Listing(Record):
    """Somebody's place on a joint list: told first, then entered, left by rule."""

    LISTS = [("incentive", _("joint incentive list")), ("punishment", _("joint punishment list"))]
    STATES = [("told", _("told, may be heard")), ("entered", _("on the list")), ("left", _("left"))]
    number = models.CharField(_("number of the entry"), max_length=48, unique=True)
    list = models.CharField(_("joint list"), max_length=10, choices=LISTS, db_index=True)
    event = models.CharField(_("number of the event"), max_length=40)
    credit_code = models.CharField(_("credit code"), max_length=18, db_index=True)
    organisation = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    person = models.CharField(max_length=32, blank=True, editable=False)
    name = models.CharField(_("about"), max_length=120, db_index=True)
    state = models.CharField(_("state of the entry"), max_length=10, choices=STATES, db_index=True)
    told_on = models.DateField(_("told on"))
    heard_until = models.DateField(_("may be heard until"))
    defence = models.CharField(_("statement of defence"), max_length=400, blank=True)
    entered_on = models.DateField(_("entered on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    why = models.CharField(_("reason"), max_length=200)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = _record(
        Title("联合奖惩名单", "Joint incentive and punishment lists"),
        "credit_listing.number",
        ("number", "name", "list", "state", "entered_on", "left_on"),
        ("credit_code", "event", "told_on", "heard_until", "defence", "why", "division"),
    )

    def __str__(self) -> str:
        return self.number


class Batch(AppendOnly):
    """A batch of events as a body sent it: the same key is never taken in twice."""

    source = models.CharField(max_length=40)
    idempotence = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    numbers = models.JSONField()
    by = models.CharField(max_length=200)
    taken_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "idempotence"], name="credit_batch_once")
        ]


class Report(AppendOnly):
    """A sealed credit report with its file. `digest` is of what it says."""

    KINDS = [("public", _("public report")), ("own", _("full report"))]
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    credit_code = models.CharField(max_length=18, db_index=True)
    name = models.CharField(max_length=120)
    account = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)
    pdf = models.BinaryField()
    issued_on = models.DateField()
    sealed_at = models.DateTimeField()
