"""The authoritative holder of each data element: one at any time (promise 1).

The declarations say who begins; a transfer ends one interval and begins the next. That no two
overlap is the database's own rule (`runtime.temporal.intervals`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lingnan.kernel.registry.models import ElementHolder
from lingnan.kernel.registry.records import Record, elements
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.temporal.intervals import OVERLAP
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.trust.api import Actor, Body, node_evidence

DECLARED = "declaration"
VERSION = re.compile(r"（(\d{4}-\d{2}-\d{2})）")


class TransferRefused(ValueError):
    """An element cannot pass so; `words` say why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def settle() -> int:
    """Give each declared element that has no holder its first one; returns how many."""
    known = set(ElementHolder.objects.values_list("element", flat=True))
    rows = [
        ElementHolder(
            key=keys.new_key(),
            element=code,
            function=model.record.holder,
            valid_from=_since(model.record.basis),
            basis=model.record.basis[:200],
            by=DECLARED,
            recorded_at=legal_time.now(),
        )
        for code, (model, _name) in elements().items()
        if code not in known
    ]
    if rows:
        with marked():
            ElementHolder.objects.bulk_create(rows)
    return len(rows)


def _since(basis: str) -> date:
    """The day of the law's version that is named; without one, today."""
    found = VERSION.search(basis)
    day = date.fromisoformat(found[1]) if found else legal_time.today()
    return min(day, legal_time.today())


def holder_on(element: str, day: date) -> ElementHolder | None:
    rows = ElementHolder.objects.filter(element=element, valid_from__lte=day)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=day)).first()


def refused(model: type[Record], who: Actor, fields: Iterable[str]) -> dict[str, list[str]]:
    """Field → why an official may not write it today: another body answers for it."""
    wanted, today = set(fields), legal_time.today()
    said: dict[str, list[str]] = {}
    for code, name in model.record.elements.items():
        if name not in wanted:
            continue
        row = holder_on(code, today)
        function, body = (row.function, row.body) if row else (model.record.holder, "")
        if who.function != function or (body and who.body != body):
            words = _("Your body does not hold this element (%(code)s) today.")
            said[name] = [words % {"code": code}]
    return said


def transfer(
    who: Actor, element: str, function: str, body: str, start: date, basis: str, reason: str
) -> ElementHolder:
    """Let an element pass to a function's bodies, or to one body, from a day on.

    Raises TransferRefused. An interval of the past is never shortened: the day is today or later.
    """
    _possible(element, function, body, start, basis, reason)
    _witness(who, element, function, body, start, basis, reason)
    try:
        with transaction.atomic(), marked():
            held = ElementHolder.objects.select_for_update().filter(element=element, valid_to=None)
            before = held.order_by("-valid_from").first()
            if before is not None:
                _end(before, function, body, start)
            return ElementHolder.objects.create(
                key=keys.new_key(), element=element, function=function, body=body,
                valid_from=start, basis=basis, reason=reason, by=who.signature[:200],
                recorded_at=legal_time.now(),
            )  # fmt: skip
    except DatabaseError as error:
        if OVERLAP not in str(error):
            raise
        words = _("Another holder is named for a part of this time already.")
        raise TransferRefused("start", words) from None


def _end(before: ElementHolder, function: str, body: str, start: date) -> None:
    if (before.function, before.body) == (function, body):
        raise TransferRefused("function", _("It is held by them already."))
    if start <= before.valid_from:
        words = _("Another holder is named for a part of this time already.")
        raise TransferRefused("start", words)
    before.valid_to = start
    before.save(update_fields=["valid_to"])


def _possible(element: str, function: str, body: str, start: date, basis: str, reason: str) -> None:
    if element not in elements():
        raise TransferRefused("element", _("There is no such element."))
    bodies = Body.objects.filter(function=function, ended=False)
    if not bodies.exists():
        raise TransferRefused("function", _("No body has this function."))
    if body and not bodies.filter(code=body).exists():
        raise TransferRefused("body", _("This body does not have this function."))
    if start < legal_time.today():
        raise TransferRefused("start", _("Holders change today or later, never in the past."))
    for field, text in (("basis", basis), ("reason", reason)):
        if not 2 <= len(text) <= 200 or "\x00" in text:
            raise TransferRefused(field, _("Say it in a few words, up to 200 characters."))


def _witness(
    who: Actor, element: str, function: str, body: str, start: date, basis: str, reason: str
) -> None:
    payload = {
        "element": element, "function": function, "holder": body, "from": start.isoformat(),
        "basis": basis, "reason": reason, "body": who.body, "role": who.role,
        "actor": who.signature,
    }  # fmt: skip
    node_evidence.write([node_evidence.entry("holder.transferred", payload)])
