"""What the register of businesses shares."""

from lingnan.kernel.exchange.api import Resource, from_records
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.models import IndividualBusiness

ELEMENTS = {
    "business.name": Title("个体工商户名称", "Name of the business"),
    "business.credit_code": Title("统一社会信用代码", "Credit code"),
    "business.operator_name": Title("经营者姓名", "Operator"),
    "business.premises": Title("经营场所", "Premises"),
    "business.scope": Title("经营范围", "Business scope"),
    "business.registered_on": Title("成立日期", "Registered on"),
}


RESOURCES = [
    Resource(
        code="legal_persons.businesses_of_person",
        title=Title("本人名下个体工商户登记信息", "Individual businesses of a person"),
        subject="person",
        keyed=False,
        elements=ELEMENTS,
        sharing="conditional",
        condition=Title(
            "为办理经营者本人申请的事项",
            "For a matter that the operator applies for",
        ),
        basis="《市场主体登记管理条例》（2021-07-27）第七条",
        answer=from_records(IndividualBusiness, "operator"),
    )
]
