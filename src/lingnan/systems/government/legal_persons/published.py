"""What firms publish themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.readers import MARKET


class Publication(Record):
    """What a firm made public of itself, by itself. Amounts in yuan, of capital only.

    企业信息公示暂行条例 (2014-08-07) Art. 10: within 20 working days of its coming about;
    `due_on` is the last of them, empty where no calendar is announced for it. Both it and
    `published_on` are of the first publication; `corrected_on` is the day of the last correction.
    """

    KINDS = [
        ("capital", _("capital subscribed and paid")),
        ("equity", _("change of shares")),
        ("licence", _("administrative licence")),
        ("ip_pledge", _("pledge of intellectual property")),
        ("penalty", _("administrative penalty")),
        ("other", _("other, by law")),
    ]
    MEANS = [
        ("money", _("in money")),
        ("kind", _("in kind")),
        ("rights", _("intellectual property or land use")),
        ("shares", _("shares or claims")),
    ]
    number = models.CharField(_("number of the publication"), max_length=30, unique=True)
    company = models.CharField(_("credit code"), max_length=18, db_index=True)
    kind = models.CharField(_("kind of information"), max_length=10, choices=KINDS)
    subject = models.CharField(_("whom or what it concerns"), max_length=120)
    content = models.CharField(_("content"), max_length=400)
    subscribed = models.PositiveBigIntegerField(_("capital subscribed (yuan)"), default=0)
    paid = models.PositiveBigIntegerField(_("capital paid (yuan)"), default=0)
    means = models.CharField(_("means"), max_length=10, choices=MEANS, blank=True, default="")
    came_about_on = models.DateField(_("came about on"))
    due_on = models.DateField(_("to be published by"), null=True, blank=True)
    published_on = models.DateField(_("published to all on"))
    corrected_on = models.DateField(_("last corrected on"), null=True, blank=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("企业即时公示信息", "What enterprises publish themselves"),
        holder="market",
        readers=MARKET,
        elements={
            "enterprise_publication.kind": "kind",
            "enterprise_publication.content": "content",
            "enterprise_publication.came_about_on": "came_about_on",
            "enterprise_publication.published_on": "published_on",
        },
        identifier="number",
        columns=("number", "kind", "subject", "came_about_on", "published_on"),
        panels=(
            PanelOf(
                Title("即时公示信息", "Published by the enterprise"),
                (
                    *("number", "company", "kind", "subject", "content", "subscribed", "paid"),
                    *("means", "came_about_on", "due_on", "published_on", "corrected_on"),
                ),
            ),
        ),
        search=("number", "company"),
        filters=("kind",),
        scope="division",
        basis="《企业信息公示暂行条例》（2014-08-07）第十条、第十二条",
    )

    def __str__(self) -> str:
        return self.number

    @property
    def late(self) -> bool:
        return self.due_on is not None and self.published_on > self.due_on
