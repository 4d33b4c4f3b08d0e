"""Forms of what is entered about a household."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui
from lingnan.standards.resident_number import InvalidResidentNumber
from lingnan.systems.government.population import opening
from lingnan.systems.government.population.acts import births, households, moves
from lingnan.systems.government.population.acts.addresses import Place
from lingnan.systems.government.population.acts.households import Dwelling, members
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.models import RELATIONS, Household, Resident
from lingnan.systems.government.population.rules import kinship, numbers
from lingnan.systems.government.population.views import placing

Fields = Sequence[ui.FieldView]


def day(name: str, label: str) -> ui.FieldView:
    today = legal_time.today().isoformat()
    return ui.FieldView(name, label, kind="date", maximum=today)


def informant() -> ui.FieldView:
    return ui.FieldView("informant", _("Told by"), maxlength=60, required=False)


def relation(required: bool = True) -> ui.FieldView:
    told = [pair for pair in RELATIONS if pair[0] != kinship.HEAD]
    return ui.FieldView("relation", _("Relation to the head"), kind="select",
                        options=ui.options(told), required=required)  # fmt: skip


def new_address() -> list[ui.FieldView]:
    hint = _("Only where a household of their own is founded. Empty: they join this household.")
    return placing.fields(_("Address of a new household"), hint, required=False)


def _people(home: Household) -> list[ui.Option]:
    said = _("“%(name)s”")
    return [ui.Option(opening.ref(one), said % {"name": one.name}) for one in members(home.number)]


def _chosen(home: Household, text: str) -> Resident:
    for one in members(home.number):
        if opening.ref(one) == text:
            return one
    raise Refused("moved_meanwhile")


def dwelling(beside: Household | Resident, place: Place) -> Dwelling:
    """A new household at a place of the county; of no standard address, beside who is known.

    Raises Refused.
    """
    if place.division and place.division[:6] != beside.division[:6]:
        raise Refused("other_county")
    if place.code:
        remark = f"标准地址{place.code}"
    else:
        remark = "" if place.address == beside.address else "无标准地址，按申报登记"
    return Dwelling(
        beside.division, place.township or beside.township, place.address, remark=remark
    )


def _into(home: Household, place: Place | None) -> Household | Dwelling:
    return home if place is None else dwelling(home, place)


def birth_fields(home: Household) -> Fields:
    sexes = ui.options(Resident.SEXES)
    return [
        ui.FieldView("name", _("Name of the child"), maxlength=60),
        ui.FieldView("sex", _("Sex"), kind="radio", options=sexes),
        day("born", _("Date of birth")),
        ui.FieldView("parent", _("Parent"), _("Empty for a foundling"), kind="select",
                     options=_people(home), required=False, blank=_("a foundling")),
        relation(required=False),
        ui.FieldView("certificate", _("Number of the birth certificate"), maxlength=40,
                     required=False),
        informant(),
    ]  # fmt: skip


def birth(home: Household, said: ui.Said, who: Actor) -> Any:
    parent = _chosen(home, said["parent"]) if said["parent"] else None
    told = said["relation"] or (
        kinship.child(said["sex"]) if parent and parent.relation in ("02", "10") else ""
    )
    made = births.Birth(said["name"], said["sex"], said["born"], home, parent, told,
                        said["certificate"], said["informant"])  # fmt: skip
    return births.enter(made, who)


def arrival_fields(home: Household) -> Fields:
    kinds = [ui.Option("1", _("City or town: within 3 days")),
             ui.Option("0", _("Village: within 10 days"))]  # fmt: skip
    return [
        ui.FieldView("paper", _("Number of the migration paper"), maxlength=32),
        day("arrived", _("Day of arrival")),
        ui.FieldView("urban", _("Where they arrived"), kind="radio", options=kinds),
        relation(required=False),
        *new_address(),
    ]


def arrival(home: Household, said: ui.Said, who: Actor) -> Any:
    one = moves.bearer(said["paper"])
    opening.witness("record.opened", who, [one])
    told = kinship.HEAD if said["place"] else said["relation"]
    moves.use_paper(one, _into(home, said["place"]), said["arrived"], told,
                    said["urban"] == "1", who)  # fmt: skip
    return Resident.objects.get(key=one.key)


def newcomer_fields(home: Household) -> Fields:
    return [
        ui.FieldView("number", _("Resident number"), maxlength=18),
        ui.FieldView("name", _("Name"), maxlength=60),
        day("arrived", _("Day of arrival")),
        ui.FieldView("paper", _("Number of the migration paper, or other paper of Art. 13"),
                     maxlength=80),
        relation(required=False),
        *new_address(),
    ]  # fmt: skip


def newcomer(home: Household, said: ui.Said, who: Actor) -> Any:
    try:
        number = numbers.recognised(said["number"], legal_time.today())
    except (InvalidResidentNumber, numbers.NotBorn):
        raise Refused("bad_number") from None
    comer = moves.Comer(number.number, said["name"], numbers.SEXES[number.sex], number.birth_date)
    told = kinship.HEAD if said["place"] else said["relation"]
    return moves.come_in(comer, _into(home, said["place"]), said["arrived"], said["paper"],
                         told, who)  # fmt: skip


def split_fields(home: Household) -> Fields:
    return [
        ui.FieldView("who", _("Who leaves the household"), kind="checkbox",
                     options=_people(home)),
        ui.FieldView("head", _("Head of the new household"), kind="select",
                     options=_people(home)),
        day("on", _("From what day")),
        *placing.fields(_("Address of a new household"), value=home.address),
        informant(),
    ]  # fmt: skip


def split(home: Household, said: ui.Said, who: Actor) -> Any:
    leaving = [_chosen(home, one) for one in said["who"]]
    where = dwelling(home, said["place"])
    head_ = _chosen(home, said["head"])
    return households.split(leaving, head_, where, said["on"], who, said["informant"])


def merge_fields(home: Household) -> Fields:
    return [
        ui.FieldView("into", _("Number of the household they join"), maxlength=20),
        day("on", _("From what day")),
        informant(),
    ]


def merge(home: Household, said: ui.Said, who: Actor) -> Any:
    into = opening.home(who, said["into"])
    if into is None:
        raise Refused("no_household")
    return households.merge(home, into, said["on"], who, said["informant"])


def head_fields(home: Household) -> Fields:
    return [
        ui.FieldView("head", _("Head of the household"), kind="select", options=_people(home)),
        day("on", _("From what day")),
        informant(),
    ]


def head(home: Household, said: ui.Said, who: Actor) -> Any:
    households.appoint(_chosen(home, said["head"]), said["on"], who, said["informant"])
    return home
