"""Prolonging a clock: asked for with reasons before it is over, answered by whom the law names."""

from datetime import date

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.runtime.api import Title, keys
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.justice_network import clocking, ledger
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Case, Term, TermEvent
from lingnan.systems.government.justice_network.rules.terms import Extension

CONTEXT = "justice_network.term"
TASK = "justice_prolong"


def reference(term: Term) -> str:
    return keys.veil(term.key, CONTEXT)


def found(case: Case, ref: str) -> Term | None:
    key = keys.unveil(ref, CONTEXT)
    rows = Term.objects.filter(case=case, key=key or 0)
    return rows.select_related("case", "suspect").first()


def ways(term: Term) -> list[Extension]:
    """The extensions that the law allows next."""
    read = clocking.read(term)
    every = read.rule.extensions.values()
    return [one for one in every if read.rule.may_follow(one.code, read.granted)]


def approver(term: Term, way: Extension) -> str:
    """The code of the body whose head decides. Raises NotPossible where it has none above."""
    division = term.case.division
    if way.approver in ("own_head", "own_court", "supreme_court"):
        return term.body
    if way.approver == "upper_court":
        return ledger.above(term.body).code
    function = "court" if way.approver.endswith("court") else "procuratorate"
    own = ledger.body_of(function, division).code
    if way.approver.startswith("same_"):
        return own
    above = ledger.above(own)
    while way.approver.startswith("province_") and above.tier != "province":
        above = ledger.above(above.code)
    return above.code


def pending(term: Term) -> TermEvent | None:
    """The request that waits for an answer."""
    last = term.events.filter(kind__in=("asked", "granted", "refused")).order_by("id").last()
    return last if last is not None and last.kind == "asked" else None


def waiting_for(body: str) -> list[TermEvent]:
    """The requests that a body's head is to answer, the most urgent clock first."""
    rows = TermEvent.objects.filter(kind="asked", body=body).select_related("term__case")
    asked = [one for one in rows.order_by("term__now__due_at") if pending(one.term) == one]
    return [one for one in asked if clocking.read(one.term).ended is None]


def ask(term: Term, hand: Hand, code: str, text: str, days: int = 0,
        until: date | None = None) -> None:  # fmt: skip
    """Ask for an extension before the clock is over. Raises NotPossible."""
    way = {one.code: one for one in ways(term)}.get(code)
    read = clocking.read(term)
    if way is None or pending(term) is not None or not read.running:
        raise NotPossible("clock")
    if read.due <= hand.at:
        raise NotPossible("over")
    if (way.most and not 1 <= days <= way.most) or (way.until and until is None):
        raise NotPossible("length")
    body = approver(term, way)
    told = {"rule": term.rule, "extension": code, "basis": way.basis, "why": text, "by": body}
    ledger.witness("prolongation_asked", term.case, hand, told)
    clocking.add(term, "asked", hand, code=code, days=days if way.most else 0,
                 until=until if way.until else None, body=body, text=text)  # fmt: skip
    title = Title(f"批准延长：{read.rule.zh}", f"Prolong a clock: {read.rule.en}")
    tasks.open_task(reference(term), TASK, title, "", body, "head", _link(term))


def _link(term: Term) -> str:
    return f"{ledger.link(term.case)}clocks/{reference(term)}/"


def may_answer(term: Term, who: Actor) -> bool:
    asked = pending(term)
    return asked is not None and who.holds("head", asked.body)


def answer(term: Term, hand: Hand, granted: bool, text: str) -> None:
    """The head of the body that the law names decides, before the clock is over."""
    asked, read = pending(term), clocking.read(term)
    if asked is None or not may_answer(term, hand.who) or not read.running:
        raise NotPossible("clock")
    if granted and read.due <= hand.at:
        raise NotPossible("over")
    kind = "granted" if granted else "refused"
    told = {"rule": term.rule, "extension": asked.code, "said": text}
    ledger.witness(f"prolongation_{kind}", term.case, hand, told)
    clocking.add(term, kind, hand, code=asked.code, days=asked.days, until=asked.until,
                 body=hand.who.body, text=text)  # fmt: skip
    tasks.withdraw(reference(term), hand.by, (TASK,))
