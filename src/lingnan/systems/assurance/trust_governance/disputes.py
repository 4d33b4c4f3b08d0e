"""异议: somebody objects to a use of their data in one click, and the body that used it answers.

《个人信息保护法》（2021-08-20）第四十四条: to know and to limit; 第四十八条: to have it explained;
第五十条: a handy way to exercise these rights, and reasons where one is refused. The law counts
no days: the limit is a parameter, unverified.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, messages, tasks
from lingnan.kernel.exchange.api import looked, organisations_of
from lingnan.kernel.runtime.api import Title, keys, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body, Holding, superiors
from lingnan.systems.assurance.trust_governance import accesses, scope, witness
from lingnan.systems.assurance.trust_governance.models import Dispute, DisputeEvent
from lingnan.systems.assurance.trust_governance.rules import unusual

CONTEXT, CLOCK = "trust_governance.dispute", "objection"
BASIS = "《个人信息保护法》（2021-08-20）第四十四条、第四十八条、第五十条"
# For a firm: whoever is concerned may complain; the same default (unverified).
BASIS_OF_FIRMS = "《数据安全法》（2021-06-10）第十二条"
ANSWER = Title("答复用数异议", "Answer an objection to a use of data")
OVERDUE = Title("用数异议逾期未答复", "An objection to a use of data is overdue")
ANSWERED = Title("您对用数提出的异议已有答复", "Your objection to a use of data has been answered")
ENDS = ("lawful", "unlawful", "withdrawn")
LEAST, LONGEST = 2, 600


class NotAllowed(Exception):
    """Not one's own data, not one's to answer, or not in this order."""


def reference(dispute: Dispute) -> str:
    return keys.veil(dispute.key, CONTEXT)


def link(dispute: Dispute) -> str:
    return f"/objections/{reference(dispute)}/"


def found(ref: str) -> Dispute | None:
    key = keys.unveil(ref, CONTEXT)
    return None if key is None else Dispute.objects.filter(key=key).first()


def events(dispute: Dispute) -> list[DisputeEvent]:
    return list(DisputeEvent.objects.filter(dispute=dispute).order_by("id"))


def kinds(dispute: Dispute) -> set[str]:
    return {one.kind for one in events(dispute)}


def of_account(account: int, seqs: Collection[int]) -> dict[int, tuple[Dispute, set[str]]]:
    """The objections that an account raised to these entries, with what has happened to each."""
    rows = Dispute.objects.filter(account=account, seq__in=list(seqs))
    return {
        one.seq: (one, {event.kind for event in one.events.all()})
        for one in rows.prefetch_related("events")
    }


def entry_about(who: Actor, seq: int, firm: str = "") -> Any | None:
    """An entry of the evidence about the person, or about a firm of theirs; None for any other."""
    subject, kind = who.subject, "person"
    if firm:
        own = {one.code: one.subject for one in organisations_of(who.subject)}
        subject, kind = own.get(firm, ""), "organisation"
    if not subject or seq < 1:
        return None
    rows = looked(subject, seq + 1, 1, kind=kind)
    return rows[0] if rows and rows[0].seq == seq else None


def body_to_answer(entry: Any) -> str:
    """The body whose use it was; "" where no body used anything (the person's own acts)."""
    return accesses.body_of(entry.payload or {}) if entry.kind != "doubt.raised" else ""


def object_to(who: Actor, entry: Any, firm: str = "") -> Dispute:
    """Object to a use: in the evidence, with a clock and a task of the head of the body.

    A second click finds the first objection. Raises NotAllowed where no body answers.
    """
    body = Body.objects.filter(code=body_to_answer(entry)).first()
    if body is None:
        raise NotAllowed
    before = Dispute.objects.filter(account=who.account, seq=entry.seq).first()
    if before is not None:
        return before
    more = {"of": entry.seq, "used_by": body.code, "kind": entry.kind}
    witness.write("objection.raised", who, more, reference=f"objection-{entry.seq}")
    try:
        with transaction.atomic():
            dispute = Dispute.objects.create(
                key=keys.new_key(), seq=entry.seq, kind=entry.kind, account=who.account,
                about=firm, body=body.code, division=body.division, raised_at=legal_time.now(),
            )  # fmt: skip
            _begin(dispute)
    except IntegrityError:
        return Dispute.objects.get(account=who.account, seq=entry.seq)
    return dispute


def _begin(dispute: Dispute) -> None:
    known = unusual.parameters()
    days = int(known["answer_within"])
    limit = {"unit": known["unit"], "statutory": days, "promised": days}
    basis = BASIS_OF_FIRMS if dispute.about else BASIS
    clocks.start(reference(dispute), CLOCK, limit, basis, body=dispute.body, about="objection")
    answering = answering_body(dispute)
    if answering:
        ref = reference(dispute)
        tasks.open_task(ref, CLOCK, ANSWER, "", answering, "head", link(dispute))


def answering_body(dispute: Dispute) -> str:
    """The body whose head answers: the one that looked, or the nearest above with a head."""
    for body in superiors(dispute.body):
        if Holding.objects.filter(body=body, role="head", ended=False).exists():
            return body
    return ""


def may_answer(dispute: Dispute, who: Actor) -> bool:
    return who.holds("head", answering_body(dispute)) and not kinds(dispute) & set(ENDS)


def may_see(dispute: Dispute, who: Actor) -> bool:
    """Who raised it, the head who answers, and the auditors of the body's division."""
    if who.account == dispute.account or who.holds("head", answering_body(dispute)):
        return True
    return scope.covers(who, dispute.division)


def say(dispute: Dispute, who: Actor, text: str) -> None:
    """Who objects may add grounds, once. Raises NotAllowed."""
    if who.account != dispute.account or kinds(dispute) & set(ENDS):
        raise NotAllowed
    with _step(dispute, "said", who, text):
        pass


def withdraw(dispute: Dispute, who: Actor) -> None:
    """By who raised it. Raises NotAllowed."""
    if who.account != dispute.account or kinds(dispute) & set(ENDS):
        raise NotAllowed
    with _step(dispute, "withdrawn", who, ""):
        _end(dispute, who)


def answer(dispute: Dispute, who: Actor, lawful: bool, text: str) -> None:
    """The body's answer with its reasons, once; the person hears it. Raises NotAllowed."""
    if not may_answer(dispute, who) or not text:
        raise NotAllowed
    with _step(dispute, "lawful" if lawful else "unlawful", who, text):
        for task in Task.objects.filter(reference=reference(dispute), code=CLOCK, done_at=None):
            tasks.finish(task, who, "answered")
        _end(dispute, who)
        messages.send(dispute.account, ANSWERED, Title(text, text), link(dispute))


def pass_on_overdue() -> int:
    """Objections whose day has passed go to the auditors, each once; returns how many."""
    done = 0
    for dispute in _open():
        if clock_of(dispute).card == "red" and "overdue" not in kinds(dispute):
            done += _pass_on(dispute)
    return done


def _open() -> Iterator[Dispute]:
    ended = DisputeEvent.objects.filter(kind__in=(*ENDS, "overdue")).values("dispute")
    yield from Dispute.objects.exclude(key__in=ended).order_by("key").iterator(500)


def _pass_on(dispute: Dispute) -> int:
    auditors = scope.auditors_of(dispute.division)
    try:
        with _step(dispute, "overdue", SYSTEM, ""):
            held = Holding.objects.filter(body=auditors, role=scope.ROLE, ended=False)
            words = Title(
                f"应于 {clock_of(dispute).due} 前答复，至今未答复。",
                f"It was to be answered by {clock_of(dispute).due}.",
            )
            accounts = held.values_list("account", flat=True)
            messages.send_all([(one, OVERDUE, words, link(dispute)) for one in accounts])
    except NotAllowed:
        return 0
    return 1


def clock_of(dispute: Dispute) -> Any:
    """How its limit stands."""
    return clocks.read(Clock.objects.get(reference=reference(dispute), code=CLOCK))


@contextmanager
def _step(dispute: Dispute, kind: str, who: Actor, text: str) -> Iterator[None]:
    """Evidence, event and what follows from it, or nothing of it."""
    if "\x00" in text or ((text or kind == "said") and not LEAST <= len(text) <= LONGEST):
        raise NotAllowed
    if kind in kinds(dispute):
        raise NotAllowed
    more: Mapping[str, Any] = {"of": dispute.seq, "used_by": dispute.body, "said": text}
    witness.write(f"objection.{kind}", who, more, reference=f"objection-{dispute.seq}")
    by = (who.name if who is SYSTEM else who.signature)[:200]
    try:
        with transaction.atomic():
            DisputeEvent.objects.create(
                dispute=dispute, kind=kind, text=text, by=by, at=legal_time.now()
            )
            yield
    except IntegrityError:
        raise NotAllowed from None


def _end(dispute: Dispute, who: Actor) -> None:
    ref, by = reference(dispute), who.signature[:200]
    tasks.withdraw(ref, by)
    for clock in Clock.objects.filter(reference=ref):
        clocks.stop(clock, by)
