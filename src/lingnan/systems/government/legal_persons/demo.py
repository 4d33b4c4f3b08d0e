"""The synthetic businesses and enterprises."""

from typing import Any

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Firm, World, action
from lingnan.systems.government.legal_persons.models import Enterprise, IndividualBusiness


def build(world: World) -> None:
    operators = [firm.operator.key for firm in world.firms if firm.operator]
    known_as = give("person", "legal_persons", operators)
    with action(by="demonstration", reason="synthetic province") as act:
        act.load(
            IndividualBusiness,
            (
                _shared(firm)
                | {"operator": known_as[firm.operator.key], "operator_name": firm.operator.name}
                for firm in world.firms
                if firm.operator
            ),
        )
        act.load(
            Enterprise,
            (
                _shared(firm) | {"representative": firm.representative, "capital": firm.capital}
                for firm in world.firms
                if not firm.operator
            ),
        )


def _shared(firm: Firm) -> dict[str, Any]:
    return {
        "key": firm.key,
        "credit_code": firm.code,
        "name": firm.name,
        "scope": firm.scope,
        "premises": firm.premises,
        "division": firm.division,
        "registered_on": firm.registered_on,
        "valid_from": firm.registered_on,
    }
