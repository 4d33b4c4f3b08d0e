"""What a firm publishes of itself, within 20 working days, and how it corrects that.

企业信息公示暂行条例 (2014-08-07) Art. 10, 12: late counts as published, and is marked; what was
said before a correction stays in sight beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons import ordering
from lingnan.systems.government.legal_persons.deadlines import first_duty, publication_due
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    Publication,
    PublicationOrder,
)
from lingnan.systems.government.legal_persons.rules import publicity
from lingnan.systems.government.legal_persons.setting_up import Refused


def published_by(code: str, after: str = "", most: int = 0) -> list[Publication]:
    """What a firm has published, the newest first: all, or `most` of those after a number."""
    rows = Publication.objects.filter(company=code, ended=False)
    last = rows.filter(number=after).first() if after else None
    if last is not None:
        same = Q(published_on=last.published_on, key__lt=last.key)
        rows = rows.filter(Q(published_on__lt=last.published_on) | same)
    rows = rows.order_by("-published_on", "-key")
    return list(rows[:most] if most else rows)


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


def publish(
    company: Enterprise,
    who: Actor,
    values: Mapping[str, Any],
    ordered: PublicationOrder | None = None,
) -> Publication:
    """Publish at once, of one's own accord or as `ordered`. `values` are what the firm fills in.

    Raises Refused, Conflict, IntegrityError.
    """
    _possible(company, values)
    if ordered is not None and ordered.kind != values["kind"]:
        raise Refused("other_kind")
    count = Publication.objects.filter(company=company.credit_code).count()
    with transaction.atomic(), action(by=who.signature, reason="企业公示信息") as act:
        made = act.create(
            Publication,
            number=f"GS-{company.credit_code}-{count + 1:03d}",
            company=company.credit_code,
            published_on=legal_time.today(),
            due_on=publication_due(values["came_about_on"]),
            division=company.division,
            **values,
        )
        if ordered is not None:
            ordering.carry_out(act, ordered, made)
    return made


def correct(
    company: Enterprise, row: Publication, who: Actor, values: Mapping[str, Any]
) -> Publication:
    """Say it right, dated. The day of the first publication stays, and lateness with it.

    Raises Refused, Conflict.
    """
    _possible(company, values)
    if all(getattr(row, name) == value for name, value in values.items()):
        raise Refused("nothing_corrected")
    due_on = publicity.still_due(row.due_on, publication_due(values["came_about_on"]))
    with action(by=who.signature, reason="企业更正公示信息") as act:
        return act.change(row, due_on=due_on, corrected_on=legal_time.today(), **values)


def _possible(company: Enterprise, values: Mapping[str, Any]) -> None:
    wrong = []
    if company.ended:
        wrong.append("not_existing")
    if not first_duty(company.registered_on) <= values["came_about_on"] <= legal_time.today():
        wrong.append("no_duty_then")
    if values["paid"] > values["subscribed"]:
        wrong.append("paid_over")
    if wrong:
        raise Refused(*wrong)
