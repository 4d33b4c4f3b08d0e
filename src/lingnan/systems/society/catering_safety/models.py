"""Food-business licences of catering."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official


class FoodLicence(Record):
    """A food-business licence. `operator` is a pseudonym, never a number."""

    VALID, REVOKED, CANCELLED = "valid", "revoked", "cancelled"
    STATES = [
        (VALID, _("in force")),
        (REVOKED, _("revoked")),
        (CANCELLED, _("cancelled")),
    ]
    number = models.CharField(_("licence number"), max_length=16, unique=True)
    operator = models.CharField(max_length=32, db_index=True, editable=False)
    holder = models.CharField(_("licence holder"), max_length=120, db_index=True)
    place_name = models.CharField(_("name on the door"), max_length=60, blank=True)
    premises = models.CharField(_("licensed premises"), max_length=200)
    items = models.CharField(_("licensed items"), max_length=200)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=STATES, default=VALID)

    record = RecordType(
        title=Title("食品经营许可证（餐饮服务）", "Food-business licences (catering)"),
        holder="market",
        readers=official("clerk", "reviewer", "inspector", "head", functions=("market",)),
        elements={
            "food_licence.number": "number",
            "food_licence.holder": "holder",
            "food_licence.premises": "premises",
            "food_licence.items": "items",
            "food_licence.valid_until": "valid_until",
            "food_licence.state": "state",
        },
        identifier="number",
        columns=("holder", "number", "items", "premises", "valid_until", "state"),
        panels=(
            PanelOf(
                Title("许可", "Licence"),
                ("number", "items", "issued_on", "valid_until", "state"),
            ),
            PanelOf(
                Title("经营者", "Business"),
                ("holder", "place_name", "premises", "division"),
            ),
        ),
        search=("holder", "number"),
        text=("holder", "premises"),
        subject="",
        concerns="operator",
        scope="division",
        basis="《食品安全法》（2021-04-29）第三十五条",
    )

    def __str__(self) -> str:
        return self.holder
