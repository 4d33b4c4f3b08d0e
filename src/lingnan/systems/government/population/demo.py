"""The synthetic residents and their households."""

from collections.abc import Iterator

from lingnan.kernel.runtime.api import Batch, World
from lingnan.kernel.runtime.api import load as load_rows
from lingnan.systems.government.population.models import Household, Resident


def load(world: World) -> None:
    load_rows("demonstration/residents", _residents(world), beside=world.many)
    load_rows("demonstration/households", _households(world), beside=world.many)


def _residents(world: World) -> Iterator[Batch]:
    for chunk in world.residents():
        yield Batch([(Resident, {**chunk, "valid_from": chunk["birth_date"]})])


def _households(world: World) -> Iterator[Batch]:
    for chunk in world.households():
        # Which dwelling a household has is geography's to say; here its address stands.
        shown = {name: column for name, column in chunk.items() if name != "place"}
        yield Batch([(Household, shown)])
