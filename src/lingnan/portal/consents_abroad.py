"""What people read and allow apart where the body that asks is of another instance (Art. 39)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lingnan.kernel.exchange.api import Offer, partners
from lingnan.kernel.trust.api import consents
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Giver, Words


@dataclass(frozen=True)
class Receiver:
    """`told` is what the person reads of it and the consent keeps; empty of a body of this
    instance."""

    told: Mapping[str, str]
    crosses: bool


def receiver(agreement: str) -> Receiver:
    said = partners.naming.arrangement_of(agreement)
    if said is None:
        return Receiver({}, False)
    told = {"arrangement": said.number, "jurisdiction": said.asker, "contact": said.contact}
    return Receiver(told, partners.rules.crosses(said.kind))


def items(offer: Offer, words: Words) -> list[ui.Item]:
    """Who asks; of another instance where it is, under what, and how one reaches it."""
    said = partners.naming.arrangement_of(offer.number)
    if said is None:
        return [ui.Item(_("Body"), words.body(offer.consumer), _("and the bodies below it"))]
    place = partners.naming.partner_titles().get(said.asker, said.asker)
    found = [
        ui.Item(_("Body"), words.body(offer.consumer)),
        ui.Item(_("Jurisdiction"), str(place), said.asker),
        ui.Item(_("Arrangement"), said.number, _("passed on to nobody")),
    ]
    if said.contact:
        found.append(ui.Item(_("How to exercise your rights there"), said.contact))
    return found


def crossing(offer: Offer, giver: Giver, said: ui.Answers) -> list[ui.FieldView]:
    """That the data leave the mainland is consented to apart."""
    if giver.kind != "person" or not receiver(offer.number).crosses:
        return []
    label = _("Separate consent: these data may leave the mainland for %(body)s") % {
        "body": Words().body(offer.consumer)
    }
    hint = _("Providing personal data beyond the mainland needs a consent of its own (Art. 39).")
    value = "1" if said.ticked(consents.CROSSING) else ""
    return [said.field(consents.CROSSING, label, kind="checkbox", hint=hint, value=value)]
