"""Dual control: what one official enters and another confirms, refuses or finds overtaken.

Events are only added: a proposal has one closing event, and the database lets nobody add a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import Task, messages, tasks
from lingnan.kernel.registry import reading, rights
from lingnan.kernel.registry.doubts import answering
from lingnan.kernel.registry.editing import writing
from lingnan.kernel.registry.editing.writing import Entered
from lingnan.kernel.registry.models import Proposal, ProposalEvent
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type, visible_to
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Conflict, Title, legal_time
from lingnan.kernel.trust.api import Account, Actor, Holding, superiors

CONTEXT = "registry.proposal"
CONFIRM = Title("复核登记变更", "Confirm an entry of a register")
MESSAGES = {
    "confirmed": Title("您提出的登记变更已复核通过", "Your entry has been confirmed"),
    "refused": Title("您提出的登记变更未通过复核", "Your entry has been refused"),
    "stale": Title("您提出的登记变更已过时", "Your entry was overtaken by another change"),
}


class NotToConfirm(Exception):
    """This official may not confirm or refuse it; `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Closed(Exception):
    """Somebody has decided it meanwhile."""


def reference(proposal: Proposal) -> str:
    return keys.veil(proposal.key, CONTEXT)


def link(proposal: Proposal) -> str:
    return f"/desk/proposals/{reference(proposal)}/"


def found(ref: str) -> Proposal | None:
    key = keys.unveil(ref, CONTEXT)
    return None if key is None else Proposal.objects.filter(key=key).first()


def model_of(proposal: Proposal) -> type[Record]:
    """The register of a proposal. Raises UnknownRecordType when it is not installed."""
    system, _dot, name = proposal.record_type.partition(".")
    return record_type(system, name)


def record_of(proposal: Proposal) -> Any | None:
    """The record as it stands now; None for a new one, or when it has ended."""
    if proposal.record is None:
        return None
    return model_of(proposal).objects.filter(key=proposal.record, ended=False).first()


def held_when_read(proposal: Proposal) -> Any | None:
    """The record as the proposer had read it; None for a new one."""
    if proposal.record is None:
        return None
    model: Any = model_of(proposal)
    versions = model.Version.objects.filter(key=proposal.record, version=proposal.version)
    # One that was loaded and never changed has no version yet: it says what was read.
    return versions.first() or model.objects.filter(key=proposal.record).first()


def closing(proposal: Proposal) -> ProposalEvent | None:
    return ProposalEvent.objects.filter(proposal=proposal).first()


def values_of(proposal: Proposal) -> dict[str, Any]:
    """The proposed values as the fields hold them."""
    meta: Any = model_of(proposal)._meta
    return {name: meta.get_field(name).to_python(value) for name, value in proposal.values.items()}


def propose(
    model: type[Record], who: Actor, entered: Entered, record: Record | None,
    doubt: int | None = None,
) -> Proposal:  # fmt: skip
    """Keep an entry until another official confirms it. Raises Conflict on an old version."""
    if record is not None and record.version != entered.version:
        raise Conflict(f"{model.__name__} was changed meanwhile")
    _witness("record.proposed", model, who, record.key if record else None, entered.values)
    with transaction.atomic():
        proposal = Proposal.objects.create(
            key=keys.new_key(),
            record_type=reading.context_of(model),
            record=record.key if record else None,
            version=entered.version,
            kind=entered.kind,
            values={name: _plain(value) for name, value in entered.values.items()},
            valid_from=entered.valid_from,
            valid_to=entered.valid_to,
            reason=entered.reason,
            doubt=doubt,
            body=who.body,
            account=who.account,
            by=who.signature[:200],
            at=legal_time.now(),
        )
        _open_tasks(proposal, model)
    return proposal


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _open_tasks(proposal: Proposal, model: type[Record]) -> None:
    """A task for the nearest body upwards where somebody else may confirm."""
    rule = model.record.confirmers
    for body in superiors(proposal.body):
        held = Holding.objects.filter(body=body, ended=False).exclude(account=proposal.account)
        roles = set(held.values_list("role", flat=True))
        able = sorted(roles & rule.roles if rule and rule.roles else roles)
        for role in able:
            about = str(model.record.title.zh)
            tasks.open_task(
                reference(proposal), "confirm", CONFIRM, about, body, role, link(proposal)
            )
        if able:
            return


def may_see(proposal: Proposal, who: Actor) -> bool:
    """The proposer, those of the proposer's body or above who edit or confirm."""
    try:
        record = model_of(proposal).record
    except UnknownRecordType:
        return False
    if not record.readers.permits(who) or who.body not in superiors(proposal.body):
        return False
    rules = (record.editors, record.confirmers)
    return any(rule is not None and rule.permits(who) for rule in rules)


def why_not(proposal: Proposal, who: Actor) -> str:
    """Why an official cannot decide a proposal, in words; "" for whom it is to decide."""
    rule = model_of(proposal).record.confirmers
    if _same_person(proposal.account, who.account):
        return _("Nobody confirms an entry of their own, whatever post they act under.")
    if rule is None or not rule.permits(who) or who.body not in superiors(proposal.body):
        return _("Another post confirms this.")
    model = model_of(proposal)
    if any(not rights.sees(model, who, name) for name in proposal.values):
        return _("It states facts that are not for this post.")
    if proposal.record is not None:
        there = model.objects.filter(key=proposal.record)
        if there.exists() and not visible_to(model, who).filter(key=proposal.record).exists():
            # One that ended meanwhile is found overtaken; one out of sight is not this post's.
            return "" if there.filter(ended=True).exists() else _("Another post confirms this.")
    return ""


def _same_person(one: int, other: int) -> bool:
    """One account, or two accounts of one person."""
    if one == other:
        return True
    subjects = set(Account.objects.filter(key__in=(one, other)).values_list("subject", flat=True))
    return len(subjects) == 1 and "" not in subjects


def confirm(proposal: Proposal, who: Actor, reason: str) -> Record | None:
    """Let it hold. Raises NotToConfirm, Closed, Conflict (it is closed as stale), Refused."""
    _decidable(proposal, who)
    model = model_of(proposal)
    _witness("record.confirmed", model, who, proposal.record, proposal.values)
    entered = Entered(
        proposal.kind, values_of(proposal), proposal.valid_from, proposal.valid_to,  # type: ignore[arg-type]
        proposal.reason, proposal.version,
    )  # fmt: skip
    by = f"{proposal.by} + {who.signature}"
    try:
        with transaction.atomic():
            _close(proposal, "confirmed", who, reason)
            record = record_of(proposal)
            if proposal.record is not None and record is None:
                raise Conflict("the record has ended meanwhile")
            made = writing.write(model, entered, record, by=by, reason=proposal.reason)
            # A correction that a doubt led to answers it.
            answering.corrected_by_proposal(proposal)
            return made
    except Conflict:
        with transaction.atomic():
            _close(proposal, "stale", who, "")
        raise


def refuse(proposal: Proposal, who: Actor, reason: str) -> None:
    """Raises NotToConfirm, Closed."""
    _decidable(proposal, who)
    _witness("record.refused", model_of(proposal), who, proposal.record, proposal.values)
    with transaction.atomic():
        _close(proposal, "refused", who, reason)


def withdraw(proposal: Proposal, who: Actor) -> None:
    """By the proposer alone. Raises NotToConfirm, Closed."""
    if who.account != proposal.account:
        raise NotToConfirm(_("Only the proposer withdraws it."))
    with transaction.atomic():
        _close(proposal, "withdrawn", who, "")


def _decidable(proposal: Proposal, who: Actor) -> None:
    words = why_not(proposal, who)
    if words:
        raise NotToConfirm(words)
    if closing(proposal) is not None:
        raise Closed


def _close(proposal: Proposal, kind: str, who: Actor, reason: str) -> None:
    try:
        with transaction.atomic():
            ProposalEvent.objects.create(
                proposal=proposal, kind=kind, reason=reason, account=who.account,
                by=who.signature[:200], at=legal_time.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Closed from None
    for task in Task.objects.filter(reference=reference(proposal), done_at=None):
        if who.holds(task.role, task.body):
            tasks.finish(task, who, kind)
    tasks.withdraw(reference(proposal), who.signature[:200])
    if kind in MESSAGES:
        title = str(model_of(proposal).record.title.zh)
        text = Title(f"{title}。{reason}", f"{model_of(proposal).record.title.en}. {reason}")
        messages.send(proposal.account, MESSAGES[kind], text, link(proposal))


def waiting(model: type[Record], key: int) -> Proposal | None:
    """The newest proposal about a record that nobody has decided."""
    rows = Proposal.objects.filter(record_type=reading.context_of(model), record=key, closing=None)
    return rows.order_by("-key").first()


def _witness(
    kind: str, model: type[Record], who: Actor, key: int | None, values: Mapping[str, Any]
) -> None:
    """Who did what to which elements of whose record, before it is done."""
    found = None if key is None else model.objects.filter(key=key).first()
    stated = {code for code, name in model.record.elements.items() if name in values}
    reading.witness(kind, model, who, found, {"elements": sorted(stated)})


def opened(proposal: Proposal, who: Actor) -> None:
    """Evidence before a proposal is shown."""
    _witness("record.opened", model_of(proposal), who, proposal.record, proposal.values)
