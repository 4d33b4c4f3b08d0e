"""Editing a register as its officials do, over HTTP; shared by the tests of the registry."""

from typing import Any

from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.systems.government.population.models import Household, Resident
from tests.people import Person

RESIDENTS = "/desk/records/population/resident/"
HOUSEHOLDS = "/desk/records/population/household/"
OFFICER, HEAD = "440103-police-records_officer", "440103-police-head"
CITY_HEAD = "440100-police-head"


def one(place: int = 0) -> Resident:
    return Resident.objects.filter(division="440103", ended=False).order_by("key")[place]


def home(place: int = 0) -> Household:
    return Household.objects.filter(division="440103", ended=False).order_by("key")[place]


def fresh(record: Any) -> Any:
    return type(record).objects.get(key=record.key)


def page_of(record: Any) -> str:
    name = record._meta.model_name
    return f"/desk/records/population/{name}/{keys.veil(record.key, f'population.{name}')}/"


def entry(record: Any, **changes: Any) -> dict[str, Any]:
    """The form of a change as the page fills it, with what is typed otherwise."""
    asked = [name for name in record.record.entered if name not in record.record.by_act]
    fields = {name: getattr(record, name) for name in asked}
    told = {f"v_{n}": str(v if not isinstance(v, bool) else int(v)) for n, v in fields.items()}
    told |= {"valid_from": legal_time.today().isoformat(), "reason": "户口簿核对"}
    told |= {"version": str(record.version), "step": "do"}
    named = {"valid_from", "valid_to", "reason", "version", "step", "base"}
    return told | {n if n in named else f"v_{n}": v for n, v in changes.items()}


def proposed(resident: Resident, **changes: Any) -> tuple[Person, str]:
    """An officer proposes a change; the officer, and the address of the proposal."""
    officer = Person(OFFICER)
    officer.post(f"{page_of(resident)}change/", **entry(resident, **changes))
    assert officer.url.startswith("/desk/proposals/"), officer.text
    return officer, officer.url
