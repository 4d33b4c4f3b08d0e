"""What the register of businesses shares."""

from collections.abc import Mapping, Sequence
from typing import Any

from lingnan.kernel.exchange.api import Resource
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


def businesses(operators: Sequence[str]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The businesses of each person asked for, newest first, by this register's pseudonym."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = IndividualBusiness.objects.filter(operator__in=operators, ended=False)
    for business in rows.order_by("-registered_on", "-key"):
        found.setdefault(business.operator, []).append(_row(business))
    return found


def _row(business: IndividualBusiness) -> dict[str, Any]:
    return {
        "values": {
            "business.name": business.name,
            "business.credit_code": business.credit_code,
            "business.operator_name": business.operator_name,
            "business.premises": business.premises,
            "business.scope": business.scope,
            "business.registered_on": business.registered_on.isoformat(),
        },
        "record": "legal_persons.individualbusiness",
        "version": business.version,
        "as_of": business.recorded_at.date().isoformat(),
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
        answer=businesses,
    )
]
