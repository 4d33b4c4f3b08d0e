"""Raising a doubt about one element of one record, and reading what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import clocks, tasks
from lingnan.kernel.registry import reading, rights
from lingnan.kernel.registry.holders import holding
from lingnan.kernel.registry.models import Doubt, DoubtEvent
from lingnan.kernel.registry.records import (
    Record,
    UnknownRecordType,
    record_type,
    visible_to,
)
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Title, definitions, legal_time
from lingnan.kernel.trust.api import Access, Actor, Body, Holding, node_evidence, superiors

CONTEXT = "registry.doubt"
CLOCK = clocks.named("doubt", "登记内容疑义", "Doubt about a record")
ANSWER = Title("处理数据疑义", "Answer a doubt about a record")
ACCEPTED = "accepted"
LEAST, LONGEST = 2, 400


class DoubtRefused(ValueError):
    """A doubt cannot be raised or answered so; `field` and `words` say why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def reference(doubt: Doubt) -> str:
    return keys.veil(doubt.key, CONTEXT)


def link(doubt: Doubt) -> str:
    return f"/doubts/{reference(doubt)}/"


def found(ref: str) -> Doubt | None:
    key = keys.unveil(ref, CONTEXT)
    return None if key is None else Doubt.objects.filter(key=key).first()


def named(ref: str, model: type[Record], record: Any) -> Doubt | None:
    """The open doubt that a correction of this record answers to; None for any other."""
    doubt = found(ref) if ref and record is not None else None
    if doubt is None or ended(doubt) is not None:
        return None
    about = (doubt.record_type, doubt.record) == (reading.context_of(model), record.key)
    return doubt if about else None


def model_of(doubt: Doubt) -> type[Record]:
    """Raises UnknownRecordType when the register is not installed."""
    system, _dot, name = doubt.record_type.partition(".")
    return record_type(system, name)


def events(doubt: Doubt) -> list[DoubtEvent]:
    return list(DoubtEvent.objects.filter(doubt=doubt).order_by("id"))


def ended(doubt: Doubt) -> DoubtEvent | None:
    """The event that ended it: an answer, or that it was withdrawn."""
    return DoubtEvent.objects.filter(doubt=doubt).exclude(kind=ACCEPTED).first()


def corrections(after: int, most: int) -> list[DoubtEvent]:
    """The answers that corrected a record, whole or in part, after a number, oldest first."""
    rows = DoubtEvent.objects.filter(kind__in=("corrected", "partly"), pk__gt=after)
    return list(rows.select_related("doubt").order_by("pk")[:most])


def about(model: type[Record], keys_: Sequence[int]) -> list[Doubt]:
    """The doubts about records that nobody has answered yet, oldest first."""
    rows = Doubt.objects.filter(record_type=reading.context_of(model), record__in=list(keys_))
    ends = DoubtEvent.objects.filter(doubt=OuterRef("key")).exclude(kind=ACCEPTED)
    return list(rows.exclude(Exists(ends)).order_by("key"))


def doubted(model: type[Record], keys_: Sequence[int]) -> dict[int, set[str]]:
    """Record key → the elements about which there is a doubt, with one query."""
    found: dict[int, set[str]] = {}
    for doubt in about(model, keys_):
        found.setdefault(doubt.record, set()).add(doubt.element)
    return found


def raise_doubt(
    who: Actor, model: type[Record], record: Any, element: str, said: str, right: str,
    evidence: str = "",
) -> Doubt:  # fmt: skip
    """Say that one element of a record is not right; a task and a clock of its holder begin.

    The caller has seen to it that `who` may know the record: its reader, the person concerned, or
    a body that used it. Raises DoubtRefused. The raiser hears the answer as a message.
    """
    _possible(model, element, said, right, evidence)
    body = answering_body(model, record, element)
    if body is None:
        raise DoubtRefused("element", _("No body answers for this element here."))
    _witness("doubt.raised", who, model, record.key, element)
    with transaction.atomic():
        doubt = Doubt.objects.create(
            key=keys.new_key(), record_type=reading.context_of(model), record=record.key,
            element=element, version=record.version, said=said, right=right, evidence=evidence,
            holder=body.code, account=who.account, body=who.body, by=who.signature[:200],
            at=legal_time.now(),
        )  # fmt: skip
        _begin(doubt, model)
    return doubt


def _possible(model: type[Record], element: str, said: str, right: str, evidence: str) -> None:
    if element not in model.record.elements:
        raise DoubtRefused("element", _("There is no such element in this register."))
    for field, text, least in (
        ("said", said, LEAST),
        ("right", right, 1),
        ("evidence", evidence, 0),
    ):
        if not least <= len(text) <= LONGEST or "\x00" in text:
            raise DoubtRefused(field, _("Say it in words, up to 400 characters."))


def answering_body(model: type[Record], record: Any, element: str) -> Body | None:
    """The body that answers for an element of a record: the holder's, nearest to its division."""
    row = holding.holder_on(element, legal_time.today())
    function, code = (row.function, row.body) if row else (model.record.holder, "")
    bodies = Body.objects.filter(function=function, ended=False)
    if code:
        return bodies.filter(code=code).first()
    division = str(getattr(record, model.record.scope)) if model.record.scope else ""
    nearest = [division[:6], f"{division[:4]}00", f"{division[:2]}0000"] if division else []
    for one in nearest:
        body = bodies.filter(division=one).order_by("key").first()
        if body is not None:
            return body
    return bodies.filter(tier="province").order_by("key").first()


def _begin(doubt: Doubt, model: type[Record]) -> None:
    limit = limit_of()
    ref, rule = reference(doubt), answerers(model)
    clocks.start(ref, CLOCK, limit, str(limit["basis"]), body=doubt.holder, about=CLOCK)
    for body in superiors(doubt.holder):
        held = Holding.objects.filter(body=body, ended=False)
        roles = sorted(set(held.values_list("role", flat=True)) & (rule.roles or {"data_officer"}))
        for role in roles:
            words = str(model.record.title.zh)
            tasks.open_task(ref, "doubt", ANSWER, words, body, role, link(doubt))
        if roles:
            return


def limit_of() -> Mapping[str, Any]:
    """The limit in force today: {unit, statutory, promised, basis}. Raises LookupError."""
    found = definitions.published("supervision", "doubts")
    if found is None:
        raise LookupError("no rule says how long a doubt may stay unanswered")
    return dict(found.content)


def answerers(model: type[Record]) -> Access:
    """Which officials of the holder answer a doubt: those who edit, else those who read."""
    return model.record.editors or model.record.readers


def may_see(doubt: Doubt, who: Actor) -> bool:
    """The raiser; and of the register's readers those who have the doubted fact in sight."""
    if doubt.account == who.account:
        return True
    try:
        model = model_of(doubt)
    except UnknownRecordType:
        return False
    if not model.record.readers.permits(who):
        return False
    # What is withheld from a post is not told by a doubt about it either.
    if not rights.sees(model, who, model.record.elements[doubt.element]):
        return False
    return visible_to(model, who).filter(key=doubt.record).exists()


def _witness(kind: str, who: Actor, model: type[Record], key: int, element: str) -> None:
    payload = {
        "record_type": reading.context_of(model),
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "elements": [element],
    }
    subject = model.record.subject or reading.context_of(model)
    node_evidence.write([node_evidence.entry(kind, payload, [(subject, key)])])


def opened(doubt: Doubt, who: Actor) -> None:
    """Evidence before a doubt is shown to an official."""
    if who.kind == "official":
        _witness("record.opened", who, model_of(doubt), doubt.record, doubt.element)
