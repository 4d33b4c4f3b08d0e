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
from lingnan.kernel.exchange.api import accounts_answering, looked, organisations_of
from lingnan.kernel.runtime.api import Title, keys, legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    SYSTEM,
    Actor,
    Body,
    Holding,
    acting,
    superiors,
    under,
)
from lingnan.systems.assurance.trust_governance import accesses, scope, witness
from lingnan.systems.assurance.trust_governance.models import Objection, ObjectionEvent
from lingnan.systems.assurance.trust_governance.rules import unusual

CONTEXT = "trust_governance.objection"
CLOCK = clocks.named("objection", "数据查看异议", "Objection to a use of data")
BASIS = "《个人信息保护法》（2021-08-20）第四十四条、第四十八条、第五十条"
# For a firm: whoever is concerned may complain; the same default (unverified).
BASIS_OF_FIRMS = "《数据安全法》（2021-06-10）第十二条"
ANSWER = Title("答复用数异议", "Answer an objection to a use of data")
OVERDUE = Title("用数异议逾期未答复", "An objection to a use of data is overdue")
ANSWERED = Title("您对用数提出的异议已有答复", "Your objection to a use of data has been answered")
ENDS = ("lawful", "unlawful", "withdrawn")
# Also for whoever acts for the one concerned: by a power to see who looked, and to act.
RAISES = under(RESIDENT, acting.APPLY, "person", "organisation")
LEAST, LONGEST = 2, 600


class NotAllowed(Exception):
    """Not one's own data, not one's to answer, or not in this order."""


def reference(objection: Objection) -> str:
    return keys.veil(objection.key, CONTEXT)


def link(objection: Objection) -> str:
    return f"/objections/{reference(objection)}/"


def found(ref: str) -> Objection | None:
    key = keys.unveil(ref, CONTEXT)
    return None if key is None else Objection.objects.filter(key=key).first()


def events(objection: Objection) -> list[ObjectionEvent]:
    return list(ObjectionEvent.objects.filter(objection=objection).order_by("id"))


def kinds(objection: Objection) -> set[str]:
    return {one.kind for one in events(objection)}


def may_raise(who: Actor) -> bool:
    """Whoever may not see who looked would learn it by objecting."""
    sees = who.acting is None or who.acting.may(acting.LOOKED)
    return sees and RAISES.permits(who)


def firm_of(who: Actor, asked: str) -> str:
    """The code of the firm that somebody speaks for: whoever acts for one, for no other."""
    return who.acting.code if who.acting is not None and who.acting.code else asked


def concerned(objection: Objection, who: Actor) -> bool:
    """Whether it is theirs: of the person, and of a firm of whoever stands for it now, whoever
    raised it."""
    if who.kind != "resident":
        return False
    if objection.about:
        return objection.about in {one.code for one in organisations_of(who)}
    return who.account == objection.account and not firm_of(who, "")


def _known(who: Actor, firm: str) -> Any:
    """The objections of the person, or of the firm."""
    rows = Objection.objects.filter(about=firm)
    return rows if firm else rows.filter(account=who.account)


def of_concern(
    who: Actor, firm: str, seqs: Collection[int]
) -> dict[int, tuple[Objection, set[str]]]:
    """The objections to these entries that were raised by or for the person, or for the firm, with
    what has happened to each."""
    rows = _known(who, firm).filter(seq__in=list(seqs))
    return {
        one.seq: (one, {event.kind for event in one.events.all()})
        for one in rows.prefetch_related("events")
    }


def entry_about(who: Actor, seq: int, firm: str = "") -> Any | None:
    """An entry of the evidence about the person, or about a firm of theirs; None for any other."""
    subject, kind, firm = who.subject, "person", firm_of(who, firm)
    if firm:
        own = {one.code: one.subject for one in organisations_of(who)}
        subject, kind = own.get(firm, ""), "organisation"
    if not subject or seq < 1:
        return None
    rows = looked(subject, seq + 1, 1, kind=kind)
    return rows[0] if rows and rows[0].seq == seq else None


def body_to_answer(entry: Any) -> str:
    """The body whose use it was; "" where no body used anything (the person's own acts)."""
    return accesses.body_of(entry.payload or {}) if entry.kind != "doubt.raised" else ""


def object_to(who: Actor, entry: Any, firm: str = "") -> Objection:
    """Object to a use: in the evidence, with a clock and a task of the head of the body.

    A second click finds the first objection. Raises NotAllowed where no body answers.
    """
    body = Body.objects.filter(code=body_to_answer(entry)).first()
    if body is None:
        raise NotAllowed
    firm = firm_of(who, firm)
    before = _known(who, firm).filter(seq=entry.seq).first()
    if before is not None:
        return before
    more = {"of": entry.seq, "used_by": body.code, "kind": entry.kind}
    witness.write("objection.raised", who, more, reference=f"objection-{entry.seq}")
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                key=keys.new_key(), seq=entry.seq, kind=entry.kind, account=who.account,
                about=firm, body=body.code, division=body.division, raised_at=legal_time.now(),
            )  # fmt: skip
            _begin(objection)
    except IntegrityError:
        return Objection.objects.get(account=who.account, seq=entry.seq)
    return objection


def _begin(objection: Objection) -> None:
    known = unusual.parameters()
    days = int(known["answer_within"])
    limit = {"unit": known["unit"], "statutory": days, "promised": days}
    basis = BASIS_OF_FIRMS if objection.about else BASIS
    clocks.start(reference(objection), CLOCK, limit, basis, body=objection.body, about="objection")
    answering = answering_body(objection)
    if answering:
        ref = reference(objection)
        tasks.open_task(ref, CLOCK, ANSWER, "", answering, "head", link(objection))


def answering_body(objection: Objection) -> str:
    """The body whose head answers: the one that looked, or the nearest above with a head."""
    for body in superiors(objection.body):
        if Holding.objects.filter(body=body, role="head", ended=False).exists():
            return body
    return ""


def may_answer(objection: Objection, who: Actor) -> bool:
    return who.holds("head", answering_body(objection)) and not kinds(objection) & set(ENDS)


def may_see(objection: Objection, who: Actor) -> bool:
    """Whom it is of, the head who answers, and the auditors of the body's division."""
    if concerned(objection, who) or who.holds("head", answering_body(objection)):
        return True
    return scope.covers(who, objection.division)


def say(objection: Objection, who: Actor, text: str) -> None:
    """Who objects may add grounds, once. Raises NotAllowed."""
    if not concerned(objection, who) or kinds(objection) & set(ENDS):
        raise NotAllowed
    with _step(objection, "said", who, text):
        pass


def withdraw(objection: Objection, who: Actor) -> None:
    """By whom it is of. Raises NotAllowed."""
    if not concerned(objection, who) or kinds(objection) & set(ENDS):
        raise NotAllowed
    with _step(objection, "withdrawn", who, ""):
        _end(objection, who)


def answer(objection: Objection, who: Actor, lawful: bool, text: str) -> None:
    """The body's answer with its reasons, once; the person hears it. Raises NotAllowed."""
    if not may_answer(objection, who) or not text:
        raise NotAllowed
    with _step(objection, "lawful" if lawful else "unlawful", who, text):
        for task in Task.objects.filter(reference=reference(objection), code=CLOCK, done_at=None):
            tasks.finish(task, who, "answered")
        _end(objection, who)
        told = ((one, ANSWERED, Title(text, text), link(objection)) for one in _hear(objection))
        messages.send_all(told)


def _hear(objection: Objection) -> list[int]:
    """Who hears the answer: the person; of a firm, who answers for it, and its agent who objected,
    if that one is its agent still."""
    if not objection.about:
        return [objection.account]
    known = accounts_answering(objection.about)
    agents = acting.agents_of(objection.about, acting.LOOKED)
    return [*known, *({objection.account} & agents - set(known))]


def pass_on_overdue() -> int:
    """Objections whose day has passed go to the auditors, each once; returns how many."""
    done = 0
    for objection in _open():
        if clock_of(objection).card == "red" and "overdue" not in kinds(objection):
            done += _pass_on(objection)
    return done


def _open() -> Iterator[Objection]:
    ended = ObjectionEvent.objects.filter(kind__in=(*ENDS, "overdue")).values("objection")
    yield from Objection.objects.exclude(key__in=ended).order_by("key").iterator(500)


def _pass_on(objection: Objection) -> int:
    auditors = scope.auditors_of(objection.division)
    try:
        with _step(objection, "overdue", SYSTEM, ""):
            held = Holding.objects.filter(body=auditors, role=scope.ROLE, ended=False)
            words = Title(
                f"应于 {clock_of(objection).due} 前答复，至今未答复。",
                f"It was to be answered by {clock_of(objection).due}.",
            )
            accounts = held.values_list("account", flat=True)
            messages.send_all([(one, OVERDUE, words, link(objection)) for one in accounts])
    except NotAllowed:
        return 0
    return 1


def clock_of(objection: Objection) -> Any:
    """How its limit stands."""
    return clocks.read(Clock.objects.get(reference=reference(objection), code=CLOCK))


@contextmanager
def _step(objection: Objection, kind: str, who: Actor, text: str) -> Iterator[None]:
    """Evidence, event and what follows from it, or nothing of it."""
    if "\x00" in text or ((text or kind == "said") and not LEAST <= len(text) <= LONGEST):
        raise NotAllowed
    if kind in kinds(objection):
        raise NotAllowed
    more: Mapping[str, Any] = {"of": objection.seq, "used_by": objection.body, "said": text}
    witness.write(f"objection.{kind}", who, more, reference=f"objection-{objection.seq}")
    by = (who.name if who is SYSTEM else who.signature)[:200]
    try:
        with transaction.atomic():
            ObjectionEvent.objects.create(
                objection=objection, kind=kind, text=text, by=by, at=legal_time.now()
            )
            yield
    except IntegrityError:
        raise NotAllowed from None


def _end(objection: Objection, who: Actor) -> None:
    ref, by = reference(objection), who.signature[:200]
    tasks.withdraw(ref, by)
    for clock in Clock.objects.filter(reference=ref):
        clocks.stop(clock, by)
