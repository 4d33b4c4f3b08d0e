"""Opening a record in an emergency: evidence first, then everybody who has to know it is told."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.duty.api import clocks, messages, tasks
from lingnan.kernel.exchange.emergency import rules
from lingnan.kernel.exchange.emergency.models import EmergencyAccess
from lingnan.kernel.registry.api import Record, record_types, visible_to
from lingnan.kernel.registry.reading import witness
from lingnan.kernel.runtime.api import Title, keys
from lingnan.kernel.trust.api import Actor, Body, Holding, superiors

CODE = clocks.named("emergency", "紧急查阅复核", "Review of an emergency access")
REVIEW = Title("复核一次紧急查阅", "Review an emergency access")
TOLD = Title("发生一次紧急查阅", "A record was opened in an emergency")
NUMBER_LENGTH = 20


class NotOpened(Exception):
    """`code`: none (nobody has this identifier), own (the post may open it without)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Declared:
    """What the official declares: whose record, for which reason, in which words."""

    model: type[Record]
    identifier: str
    reason: str
    words: str


def openable(who: Actor) -> list[type[Record]]:
    """The registers that a post may open in an emergency."""
    return [m for m in record_types() if m.record.break_glass and m.record.break_glass.permits(who)]


def declare(said: Declared, who: Actor) -> EmergencyAccess:
    """Open a record for an hour. Durable as evidence before anything is shown. Raises NotOpened."""
    model = said.model
    rows: Any = model.objects.filter(**{model.record.identifier: said.identifier}, ended=False)
    record = rows.first()
    if record is None:
        witness("emergency.not_found", model, who, None, {"reason": said.reason})
        raise NotOpened("none")
    if model.record.readers.permits(who) and visible_to(model, who).filter(key=record.key).exists():
        raise NotOpened("own")
    key = keys.new_key()
    number = f"JJ-{keys.veil(key, 'exchange.emergency')[:NUMBER_LENGTH].upper()}"
    witness("emergency.opened", model, who, record, {"emergency": number, "reason": said.reason})
    now = timezone.now()
    with transaction.atomic():
        made = EmergencyAccess.objects.create(
            key=key,
            number=number,
            system=model._meta.app_label,
            model=str(model._meta.model_name),
            record=record.key,
            account=who.account,
            name=who.name,
            signature=who.signature,
            body=who.body,
            role=who.role,
            division=who.division,
            reviewer=_reviewer(who),
            reason=said.reason,
            words=said.words,
            opened_at=now,
            until=rules.open_until(now),
        )
        _ask(made)
    return made


def _reviewer(who: Actor) -> str:
    above = superiors(who.body)
    held = Holding.objects.filter(role="head", body__in=above, ended=False)
    heads = [rules.Head(*row) for row in held.values_list("account", "body")]
    return rules.reviewing({who.account, who.lent_by}, above, heads)


def link(access: EmergencyAccess) -> str:
    return f"/desk/emergency/{access.number}/"


def _ask(access: EmergencyAccess) -> None:
    """The task of the head with its clock, and word to the heads and the auditors."""
    if access.reviewer:
        limit = {"unit": "working_day", "statutory": rules.REVIEW_DAYS,
                 "promised": rules.REVIEW_DAYS}  # fmt: skip
        clocks.start(access.number, CODE, limit, rules.BASIS, body=access.reviewer, about=CODE)
        tasks.open_task(access.number, CODE, REVIEW, access.name, access.reviewer, "head",
                        link(access))  # fmt: skip
    text = Title(f"{access.name}：{access.number}。请在页面查看理由。",
                 f"{access.name}: {access.number}. The page says why.")  # fmt: skip
    whom = [*_heads(access), *_auditors(access.division)]
    messages.send_all((account, TOLD, text, link(access)) for account in dict.fromkeys(whom))


def _heads(access: EmergencyAccess) -> list[int]:
    """The heads of the own body and of the one that reviews, without who opened it."""
    bodies = [access.body, access.reviewer]
    held = Holding.objects.filter(role="head", body__in=bodies, ended=False)
    return list(held.exclude(account=access.account).values_list("account", flat=True))


def _auditors(division: str) -> list[int]:
    """The supervisors nearest to a division: its own, of its city, or of the province."""
    bodies = Body.objects.filter(function="supervision", ended=False)
    for place in (division, f"{division[:4]}00", f"{division[:2]}0000"):
        codes = list(bodies.filter(division=place).values_list("code", flat=True))
        held = Holding.objects.filter(body__in=codes, role="supervisor", ended=False)
        if found := list(held.values_list("account", flat=True)):
            return found
    return []


def record_of(access: EmergencyAccess) -> tuple[type[Record], Any] | None:
    """The record, as it stands now; None where its system is not installed any more."""
    for model in record_types():
        if (model._meta.app_label, model._meta.model_name) == (access.system, access.model):
            row = model.objects.filter(key=access.record).first()
            return (model, row) if row is not None else None
    return None


def look(access: EmergencyAccess, who: Actor) -> tuple[type[Record], Any] | None:
    """The record for whoever opened it, while the hour lasts: each look is evidence first."""
    if who.account != access.account or timezone.now() >= access.until:
        return None
    found = record_of(access)
    if found is None or not _permitted(found[0], who):
        return None
    more = {"emergency": access.number, "reason": access.reason}
    witness("record.emergency", found[0], who, found[1], more)
    return found


def _permitted(model: type[Record], who: Actor) -> bool:
    return model.record.break_glass is not None and model.record.break_glass.permits(who)
