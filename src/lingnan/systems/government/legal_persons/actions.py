"""What a decision of the registrar writes."""

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.matters.api import Case, NotAllowed
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor, Body
from lingnan.systems.government.legal_persons.codes import INDIVIDUAL, free_code
from lingnan.systems.government.legal_persons.models import IndividualBusiness


def register_business(case: Case, actor: Actor) -> dict[str, str]:
    """Registration in force: the business exists from the day the licence is signed.

    市场主体登记管理条例 (2021-07-27) Art. 21. Returns what the licence shows.
    """
    answers = {name: answer["value"] for name, answer in case.declared.items()}
    body = Body.objects.get(code=case.body)
    code = free_code(case.number, INDIVIDUAL, body.division)
    with action(by=actor.signature, reason=f"case {case.number}") as act:
        act.create(
            IndividualBusiness,
            credit_code=code,
            name=answers["business_name"],
            operator=introduce(case.applicant, to="legal_persons", source=case.body),
            operator_name=answers["operator_name"],
            scope=answers["scope"],
            premises=answers["premises"],
            division=body.division,
            registered_on=legal_time.today(),
        )
    return {"credit_code": code, "registered_on": legal_time.today().isoformat()}


def change_premises(case: Case, actor: Actor) -> dict[str, str]:
    """The new premises are registered from the day of the decision; whoever relies on them is
    told over the exchange.

    市场主体登记管理条例 (2021-07-27) Art. 24. Raises NotAllowed where the register no longer
    has the business, or has it in another name, or another body registered it (Art. 5).
    """
    answers = {name: answer["value"] for name, answer in case.declared.items()}
    operator = introduce(case.applicant, to="legal_persons", source=case.body)
    business = IndividualBusiness.objects.filter(
        credit_code=answers["credit_code"], operator=operator, ended=False
    ).first()
    if business is None:
        raise NotAllowed("contradicts-findings")
    if business.division != Body.objects.get(code=case.body).division:
        raise NotAllowed("another-body")
    with action(by=actor.signature, reason=f"case {case.number}") as act:
        act.change(business, premises=answers["new_premises"])
    return {"changed_on": legal_time.today().isoformat()}
