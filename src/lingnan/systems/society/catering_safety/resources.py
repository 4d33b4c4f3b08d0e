"""What the register of food-business licences shares."""

from lingnan.kernel.exchange.api import Resource, from_records
from lingnan.kernel.runtime.api import Title
from lingnan.systems.society.catering_safety.models import FoodLicence

RESOURCES = [
    Resource(
        code="catering_safety.licences_of_person",
        title=Title("本人名下食品经营许可证", "Food-business licences of a person"),
        subject="person",
        keyed=False,
        elements={
            "food_licence.number": Title("许可证编号", "Licence number"),
            "food_licence.holder": Title("持证经营者", "Licence holder"),
            "food_licence.premises": Title("许可的经营场所", "Licensed premises"),
            "food_licence.items": Title("许可的经营项目", "Licensed items"),
            "food_licence.valid_until": Title("许可有效期至", "Licence valid until"),
            "food_licence.state": Title("许可状态", "State of the licence"),
        },
        sharing="conditional",
        condition=Title(
            "为办理持证人本人申请的事项，或者依法监督检查",
            "For a matter that the holder applies for, or a check that the law demands",
        ),
        basis="《行政许可法》（2019-04-23）第三十三条",
        answer=from_records(FoodLicence, "operator"),
        category="204001",
    )
]
