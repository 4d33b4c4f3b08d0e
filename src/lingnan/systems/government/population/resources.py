"""What the resident register shares."""

from lingnan.kernel.exchange.api import Resource, from_records
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.population.models import Resident

ELEMENTS = {
    "person.name": Title("姓名", "Name"),
    "person.identity_number": Title("公民身份号码", "Resident number"),
    "person.sex": Title("性别", "Sex"),
    "person.birth_date": Title("出生日期", "Date of birth"),
    "person.residence_address": Title("居住地址", "Home address"),
}


RESOURCES = [
    Resource(
        code="population.identity",
        title=Title("居民身份信息", "Identity of a resident"),
        subject="person",
        keyed=True,
        elements=ELEMENTS,
        sharing="conditional",
        condition=Title(
            "为办理该居民本人申请的事项，依法核验身份",
            "To verify identity by law for a matter that the resident applies for",
        ),
        basis="《市场主体登记管理条例》（2021-07-27）第十五条、第十六条第三款",
        answer=from_records(Resident, "key"),
    )
]
