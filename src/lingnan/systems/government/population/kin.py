"""Whose parent somebody is by the register: at the entry of a birth, or as head of the household.

The register names parents in two places: the entry of a birth tells one, and whoever stands in a
household as the head's son or daughter has the head for a parent. What neither says is not guessed.
"""

from lingnan.kernel.exchange.api import keys_of
from lingnan.systems.government.population.acts.events import person_of
from lingnan.systems.government.population.models import LifeEvent, Resident
from lingnan.systems.government.population.rules import guardianship, kinship

CHILDREN = (kinship.SON, kinship.DAUGHTER)
ORDERS = {"guardian_off": "off", "guardian_on": "on"}


def children_named(parent: Resident) -> list[Resident]:
    """All who are named as children and whose record holds, the eldest first."""
    births = LifeEvent.objects.filter(kind="birth", parent=person_of(parent.key), ended=False)
    found = set(keys_of(list(births.values_list("person", flat=True)), "population").values())
    rows = Resident.objects.filter(key__in=found, ended=False)
    if parent.relation == kinship.HEAD:
        home = {"household": parent.household, "relation__in": CHILDREN, "ended": False}
        rows = rows | Resident.objects.filter(**home)
    return list(rows.order_by("birth_date", "key"))


def parents_named(child: Resident) -> set[int]:
    """The keys of those who are named as parents."""
    births = LifeEvent.objects.filter(kind="birth", person=person_of(child.key), ended=False)
    told = [name for name in births.values_list("parent", flat=True) if name]
    found = set(keys_of(told, "population").values())
    if child.relation in CHILDREN:
        head = {"household": child.household, "relation": kinship.HEAD, "ended": False}
        found |= set(Resident.objects.filter(**head).values_list("key", flat=True))
    return found


def is_guardian(parent: Resident, child: Resident) -> bool:
    """Whether a parent who is named is one still, after what courts have ordered."""
    mark = person_of(parent.key)
    rows = LifeEvent.objects.filter(person=person_of(child.key), kind__in=ORDERS, ended=False)
    told = rows.order_by("key").values_list("parent", "kind")
    orders = [(name, ORDERS[kind]) for name, kind in told]
    named = [mark] if parent.key in parents_named(child) else []
    return mark in guardianship.guardians(named, orders)
