"""What the register of businesses shares."""

from collections.abc import Mapping, Sequence
from typing import Any

from lingnan.kernel.exchange.api import Resource, answer_row, from_records, grouped
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    IndividualBusiness,
    ListEntry,
)

ELEMENTS = {
    "business.name": Title("个体工商户名称", "Name of the business"),
    "business.credit_code": Title("统一社会信用代码", "Credit code"),
    "business.operator_name": Title("经营者姓名", "Operator"),
    "business.premises": Title("经营场所", "Premises"),
    "business.scope": Title("经营范围", "Business scope"),
    "business.registered_on": Title("成立日期", "Registered on"),
}


def key_of_code(code: str) -> int | None:
    """The key of an enterprise or business by its public credit code."""
    for model in (Enterprise, IndividualBusiness):
        key = model.objects.filter(credit_code=code).values_list("key", flat=True).first()
        if key is not None:
            return int(key)
    return None


def lists_of(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """How each enterprise (by key) stands: that it is on no list is an answer too."""
    firms = {one.key: one for one in Enterprise.objects.filter(key__in=asked)}
    codes = [one.credit_code for one in firms.values()]
    rows = ListEntry.objects.filter(
        company__in=codes,
        state__in=("entered", "remedied"),
        ended=False,
    )
    held = grouped(codes, rows.order_by("key"), "company")
    return {key: [_stands(firms[key], held)] if key in firms else [] for key in asked}


def identities(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """Name and public code of enterprises and businesses, by key."""
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for model in (Enterprise, IndividualBusiness):
        for one in model.objects.filter(key__in=asked):
            values = {"organisation.credit_code": one.credit_code, "organisation.name": one.name}
            found[one.key] = [answer_row(values, model, one)]
    return found


def _stands(firm: Enterprise, held: Mapping[str, list[ListEntry]]) -> Mapping[str, Any]:
    entries = {one.list: one for one in held[firm.credit_code]}
    values = {
        "enterprise_list.abnormal": "yes" if "abnormal" in entries else "no",
        "enterprise_list.serious": "yes" if "serious" in entries else "no",
        "enterprise_list.abnormal_since": _since(entries.get("abnormal")),
        "enterprise_list.serious_since": _since(entries.get("serious")),
        "enterprise.state": "cancelled" if firm.ended else firm.state,
    }
    newest = max(entries.values(), key=lambda one: one.recorded_at, default=firm)
    return answer_row(values, Enterprise, newest)


def _since(entry: ListEntry | None) -> str:
    return entry.entered_on.isoformat() if entry is not None and entry.entered_on else ""


RESOURCES = [
    Resource(
        code="legal_persons.identity_of_organisation",
        title=Title("企业和个体工商户身份信息", "Identity of an enterprise or business"),
        subject="organisation",
        keyed=True,
        elements={
            "organisation.credit_code": Title(
                "市场主体统一社会信用代码", "Credit code of a market entity"
            ),
            "organisation.name": Title("市场主体名称", "Name of a market entity"),
        },
        sharing="unconditional",
        condition=Title("向各机关无条件共享", "Shared with every body without condition"),
        basis="《企业信息公示暂行条例》（2014-08-07）第六条",
        answer=identities,
        category="102001",
        opened="open",
        find=key_of_code,
    ),
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
        category="102001",
    ),
    Resource(
        code="legal_persons.lists_of_organisation",
        title=Title("企业存续状态和名录核查", "State of an enterprise and the lists"),
        subject="organisation",
        keyed=True,
        elements={
            "enterprise_list.abnormal": Title("经营异常名录", "On the list of abnormal operations"),
            "enterprise_list.serious": Title("严重违法企业名单", "On the list of serious breaches"),
            "enterprise_list.abnormal_since": Title("列入经营异常名录日期", "Abnormal since"),
            "enterprise_list.serious_since": Title("列入严重违法企业名单日期", "Serious since"),
            "enterprise.state": Title("存续状态", "State: existing, revoked, cancelled"),
        },
        sharing="conditional",
        condition=Title(
            "依法对该企业实施限制、监管或者记录信用",
            "To restrict, supervise or record the credit of that enterprise by law",
        ),
        basis="《企业信息公示暂行条例》（2014-08-07）第十八条",
        answer=lists_of,
        category="102001",
        find=key_of_code,
    ),
    Resource(
        code="legal_persons.enterprises_of_person",
        title=Title("本人担任法定代表人的企业", "Enterprises that a person represents"),
        subject="person",
        keyed=False,
        elements={
            "enterprise.name": Title("企业名称", "Name of the enterprise"),
            "enterprise.credit_code": Title("统一社会信用代码", "Credit code"),
        },
        sharing="conditional",
        condition=Title(
            "为法定代表人本人查询该企业的记录",
            "For what the representative asks about that enterprise",
        ),
        basis="《企业信息公示暂行条例》（2014-08-07）第六条",
        answer=from_records(Enterprise, "agent"),
        category="102001",
    ),
]
