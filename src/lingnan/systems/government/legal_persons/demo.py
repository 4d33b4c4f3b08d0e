"""The synthetic businesses and enterprises."""

from typing import Any

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Columns, World, action
from lingnan.systems.government.legal_persons.demo_holdings import Shareholders
from lingnan.systems.government.legal_persons.demo_identifiers import Numbers
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    FormerIdentifier,
    Holding,
    IndividualBusiness,
)

REGISTERED = ("key", "name", "scope", "premises", "division", "registered_on")


def build(world: World) -> None:
    with action(by="demonstration", reason="synthetic province") as act:
        for chunk in world.businesses():
            known_as = give("person", "legal_persons", list(chunk["operator"]))
            act.load_columns(
                IndividualBusiness,
                _shared(chunk)
                | {
                    "operator": [known_as[key] for key in chunk["operator"]],
                    "operator_name": chunk["operator_name"],
                },
            )
        held, numbers = Shareholders.of(world), Numbers()
        for chunk in world.enterprises():
            own = {name: chunk[name] for name in ("representative", "capital")}
            act.load_columns(Enterprise, _shared(chunk) | own)
            act.load(Holding, held.of_chunk(chunk))
            act.load(FormerIdentifier, numbers.of_chunk(chunk))
        act.load(Holding, held.of_group())


def _shared(chunk: Columns) -> dict[str, Any]:
    return {name: chunk[name] for name in REGISTERED} | {
        "credit_code": chunk["code"],
        "valid_from": chunk["registered_on"],
    }
