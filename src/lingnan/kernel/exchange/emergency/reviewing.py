"""Reviewing emergency accesses, and telling the person: events that are only added, each once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lingnan.kernel.duty.api import Clock, Task, clocks, messages, tasks
from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.exchange.emergency import opening, rules
from lingnan.kernel.exchange.emergency.models import EmergencyAccess, EmergencyEvent
from lingnan.kernel.registry.api import Record
from lingnan.kernel.registry.reading import witness_many
from lingnan.kernel.registry.records import significant
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Account, Actor, Body, official

AUDITORS = official("supervisor", functions=("supervision",))
TRUST = "trust"
REFUSED = Title("紧急查阅被认定为无正当理由", "Your emergency access was found not justified")
BATCH = 100


class NotAllowed(Exception):
    """Not this post's to do, or done already."""


def may_review(access: EmergencyAccess, who: Actor) -> bool:
    """The head of the body that reviews; nobody reviews the own, under whatever post, nor who
    acts in the place of somebody whose own it is."""
    return who.holds("head", access.reviewer) and access.account not in _hands(who)


def _hands(who: Actor) -> set[int]:
    """Whoever acts, and who lent them the post."""
    return {who.account, who.lent_by} - {0}


def audits(who: Actor, division: str) -> bool:
    return AUDITORS.permits(who) and division.startswith(significant(who.division) or "-")


def may_see(access: EmergencyAccess, who: Actor) -> bool:
    own = who.account == access.account
    return own or may_review(access, who) or audits(who, access.division)


def of_account(who: Actor) -> QuerySet[Any]:
    return EmergencyAccess.objects.filter(account=who.account).order_by("-key")


def to_review(who: Actor) -> QuerySet[Any]:
    """Those that the head of a body reviews, the newest first; nobody's own among them."""
    rows = EmergencyAccess.objects.filter(reviewer=who.body).exclude(account__in=_hands(who))
    return rows.order_by("-key") if who.role == "head" else rows.none()


def audited(who: Actor) -> QuerySet[Any]:
    rows = EmergencyAccess.objects.filter(division__startswith=significant(who.division) or "-")
    return rows.order_by("-key") if AUDITORS.permits(who) else rows.none()


def events(access: EmergencyAccess) -> list[EmergencyEvent]:
    """What happened to it, in its order."""
    return list(EmergencyEvent.objects.filter(access=access).order_by("id"))


def kinds(access: EmergencyAccess) -> set[str]:
    return {one.kind for one in events(access)}


def kinds_of(rows: Sequence[EmergencyAccess]) -> dict[int, set[str]]:
    """The same for many at once, by key."""
    found: dict[int, set[str]] = {one.key: set() for one in rows}
    told = EmergencyEvent.objects.filter(access__in=list(found))
    for key, kind in told.values_list("access", "kind"):
        found[key].add(kind)
    return found


def judge(access: EmergencyAccess, who: Actor, outcome: str, text: str) -> None:
    """Justified or not, with reasons: once. What is not becomes a finding of who governs trust.

    Raises NotAllowed.
    """
    if not may_review(access, who) or outcome not in rules.JUDGEMENTS:
        raise NotAllowed
    if kinds(access) & set(rules.JUDGEMENTS):
        raise NotAllowed
    _witness(access, f"emergency.{outcome}", who, text)
    try:
        with transaction.atomic():
            _add(access, outcome, text, who)
            task = Task.objects.filter(reference=access.number, code=opening.CODE).first()
            if task is not None and task.done_at is None:
                tasks.finish(task, who, outcome)
            clock = Clock.objects.filter(reference=access.number, code=opening.CODE).first()
            if clock is not None:
                clocks.stop(clock, who.signature)
    except (IntegrityError, tasks.TaskGone):
        raise NotAllowed from None
    if outcome == "unjustified":
        messages.send(access.account, REFUSED, Title(text, text), opening.link(access))


def delay(access: EmergencyAccess, who: Actor, until: date, text: str) -> None:
    """The message to the person waits until the end of a day, for a reason. Raises NotAllowed.

    The page “Who looked at my data” is not delayed: it is complete at any time.
    """
    latest = legal_time.today() + timedelta(days=rules.MOST_DELAY)
    if not may_review(access, who) or not legal_time.today() <= until <= latest:
        raise NotAllowed
    if kinds(access) & {"told", "delayed"}:
        raise NotAllowed
    _witness(access, "emergency.delayed", who, text)
    try:
        with transaction.atomic():
            _add(access, "delayed", text, who, until)
    except IntegrityError:
        raise NotAllowed from None


def tell_due() -> int:
    """Tell the people whose record was opened, as far as it is time; how many."""
    # Those that wait for a later day must not stand before those whose day it is.
    done = Q(kind="told") | Q(kind="delayed", until__gte=legal_time.today())
    held = EmergencyEvent.objects.filter(done).values("access")
    waiting = EmergencyAccess.objects.filter(until__lte=timezone.now()).exclude(key__in=held)
    return sum(_tell(access) for access in waiting.order_by("key")[:BATCH])


def _tell(access: EmergencyAccess) -> bool:
    day = next((one.until for one in events(access) if one.kind == "delayed"), None)
    if not rules.told_now(access.until, timezone.now(), day, legal_time.today()):
        return False
    try:
        with transaction.atomic():
            _add(access, "told", "", None)
            found = opening.record_of(access)
            account = _account_of(*found) if found is not None else None
            if account is not None:
                messages.send(account.key, *_letter(access), "/looked/")
    except IntegrityError:
        return False  # another process has told it
    return True


def _letter(access: EmergencyAccess) -> tuple[Title, Title]:
    """The body stands for its official, as in all that people are told of officials."""
    at = access.opened_at.astimezone(legal_time.CHINA)
    body = Body.objects.filter(code=access.body).first()
    zh, en = (body.name_zh, body.name_en) if body else (access.body, access.body)
    review_zh, review_en = ("单位负责人", "Heads") if access.reviewer else ("监察员", "Auditors")
    return (
        Title("您的登记被紧急查阅", "Your record was opened in an emergency"),
        Title(
            f"{at:%Y-%m-%d %H:%M}，{zh}的工作人员因紧急情况查阅了您的登记（{access.number}）。"
            f"由{review_zh}复核。依据：{rules.BASIS}。您可以提出异议。",
            f"At {at:%Y-%m-%d %H:%M} an official of {en} opened your record in an emergency "
            f"({access.number}). {review_en} review it. You may object.",
        ),
    )


def _account_of(model: type[Record], row: Any) -> Account | None:
    """The account of the person whom a record is about, if they have one."""
    if model.record.subject == "person":
        name = pseudonyms.give("person", TRUST, [row.key])[row.key]
    elif model.record.concerns and getattr(row, model.record.concerns):
        own = getattr(row, model.record.concerns)
        name = pseudonyms.translate("person", model._meta.app_label, TRUST, [own])[own]
    else:
        return None
    return Account.objects.filter(subject=name, kind="resident").first()


def _witness(access: EmergencyAccess, kind: str, who: Actor, text: str) -> None:
    """In the evidence as an act about the person; `actor` stays whoever opened the record."""
    found = opening.record_of(access)
    if found is None:
        raise NotAllowed
    model, row = found
    known = [getattr(row, model.record.concerns)] if model.record.concerns else []
    more = {
        "actor": access.signature, "body": access.body, "role": access.role, "elements": [],
        "emergency": access.number, "reason": access.reason, "judged_by": who.signature,
        "text": text,
    }  # fmt: skip
    witness_many(kind, model, who, [row.key], known, more)


def _add(
    access: EmergencyAccess, kind: str, text: str, who: Actor | None, until: date | None = None
) -> None:
    EmergencyEvent.objects.create(
        access=access,
        kind=kind,
        text=text,
        until=until,
        by=who.signature if who is not None else "Lingnan",
        at=timezone.now(),
    )
