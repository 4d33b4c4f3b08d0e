"""The synthetic residents and their households."""

from lingnan.kernel.runtime.api import World, action
from lingnan.systems.government.population.models import Household, Resident


def build(world: World) -> None:
    with action(by="demonstration", reason="synthetic province") as act:
        for chunk in world.residents():
            act.load_columns(Resident, {**chunk, "valid_from": chunk["birth_date"]})
        for chunk in world.households():
            # Which dwelling a household has is geography's to say; here its address stands.
            shown = {name: column for name, column in chunk.items() if name != "place"}
            act.load_columns(Household, shown)
