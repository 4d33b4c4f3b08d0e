"""What a firm publishes of itself, within 20 working days, and how it corrects that.

企业信息公示暂行条例 (2014-08-07) Art. 10, 12: late counts as published, and is marked; what was
said before a correction stays in sight beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.standards.working_days import CalendarNotAnnounced
from lingnan.systems.government.legal_persons.models import Enterprise, Publication
from lingnan.systems.government.legal_persons.rules.registration import parameters
from lingnan.systems.government.legal_persons.setting_up import Refused


def due_on(came_about_on: date) -> date | None:
    """The last of the working days; None where the calendar of its year is not announced."""
    days = int(parameters()["publication"]["working_days"])
    try:
        return calendars.calendar().add_working_days(came_about_on, days)
    except CalendarNotAnnounced:
        return None


def earliest(company: Enterprise) -> date:
    """The first day of which a firm has to publish anything: both it and the duty exist."""
    in_force: date = parameters()["publication"]["in_force"]
    return max(company.registered_on, in_force)


def published_by(code: str) -> list[Publication]:
    """All of a firm, the newest first."""
    rows = Publication.objects.filter(company=code, ended=False)
    return list(rows.order_by("-published_on", "-key"))


def former(rows: Sequence[Publication]) -> dict[int, list[Any]]:
    """What corrected ones said before, by key, the oldest first; one query for them all."""
    corrected = {row.key: row.version for row in rows if row.version > 1}
    found: dict[int, list[Any]] = {}
    if not corrected:
        return found
    past: Any = Publication.Version.objects.filter(key__in=corrected)
    for one in past.order_by("key", "version"):
        if one.version < corrected[one.key]:
            found.setdefault(one.key, []).append(one)
    return found


def publish(company: Enterprise, who: Actor, values: Mapping[str, Any]) -> Publication:
    """Publish at once. `values` are the fields that the firm fills in.

    Raises Refused, IntegrityError.
    """
    _possible(company, values)
    count = Publication.objects.filter(company=company.credit_code).count()
    with action(by=who.signature, reason="企业公示信息") as act:
        return act.create(
            Publication,
            number=f"GS-{company.credit_code}-{count + 1:03d}",
            company=company.credit_code,
            published_on=legal_time.today(),
            due_on=due_on(values["came_about_on"]),
            division=company.division,
            **values,
        )


def correct(
    company: Enterprise, row: Publication, who: Actor, values: Mapping[str, Any]
) -> Publication:
    """Say it right; the day of the first publication stays. Raises Refused, Conflict."""
    _possible(company, values)
    if all(getattr(row, name) == value for name, value in values.items()):
        raise Refused("nothing_corrected")
    with action(by=who.signature, reason="企业更正公示信息") as act:
        return act.change(row, due_on=due_on(values["came_about_on"]), **values)


def _possible(company: Enterprise, values: Mapping[str, Any]) -> None:
    wrong = []
    if company.ended:
        wrong.append("not_existing")
    if not earliest(company) <= values["came_about_on"] <= legal_time.today():
        wrong.append("no_duty_then")
    if values["paid"] > values["subscribed"]:
        wrong.append("paid_over")
    if wrong:
        raise Refused(*wrong)
