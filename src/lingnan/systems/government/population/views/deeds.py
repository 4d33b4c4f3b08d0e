"""What can be entered about a household or a resident: a form each, and the act behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population.views import household_deeds, resident_deeds


@dataclass(frozen=True)
class Deed:
    """Something that can be entered; the act returns whose page is shown after it.

    alive  whether it is about a record that holds
    fits   whether it is offered now; the act judges for itself again
    """

    code: str
    title: str | Promise
    fields: Callable[[Any], Sequence[ui.FieldView]]
    do: Callable[[Any, ui.Said, Actor], Any]
    note: str | Promise = ""
    alive: bool = True
    fits: Callable[[Any], bool] = lambda subject: True


HOUSEHOLD = (
    Deed("birth", _("Enter a birth"), household_deeds.birth_fields, household_deeds.birth,
         _("Within a month of the birth; later ones are entered all the same.")),
    Deed("arrival", _("Enter with a migration paper"), household_deeds.arrival_fields,
         household_deeds.arrival),
    Deed("newcomer", _("Enter somebody from another province"), household_deeds.newcomer_fields,
         household_deeds.newcomer),
    Deed("split", _("Split the household"), household_deeds.split_fields, household_deeds.split),
    Deed("merge", _("Merge into another household"), household_deeds.merge_fields,
         household_deeds.merge),
    Deed("head", _("Appoint the head"), household_deeds.head_fields, household_deeds.head),
)  # fmt: skip
RESIDENT = (
    Deed("death", _("Enter a death"), resident_deeds.death_fields, resident_deeds.death,
         _("The record ends on the day of death; the number is never given again.")),
    Deed("move", _("Move within the county"), resident_deeds.move_fields, resident_deeds.move),
    Deed("paper", _("Issue a migration paper"), resident_deeds.paper_fields, resident_deeds.paper,
         _("Who leaves the province leaves the register today.")),
    Deed("relation", _("State the relation to the head"), resident_deeds.relation_fields,
         resident_deeds.relation),
    Deed("guardian", _("Enter a court's order on guardianship"), resident_deeds.guardian_fields,
         resident_deeds.guardian, _("A parent who is no guardian stops acting for the child."),
         fits=resident_deeds.has_parents),
    Deed("correction", _("Propose a change of name or number"), resident_deeds.correction_fields,
         resident_deeds.correction, _("The head decides.")),
    Deed("residence", _("Register a residence"), resident_deeds.residence_fields,
         resident_deeds.residence,
         fits=resident_deeds.may_register),
    Deed("permit", _("Take in a request for a residence permit"), resident_deeds.no_fields,
         resident_deeds.permit, _("After half a year of residence; made within 15 days."),
         fits=resident_deeds.may_ask),
    Deed("handout", _("Hand out the residence permit"), resident_deeds.no_fields,
         resident_deeds.handout,
         fits=resident_deeds.may_be_handed),
    Deed("endorse", _("Endorse the residence permit"), resident_deeds.no_fields,
         resident_deeds.endorse,
         fits=resident_deeds.has_permit),
    Deed("leave", _("End the residence"), resident_deeds.leave_fields, resident_deeds.leave,
         fits=resident_deeds.lives_elsewhere),
    Deed("undo", _("Undo a death entered in error"), resident_deeds.undo_fields,
         resident_deeds.undo, alive=False,
         fits=resident_deeds.is_dead),
)  # fmt: skip
DEEDS = {"household": HOUSEHOLD, "resident": RESIDENT}


def links(about: str, subject: Any, ref: str) -> list[ui.Link]:
    """The ways to what can be entered now."""
    found = [
        ui.Link(reverse(f"population-{about}-deed", args=[ref, deed.code]), str(deed.title))
        for deed in DEEDS[about]
        if deed.alive != subject.ended and deed.fits(subject)
    ]
    if not subject.ended:
        way = reverse(f"population-{about}-address", args=[ref])
        found.append(ui.Link(way, str(_("Correct an address"))))
    return found
