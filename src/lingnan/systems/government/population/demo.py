"""The synthetic residents and their households."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from lingnan.kernel.exchange.api import conclude
from lingnan.kernel.runtime.api import Batch, World, action
from lingnan.kernel.runtime.api import load as load_rows
from lingnan.systems.government.population import (
    demo_acts,
    finding_self,
    places,
    standard_addresses,
)
from lingnan.systems.government.population.demo_families import Families
from lingnan.systems.government.population.models import CountyCode, Household, Resident

JURISDICTION = "lingnan.jurisdictions.guangdong"


def load(world: World) -> None:
    load_rows("demonstration/residents", _residents(world), beside=world.many)
    load_rows("demonstration/households", _households(world), beside=world.many)


def _residents(world: World) -> Iterator[Batch]:
    families = Families(world)
    for chunk in world.residents():
        own = {"valid_from": chunk["birth_date"], "relation": families.relations(chunk)}
        yield Batch([(Resident, {**chunk, **own})])


def _households(world: World) -> Iterator[Batch]:
    for chunk in world.households():
        # Which dwelling a household has is geography's to say; here its address stands.
        shown = {name: column for name, column in chunk.items() if name != "place"}
        yield Batch([(Household, shown)])


def build(world: World) -> None:
    """The codes that numbers are read by, and that residents may read their own record."""
    path = files(JURISDICTION).joinpath("divisions.csv")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    columns = places.rows_of(csv.DictReader(lines))
    with action(by="demonstration", reason="GB/T 2260") as act:
        act.load_columns(CountyCode, columns)
    conclude(
        "GD-2026-0401", finding_self.RESOURCE, finding_self.CONSUMER, finding_self.PURPOSE,
        finding_self.BASIS, finding_self.ELEMENTS, by="demonstration",
    )  # fmt: skip
    for number, why in (
        ("GD-2026-0402", standard_addresses.CORRECTION),
        ("GD-2026-0403", standard_addresses.REGISTRATION),
    ):
        conclude(
            number, standard_addresses.RESOURCE, standard_addresses.CONSUMER, why.purpose,
            why.basis, standard_addresses.ELEMENTS, by="demonstration",
        )  # fmt: skip
    demo_acts.build(world)
