"""The synthetic businesses and enterprises."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Batch, Columns, World
from lingnan.kernel.runtime.api import load as load_rows
from lingnan.systems.government.legal_persons import demo_life
from lingnan.systems.government.legal_persons.demo_holdings import Shareholders
from lingnan.systems.government.legal_persons.demo_identifiers import Numbers
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    FormerIdentifier,
    Holding,
    IndividualBusiness,
)

REGISTERED = ("key", "name", "scope", "premises", "division", "registered_on")


def load(world: World) -> None:
    load_rows("demonstration/businesses", _businesses(world))
    load_rows("demonstration/enterprises", _enterprises(world))


def _businesses(world: World) -> Iterator[Batch]:
    for chunk in world.businesses():
        known_as = give("person", "legal_persons", list(chunk["operator"]))
        own = {
            "operator": [known_as[key] for key in chunk["operator"]],
            "operator_name": chunk["operator_name"],
        }
        yield Batch([(IndividualBusiness, _shared(chunk) | own)])


def _enterprises(world: World) -> Iterator[Batch]:
    held, numbers = Shareholders.of(world), Numbers()
    for chunk in world.enterprises():
        own = {name: chunk[name] for name in ("representative", "capital")}
        yield Batch(
            [
                (Enterprise, _shared(chunk) | own),
                (Holding, _columns(held.of_chunk(chunk))),
                (FormerIdentifier, _columns(numbers.of_chunk(chunk))),
            ]
        )
    yield Batch([(Holding, _columns(held.of_group()))])


def _columns(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows by their columns; a name that only some rows have is empty in the others."""
    found = list(rows)
    names = dict.fromkeys(name for row in found for name in row)
    return {name: [row.get(name, "") for row in found] for name in names}


def _shared(chunk: Columns) -> dict[str, Any]:
    return {name: chunk[name] for name in REGISTERED} | {
        "credit_code": chunk["code"],
        "valid_from": chunk["registered_on"],
    }


def build(world: World) -> None:
    """What happened to the firms since; in one transaction."""
    demo_life.build(world)
