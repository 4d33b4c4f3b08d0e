"""What the resident register shares."""

from collections.abc import Mapping, Sequence
from typing import Any

from lingnan.kernel.exchange.api import Resource, answer_row, from_records
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.population.models import Household, LifeEvent, Residence, Resident

ELEMENTS = {
    "person.name": Title("姓名", "Name"),
    "person.identity_number": Title("公民身份号码", "Resident number"),
    "person.sex": Title("性别", "Sex"),
    "person.birth_date": Title("出生日期", "Date of birth"),
    "person.residence_address": Title("居住地址", "Home address"),
    "person.residence_division": Title("居住县（市、区）", "County of residence"),
}

HOUSEHOLD = {
    "person.household": Title("户号", "Household number"),
    "person.household_kind": Title("户的类别", "Kind of household"),
}


def households(asked: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    """By person, the household on record and its kind."""
    people = Resident.objects.filter(key__in=list(asked), ended=False)
    numbers = set(people.values_list("household", flat=True))
    rows = Household.objects.filter(number__in=numbers, ended=False)
    kinds = dict(rows.values_list("number", "kind"))
    return {
        one.key: [
            answer_row(
                {
                    "person.household": one.household,
                    "person.household_kind": kinds.get(one.household, ""),
                },
                Resident,
                one,
            )
        ]
        for one in people
    }


def key_of_number(number: str) -> int | None:
    """The key of a resident by the identity number, for who already knows it."""
    found = Resident.objects.filter(resident_number=number, ended=False)
    key = found.values_list("key", flat=True).first()
    return int(key) if key is not None else None


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
        category="101001",
        find=key_of_number,
        # By the first sentence of Art. 28 as this platform reads it: whoever knows them can harm
        # somebody. The article's own list names neither (unverified).
        sensitive=("person.identity_number", "person.residence_address"),
        division="person.residence_division",
        counted=Resident,
    ),
    Resource(
        code="population.household",
        title=Title("居民所在户", "Household of a resident"),
        subject="person",
        keyed=True,
        elements=HOUSEHOLD,
        sharing="refused",
        condition=Title(
            "不向任何机关提供；仅由系统内部比对查看人与被查看人是否同户",
            "Told to no body; the node alone compares whether two people are of one household",
        ),
        basis="《个人信息保护法》（2021-08-20）第六条、第五十一条",
        answer=households,
        category="101001",
    ),
    Resource(
        code="population.life_events",
        title=Title("居民户口变动", "Life events of a resident"),
        subject="person",
        keyed=False,
        elements={
            "life_event.kind": Title("变动类型", "Kind of entry"),
            "life_event.happened_on": Title("变动日期", "Day on which it happened"),
            "life_event.registered_on": Title("登记日期", "Day of entry"),
        },
        sharing="conditional",
        condition=Title(
            "依法须随户口变动核对待遇、资格的机关；只告知变动类型和日期",
            "For bodies that by law follow it for benefits and rights: kind and days only",
        ),
        basis="《户口登记条例》（1958-01-09）第四条第四款",
        answer=from_records(LifeEvent, "person"),
        category="101001",
    ),
    Resource(
        code="population.residence",
        title=Title("流动人口居住登记和居住证", "Residence and permit of a person"),
        subject="person",
        keyed=False,
        elements={
            "residence.division": Title("居住地", "County of residence"),
            "residence.registered_on": Title("居住登记日期", "Day of residence registration"),
            "residence_permit.number": Title("居住证号码", "Number of the permit"),
            "residence_permit.until": Title("居住证签注有效期", "Permit endorsed until"),
        },
        sharing="conditional",
        condition=Title(
            "为居住证持有人提供基本公共服务和便利",
            "For public services and conveniences of who holds a permit",
        ),
        basis="《居住证暂行条例》（2015-11-26）第七条、第十二条",
        answer=from_records(Residence, "person"),
        category="101001",
    ),
]
