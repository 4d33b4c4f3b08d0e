"""The agreements of the demonstration: each with its purpose, basis and elements."""

from lingnan.kernel.exchange.api import conclude
from lingnan.kernel.runtime.api import World

AGREEMENTS = [
    (
        "GD-2022-0001",
        "population.identity",
        "market",
        "individual_business",
        "《市场主体登记管理条例》（2021-07-27）第十五条、第十六条第三款",
        ("person.name", "person.identity_number", "person.residence_address"),
    ),
    (
        "GD-2022-0002",
        "population.identity",
        "fire",
        "fire_safety_permit",
        "《行政许可法》（2019-04-23）第三十三条",
        ("person.name", "person.identity_number"),
    ),
    (
        "GD-2022-0003",
        "legal_persons.businesses_of_person",
        "fire",
        "fire_safety_permit",
        "《行政许可法》（2019-04-23）第三十三条；《市场主体登记管理条例》（2021-07-27）第七条",
        (
            "business.name",
            "business.credit_code",
            "business.operator_name",
            "business.premises",
            "business.scope",
        ),
    ),
]


def build(world: World) -> None:
    for number, resource, function, purpose, basis, elements in AGREEMENTS:
        consumer = world.body(function, "440000").code
        conclude(number, resource, consumer, purpose, basis, elements, by="demonstration")
