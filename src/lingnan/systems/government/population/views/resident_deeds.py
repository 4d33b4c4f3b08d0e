"""Forms of what is entered about a resident."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import kin, opening
from lingnan.systems.government.population.acts import (
    corrections,
    deaths,
    guardians,
    households,
    moves,
    residences,
)
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.models import Correction, Residence, Resident
from lingnan.systems.government.population.rules import guardianship, kinship
from lingnan.systems.government.population.views.household_deeds import (
    Fields,
    day,
    dwelling,
    informant,
    new_address,
)
from lingnan.systems.government.population.views.household_deeds import (
    relation as relation_field,
)


def has_parents(one: Resident) -> bool:
    return not guardianship.of_age(one.birth_date, legal_time.today()) and bool(
        kin.parents_named(one)
    )


def no_fields(one: Resident) -> Fields:
    return []


def may_register(one: Resident) -> bool:
    return one.domicile[:6] != one.division[:6] and residences.of(one) is None


def lives_elsewhere(one: Resident) -> bool:
    return residences.of(one) is not None


def may_ask(one: Resident) -> bool:
    row = residences.of(one)
    return row is not None and row.asked_on is None


def may_be_handed(one: Resident) -> bool:
    row = residences.of(one)
    return row is not None and row.asked_on is not None and not row.permit


def has_permit(one: Resident) -> bool:
    row = residences.of(one)
    return row is not None and bool(row.permit)


def is_dead(one: Resident) -> bool:
    return deaths.ended_by(one) == "death"


def _again(one: Resident) -> Resident:
    return Resident.objects.get(key=one.key)


def death_fields(one: Resident) -> Fields:
    paper = ui.FieldView("paper", _("Number of the death certificate"), maxlength=80)
    return [day("died", _("Day of death")), paper, informant()]


def death(one: Resident, said: ui.Said, who: Actor) -> Any:
    deaths.enter(one, said["died"], said["informant"], said["paper"], who)
    return _again(one)


def undo_fields(one: Resident) -> Fields:
    return [ui.FieldView("grounds", _("Grounds of the correction"), maxlength=200)]


def undo(one: Resident, said: ui.Said, who: Actor) -> Any:
    deaths.undo(one, said["grounds"], who)
    return _again(one)


def move_fields(one: Resident) -> Fields:
    number = ui.FieldView("household", _("Number of the household they join"), maxlength=20,
                          required=False)  # fmt: skip
    fields = [day("on", _("From what day")), number, relation_field(required=False)]
    return [*fields, *new_address(), informant()]


def move(one: Resident, said: ui.Said, who: Actor) -> Any:
    to: Any = opening.home(who, said["household"]) if said["household"] else None
    told = said["relation"]
    if to is None and said["place"] and not said["household"]:
        to, told = dwelling(one, said["place"]), kinship.HEAD
    if to is None:
        raise Refused("no_household")
    moves.within([one], to, said["on"], who, [told], said["informant"])
    return _again(one)


def paper_fields(one: Resident) -> Fields:
    kinds = [ui.Option("0", _("Inside the province")), ui.Option("1", _("Outside the province"))]
    return [
        ui.FieldView("outside", _("Where they move"), kind="radio", options=kinds),
        ui.FieldView("place", _("Place moved to"), maxlength=120),
        ui.FieldView("reason", _("Reason of the move"), maxlength=200),
    ]


def paper(one: Resident, said: ui.Said, who: Actor) -> Any:
    moves.issue_paper(one, said["place"], said["outside"] == "1", said["reason"], who)
    return _again(one)


def guardian_fields(one: Resident) -> Fields:
    kinds = [
        ui.Option("off", pgettext("guardianship", "withdrawn")),
        ui.Option("on", pgettext("guardianship", "restored")),
    ]
    return [
        ui.FieldView("parent", _("Resident number of the parent"), maxlength=18, width="medium"),
        ui.FieldView("order", _("What the court ordered"), kind="radio", options=kinds),
        day("on", pgettext("guardianship", "In force from")),
        ui.FieldView("paper", _("Number of the court's decision"), maxlength=80),
    ]


def guardian(one: Resident, said: ui.Said, who: Actor) -> Any:
    parent = Resident.objects.filter(resident_number=said["parent"].upper(), ended=False).first()
    restored = said["order"] == "on"
    guardians.ordered(one, parent, restored, said["on"], said["paper"], who)
    return _again(one)


def relation_fields(one: Resident) -> Fields:
    return [relation_field()]


def relation(one: Resident, said: ui.Said, who: Actor) -> Any:
    households.relate(one, said["relation"], who)
    return _again(one)


def correction_fields(one: Resident) -> Fields:
    return [
        ui.FieldView("kind", _("What is to be changed"), kind="radio",
                     options=ui.options(Correction.FIELDS)),
        ui.FieldView("after", _("As it shall be"), maxlength=60),
        ui.FieldView("grounds", _("Grounds of the correction"), maxlength=200),
        ui.FieldView("papers", _("Papers that show it"), maxlength=200),
    ]  # fmt: skip


def correction(one: Resident, said: ui.Said, who: Actor) -> Any:
    told = corrections.Proposal(said["kind"], said["after"], said["grounds"], said["papers"])
    corrections.propose(one, told, who)
    return one


def residence_fields(one: Resident) -> Fields:
    grounds = ui.options(Residence.GROUNDS)
    return [
        day("since", _("Lives here since")),
        ui.FieldView(
            "grounds", pgettext("residence permit", "Grounds"), kind="radio", options=grounds
        ),
    ]


def residence(one: Resident, said: ui.Said, who: Actor) -> Any:
    residences.register(one, said["since"], said["grounds"], who)
    return one


def permit(one: Resident, said: ui.Said, who: Actor) -> Any:
    residences.ask(one, who)
    return one


def handout(one: Resident, said: ui.Said, who: Actor) -> Any:
    residences.hand_out(one, who)
    return one


def endorse(one: Resident, said: ui.Said, who: Actor) -> Any:
    residences.endorse(one, who)
    return one


def leave_fields(one: Resident) -> Fields:
    return [day("on", _("Until what day"))]


def leave(one: Resident, said: ui.Said, who: Actor) -> Any:
    residences.leave(one, said["on"], who)
    return one
