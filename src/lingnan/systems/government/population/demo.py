"""The synthetic residents."""

from lingnan.kernel.runtime.api import World, action
from lingnan.systems.government.population.models import Resident


def build(world: World) -> None:
    with action(by="demonstration", reason="synthetic province") as act:
        act.load(
            Resident,
            (
                {
                    "key": person.key,
                    "resident_number": person.number,
                    "name": person.name,
                    "sex": person.sex,
                    "birth_date": person.birth_date,
                    "division": person.division,
                    "address": person.address,
                    "domicile": person.domicile,
                    "household": person.household,
                    "valid_from": person.birth_date,
                }
                for person in world.people
            ),
        )
