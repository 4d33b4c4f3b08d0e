"""What a decision on a food-business licence writes."""

from datetime import date, timedelta
from typing import Any

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.matters.api import NotAllowed
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor, Body
from lingnan.standards.synthetic import synthetic_county
from lingnan.systems.society.catering_safety import numbers
from lingnan.systems.society.catering_safety.models import FoodLicence

# 食品安全法实施条例 (2019-10-11) Art. 15.
YEARS_OF_VALIDITY = 5


def grant_licence(case: Any, actor: Actor) -> dict[str, str]:
    """The licence exists from the day the decision is signed, for five years.

    Raises NotAllowed where the record read for this case bars the applicant (食品安全法
    (2021-04-29) Art. 135): disputing the record does not lift the bar, correcting it does.
    """
    if _barred(case):
        raise NotAllowed("contradicts-findings")
    answers = {name: answer["value"] for name, answer in case.declared.items()}
    body = Body.objects.select_for_update().get(code=case.body)
    today = legal_time.today()
    with action(by=actor.signature, reason=f"case {case.number}") as act:
        licence = act.create(
            FoodLicence,
            number=next_number(body.division),
            operator=introduce(case.applicant, to="catering_safety", source=case.body),
            holder=answers["business_name"],
            place_name=answers["place_name"],
            premises=answers["premises"],
            items=answers["food_kind"],
            division=body.division,
            issued_on=today,
            valid_until=last_day(today),
        )
    return {
        "licence_number": licence.number,
        "issued_on": today.isoformat(),
        "valid_until": licence.valid_until.isoformat(),
    }


def _barred(case: Any) -> bool:
    """Whether what was read or declared about the applicant says that he is barred."""
    said = [
        row["values"].get("credit.food_bar")
        for read in case.application.reads
        if read["resource"] == "credit.standing"
        for row in read["rows"]
    ]
    return "yes" in [*said, case.declared.get("credit_food_bar", {}).get("value")]


def last_day(issued_on: date) -> date:
    """The last day of a licence issued on a day."""
    year = issued_on.year + YEARS_OF_VALIDITY
    if (issued_on.month, issued_on.day) == (2, 29):
        return date(year, 2, 28)
    return issued_on.replace(year=year) - timedelta(days=1)


def next_number(division: str) -> str:
    """The next free number of a county. A demonstration's counties were never assigned."""
    county = (synthetic_county(division) if legal_time.is_demonstration() else division)[:6]
    first = f"{numbers.PREFIX}{numbers.CATERING}{county}"
    last = FoodLicence.objects.filter(number__startswith=first).order_by("-number").first()
    return numbers.compose(county, numbers.serial_of(last.number) + 1 if last else 1)
