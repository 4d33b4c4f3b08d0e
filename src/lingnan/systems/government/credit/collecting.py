"""Taking events in from their source, and what their source may change of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.exchange.api import give, resources
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.systems.government.credit.batches import Row, judge
from lingnan.systems.government.credit.models import Batch, CreditEvent
from lingnan.systems.government.credit.rules import periods
from lingnan.systems.government.credit.rules.terms import parameters


class Refused(Exception):
    """A batch with faults: nothing of it was taken. `faults` are (row, message)."""

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


class OtherContent(Exception):
    """The key of idempotence was used for another content before."""


class NotYours(Exception):
    """Only the source changes an event."""


def take(rows: Sequence[Row], who: Actor, key: str) -> list[str]:
    """Enter a whole batch once; the numbers of its events in the order of the rows.

    The same key with the same content answers as it did before. Raises Refused, OtherContent.
    """
    text = json.dumps([dict(sorted(row.items())) for row in rows], ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = _before(who.body, key, digest)
    if before is not None:
        return before
    judged = judge(rows, who.body)
    if judged.faults:
        raise Refused(judged.faults)
    numbers = [str(row["number"]) for row in judged.rows]
    try:
        with transaction.atomic():
            Batch.objects.create(
                source=who.body, idempotence=key, digest=digest, numbers=numbers,
                by=who.signature, taken_on=legal_time.today(),
            )  # fmt: skip
            _enter(judged.rows, who)
            _witness("credit.collected", who, {"numbers": numbers, "key": key})
    except (IntegrityError, ValidationError):
        # Somebody else was quicker, with this key or with one of these decisions.
        before = _before(who.body, key, digest)
        if before is not None:
            return before
        raise Refused(judge(rows, who.body).faults) from None
    return numbers


def _before(source: str, key: str, digest: str) -> list[str] | None:
    found = Batch.objects.filter(source=source, idempotence=key).first()
    if found is None:
        return None
    if found.digest != digest:
        raise OtherContent
    return list(found.numbers)


def _enter(rows: Sequence[Mapping[str, Any]], who: Actor) -> None:
    known = known_as([str(row["credit_code"]) for row in rows])
    title = who.body_title
    with action(by=who.signature, reason="reported by its source") as act:
        for row in rows:
            end = row["ended_on"] or periods.end_of(row["kind"], row["trade"], row["decided_on"])
            organisation, person = known.get(str(row["credit_code"]), ("", ""))
            act.create(
                CreditEvent,
                **dict(row) | {"ended_on": end},
                kept_until=periods.kept_until(end) if end else None,
                published_on=legal_time.today(),
                organisation=organisation,
                person=person,
                source=who.body,
                source_name=title.zh if title else who.body,
                division=who.division,
            )


def known_as(codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Credit code → this system's pseudonyms of the firm and of who answers for it.

    From what is on record; else by the catalogue, where a register of firms lets a public code
    be found. A code that nobody knows stays without a pseudonym.
    """
    rows = CreditEvent.objects.filter(credit_code__in=codes).exclude(organisation="")
    found = {row.credit_code: (row.organisation, row.person) for row in rows.order_by("key")}
    finders = [one.find for one in resources().values() if one.subject == "organisation"]
    for code in set(codes) - set(found):
        key = next((key for find in finders if find and (key := find(code)) is not None), None)
        if key is not None:
            found[code] = (give("organisation", "credit", [key])[key], "")
    return found


def correct(event: CreditEvent, who: Actor, what: str, ended_on: date | None, why: str) -> Any:
    """The source corrects what it reported. Raises NotYours."""
    _own(event, who)
    end = ended_on or event.ended_on
    with transaction.atomic(), action(by=who.signature, reason=why[:400]) as act:
        changed = act.change(
            event,
            what=what,
            ended_on=end,
            kept_until=periods.kept_until(end) if end else None,
        )
        _witness("credit.corrected", who, {"numbers": [event.number], "why": why[:400]})
    return changed


def withdraw(event: CreditEvent, who: Actor, why: str) -> None:
    """The source takes an event back (third working day, 公示规定 Art. 11). Raises NotYours."""
    _own(event, who)
    with transaction.atomic(), action(by=who.signature, reason=why[:400]) as act:
        act.end(event)
        _witness("credit.withdrawn", who, {"numbers": [event.number], "why": why[:400]})


def late(decided_on: date, reported_on: date) -> bool:
    """Whether an event came later than the working days that the source has.

    What lies far apart needs no calendar, which does not reach back to every decision.
    """
    days = int(parameters()["report"]["working_days"])
    if reported_on - decided_on > timedelta(days=3 * days):
        return True
    return reported_on > calendars.calendar().add_working_days(decided_on, days)


def _own(event: CreditEvent, who: Actor) -> None:
    if event.source != who.body:
        raise NotYours


def _witness(kind: str, who: Actor, more: Mapping[str, Any]) -> None:
    payload = {"body": who.body, "role": who.role, "actor": who.signature} | dict(more)
    node_evidence.write([node_evidence.entry(kind, payload)])
