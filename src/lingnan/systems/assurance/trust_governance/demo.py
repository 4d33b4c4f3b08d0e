"""Two agreements of the demonstration under which a body reads with consent alone."""

from lingnan.kernel.exchange.api import conclude
from lingnan.kernel.runtime.api import World
from lingnan.systems.assurance.trust_governance.purposes import ADVICE, REMINDING

BASIS = "《个人信息保护法》（2021-08-20）第十三条第一款第一项"
# What a body may do with a firm's data; that the firm is asked is this agreement's own choice.
BASIS_OF_FIRMS = "《数据安全法》（2021-06-10）第三十八条"


def build(world: World) -> None:
    body = world.body("data", "440000").code
    conclude(
        "GD-2026-0901", "population.identity", body, REMINDING, BASIS,
        ("person.name", "person.residence_address"), by="demonstration", consent=True,
    )  # fmt: skip
    conclude(
        "GD-2026-0902", "legal_persons.lists_of_organisation", body, ADVICE, BASIS_OF_FIRMS,
        ("enterprise.state", "enterprise_list.abnormal"), by="demonstration", consent=True,
    )  # fmt: skip
