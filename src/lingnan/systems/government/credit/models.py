"""What bodies of government have decided that bears on somebody's standing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official


class CreditEvent(Record):
    """One event about an organisation and, where the law holds one answerable, a person.

    `person` and `organisation` are pseudonyms. An event ends on `ended_on` and is kept until
    `kept_until` (see `periods`); one that should never have been entered is ended as a record.
    """

    KINDS = [
        ("abnormal_list", _("on the list of abnormal operation")),
        ("serious_list", _("on the list of serious violations")),
        ("penalty", _("administrative penalty")),
        ("revocation", _("licence revoked")),
    ]
    TRADES = [("food", _("food")), ("other", _("other"))]
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

    record = RecordType(
        title=Title("信用事件", "Credit events"),
        holder="credit",
        readers=official("data_officer", "records_officer", functions=("credit",)),
        elements={
            "credit_event.number": "number",
            "credit_event.kind": "kind",
            "credit_event.decided_on": "decided_on",
            "credit_event.ended_on": "ended_on",
        },
        identifier="number",
        columns=("name", "kind", "source_name", "decided_on", "ended_on"),
        panels=(
            PanelOf(
                Title("事件", "Event"),
                ("name", "kind", "trade", "what", "basis", "number"),
            ),
            PanelOf(
                Title("来源和期限", "Source and periods"),
                ("source_name", "source", "decided_on", "ended_on", "kept_until", "division"),
            ),
        ),
        search=("name", "number"),
        text=("name", "what"),
        filters=("kind", "trade", "decided_on"),
        sorts=("number", "name"),
        concerns="person",
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第七条",
    )

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()}"
