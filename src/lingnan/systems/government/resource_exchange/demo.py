"""The agreements of the demonstration: each with its purpose, basis and elements."""

from lingnan.kernel.exchange.api import conclude, sources
from lingnan.kernel.runtime.api import World
from lingnan.systems.government.resource_exchange import demo_sources, entries
from lingnan.systems.government.resource_exchange.demand import demo as needs
from lingnan.systems.government.resource_exchange.purposes import STATISTICS

IDENTITY = "population.identity"
BUSINESSES = "legal_persons.businesses_of_person"
STANDING = "credit.standing"
LICENSING = "《行政许可法》（2019-04-23）第三十三条"
REGISTERED = f"{LICENSING}；《市场主体登记管理条例》（2021-07-27）第七条"
REGISTRATION = "《市场主体登记管理条例》（2021-07-27）第十五条、第十六条第三款"
TAX = "《税收征收管理法》（2015-04-24）第十五条"
WHO = ("person.name", "person.identity_number")
SHOP = ("business.name", "business.credit_code", "business.premises")
FOOD_SHOP = (*SHOP, "business.scope")
PUBLIC_PLACE = (*SHOP, "business.operator_name", "business.scope")
TAXED_SHOP = (*SHOP, "business.scope", "business.registered_on")

# (number, resource, function of the consumer, purpose, basis, elements)
AGREEMENTS: list[tuple[str, str, str, str, str, tuple[str, ...]]] = [
    ("GD-2022-0001", IDENTITY, "market", "individual_business", REGISTRATION,
     (*WHO, "person.residence_address")),
    ("GD-2022-0002", IDENTITY, "fire", "fire_safety_permit", LICENSING, WHO),
    ("GD-2022-0003", BUSINESSES, "fire", "fire_safety_permit", REGISTERED, PUBLIC_PLACE),
    ("GD-2026-0004", IDENTITY, "market", "food_licence", LICENSING, WHO),
    ("GD-2026-0005", BUSINESSES, "market", "food_licence", REGISTERED, FOOD_SHOP),
    ("GD-2026-0006", STANDING, "market", "food_licence",
     "《食品安全法》（2021-04-29）第一百三十五条", ("credit.food_bar",)),
    ("GD-2026-0007", IDENTITY, "urban", "shop_sign", LICENSING, WHO),
    ("GD-2026-0008", BUSINESSES, "urban", "shop_sign", REGISTERED, SHOP),
    ("GD-2026-0009", IDENTITY, "tax", "tax_confirmation", f"{TAX}第一款", WHO),
    ("GD-2026-0010", BUSINESSES, "tax", "tax_confirmation", f"{TAX}第二款", TAXED_SHOP),
    ("GD-2026-0011", "geography.address", "market", "individual_business",
     "《市场主体登记管理条例》（2021-07-27）第八条第二款第四项",
     ("place.standard_address", "place.division")),
    ("GD-2026-0012", IDENTITY, "market", "business_change", REGISTRATION, WHO),
    ("GD-2026-0013", BUSINESSES, "market", "business_change",
     "《市场主体登记管理条例》（2021-07-27）第二十四条", SHOP),
    ("GD-2026-0014", "geography.address", "market", "business_change",
     "《市场主体登记管理条例》（2021-07-27）第八条第二款第四项",
     ("place.standard_address", "place.division")),
    ("GD-2026-9101", "population.identity", "data", "disclosure_request",
     "《政府信息公开条例》（2019-04-03）第二十九条第二款第一项",
     ("person.name", "person.identity_number")),
    ("GD-2026-9102", "disclosure.answers_to_person", "data", "disclosure_request",
     "《政府信息公开条例》（2019-04-03）第三十六条第六项",
     ("information_request.number", "information_request.wanted",
      "information_request.answered_on")),
    ("GD-2026-9301", IDENTITY, "market", sources.PURPOSE,
     "《个人信息保护法》（2021-08-20）第三十四条", ("person.identity_number",)),
]  # fmt: skip


# Figures alone: nobody is named by them.
FIGURES = ("GD-2026-0015", IDENTITY, STATISTICS, "《统计法》（2024-09-13）第十八条",
           ("person.sex", "person.birth_date", "person.residence_division"))  # fmt: skip


# By that paragraph, who registers firms tells the tax authority of them.
FILES = ("GD-2026-0016", BUSINESSES, "tax", "tax_confirmation", f"{TAX}第二款", TAXED_SHOP)


def build(world: World) -> None:
    number, resource, aim, basis, counted = FIGURES
    data = world.body("data", "440000").code
    conclude(number, resource, data, aim, basis, counted, by="demonstration", uses=["aggregate"],
             rate="200 uses/day")  # fmt: skip
    for number, resource, function, purpose, basis, elements in AGREEMENTS:
        consumer = world.body(function, "440000").code
        conclude(number, resource, consumer, purpose, basis, elements, by="demonstration")
    number, resource, function, purpose, basis, elements = FILES
    conclude(number, resource, world.body(function, "440000").code, purpose, basis, elements,
             by="demonstration", uses=["files"])  # fmt: skip
    demo_sources.build(world)
    entries.keep()
    needs.build(world)
