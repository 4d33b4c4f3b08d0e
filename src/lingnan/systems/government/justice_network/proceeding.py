"""The acts of a case: prepared, sent, received or refused; and those that leave it where it is."""

from collections.abc import Sequence

from django.db import transaction

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.runtime.api import Title, keys
from lingnan.kernel.trust.api import Body
from lingnan.systems.government.justice_network import (
    clocking,
    filing,
    handing,
    ledger,
    manifests,
    measures,
    packages,
    receiving,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import (
    Case,
    Evidence,
    Package,
    Prepared,
    PreparedEnd,
    Suspect,
    Term,
)
from lingnan.systems.government.justice_network.rules import stages
from lingnan.systems.government.justice_network.rules.stages import Act, WrongStage

SEND = "justice_send"
OUTCOMES = ("correction", "prison", "other", "acquitted")
PROCEDURES = {"ordinary": "first_instance", "summary": "summary_trial", "fast": "fast_trial"}


def waiting(case: Case) -> Prepared | None:
    """What was prepared and neither sent nor sent back."""
    return Prepared.objects.filter(case=case, end=None).order_by("key").last()


def open_to(case: Case, hand: Hand) -> list[Act]:
    """The acts that a post may begin now; none while a package is under way."""
    who = hand.who
    if ledger.in_transit(case) is not None or waiting(case) is not None:
        return []
    function, standing = sights.function_of(who), sights.standing(case, who.body)
    held = ledger.open_kinds(case)
    found = stages.allowed(ledger.stage_of(case), function, who.role, ledger.done(case), held)
    return [one for one in found if _stands(one, standing) and _in_time(case, one, hand)]


def _stands(act: Act, standing: str) -> bool:
    return standing == "holding" or (act.verdict and standing == "passed")


def _in_time(case: Case, act: Act, hand: Hand) -> bool:
    """Whether the clock that an act waits for is over, or the one that it needs still runs."""
    rows = Term.objects.filter(case=case, rule=act.over or act.before).order_by("-key")
    term = rows.first() if act.over or act.before else None
    if term is None:
        return True
    due = clocking.read(term).due
    return due <= hand.at if act.over else due > hand.at


def receiver_of(case: Case, act: Act, body: str) -> str:
    """Whom the file goes to. Raises NotPossible where there is no such body."""
    if act.receiver == "upper":
        return ledger.above(body).code
    if act.receiver == "prison":
        return ledger.body_of("prison", f"{case.division[:2]}0000").code
    if act.back:
        rows = Package.objects.filter(case=case, receiver=body, receipt__isnull=False)
        last = rows.exclude(receipt__verdict="refused").order_by("key").last()
        if last is None:
            raise NotPossible("no_body")
        return last.sender
    return ledger.body_of(act.receiver, case.division).code


def undelivered(case: Case) -> list[Suspect]:
    """The persons of a case who were not delivered for execution yet."""
    acts = [one.code for one in stages.acts().values() if one.verdict]
    rows = Package.objects.filter(case=case, act__in=acts).exclude(receipt__verdict="refused")
    gone = {number for one in rows for number in one.persons}
    return [one for one in case.suspects.order_by("key") if one.number not in gone]


def begin(
    case: Case, code: str, hand: Hand, text: str = "", document: bytes = b"",
    outcome: str = "", persons: Sequence[str] = (),
) -> None:  # fmt: skip
    """Do an act, or prepare it for the head. Raises NotPossible, EvidenceUnavailable."""
    with ledger.locked(case):
        act = next((one for one in open_to(case, hand) if one.code == code), None)
        if act is None:
            raise NotPossible("stage")
        if act.reasons and not text:
            raise NotPossible("reasons")
        if not case.suspects.exists():
            raise NotPossible("nobody")
        if act.outcome and outcome not in OUTCOMES:
            raise NotPossible("outcome")
        if act.document and not document:
            raise NotPossible("file")
        chosen = _chosen(case, act, persons)
        _do(case, act, hand, text, document, outcome, chosen)


def _do(
    case: Case, act: Act, hand: Hand, text: str, document: bytes, outcome: str,
    chosen: Sequence[Suspect],
) -> None:  # fmt: skip
    if act.document:
        _paper(case, act, hand, document)
    if act.approval and hand.who.role != "head":
        _prepare(case, act, hand, text)
    elif act.receiver:
        send(case, act, hand, text, chosen, outcome)
    else:
        _stay(case, act, hand, text, outcome)


def _chosen(case: Case, act: Act, persons: Sequence[str]) -> list[Suspect]:
    if not act.verdict:
        return list(case.suspects.order_by("key"))
    found = [one for one in undelivered(case) if one.number in persons]
    if not found or len(found) != len(set(persons)):
        raise NotPossible("nobody")
    if not manifests.documents_for(case, _holder(case), act):
        raise NotPossible("no_verdict")
    return found


def _holder(case: Case) -> str:
    rows = case.sights.filter(standing__in=("holding", "passed"), body__endswith="-court")
    return str(rows.order_by("since").values_list("body", flat=True).last() or "")


def _paper(case: Case, act: Act, hand: Hand, content: bytes) -> None:
    """The document of an act, and whom it is served on (Art. 179, 202)."""
    served = [one.body for one in case.sights.all()
              if Body.objects.filter(code=one.body, function__in=act.served).exists()]  # fmt: skip
    volume = "verdict" if act.function == "court" else "file"
    filing.add_document(case, hand, act.document, volume, content, served)


def _prepare(case: Case, act: Act, hand: Hand, text: str) -> None:
    told = {"act": act.code, "basis": act.basis}
    ledger.witness("prepared", case, hand, told)
    with transaction.atomic():
        made = Prepared.objects.create(
            key=keys.new_key(), case=case, act=act.code, text=text, account=hand.who.account,
            by=hand.by, at=hand.at,
        )  # fmt: skip
        stage = ledger.stage_of(case)
        ledger.enter(case, f"prepared_{act.code}", stage, hand, text, told)
        title = Title(f"审批：{act.zh}", f"Approve: {act.en}")
        ref = keys.veil(made.key, SEND)
        tasks.open_task(ref, SEND, title, "", hand.who.body, "head", ledger.link(case))


def approve(case: Case, hand: Hand, agreed: bool, text: str) -> None:
    """The head sends what was prepared, or sends it back. Raises NotPossible."""
    with ledger.locked(case):
        made = waiting(case)
        act = stages.acts()[made.act] if made is not None else None
        own = made is not None and made.account == hand.who.account
        may = act is not None and stages.may_send(act, sights.function_of(hand.who), hand.who.role)
        if made is None or act is None or own or not may:
            raise NotPossible("stage")
        if sights.standing(case, hand.who.body) != "holding":
            raise NotPossible("stage")
        PreparedEnd.objects.create(
            prepared=made, sent=agreed, text=text[:600], by=hand.by, at=hand.at
        )
        tasks.withdraw(keys.veil(made.key, SEND), hand.by, (SEND,))
        if agreed:
            send(case, act, hand, made.text, list(case.suspects.order_by("key")))
        else:
            ledger.witness("sent_back", case, hand, {"act": act.code, "said": text})
            ledger.enter(case, "sent_back", ledger.stage_of(case), hand, text, {"act": act.code})


def send(
    case: Case, act: Act, hand: Hand, text: str, persons: Sequence[Suspect], outcome: str = ""
) -> Package:
    """Sign the package and hand it over. What the sender's clocks measured is done with that; the
    receiver's run from the moment at which it arrives."""
    try:
        stages.demand(act, ledger.stage_of(case), ledger.done(case))
    except WrongStage:
        raise NotPossible("stage") from None
    receiver = receiver_of(case, act, hand.who.body)
    number = f"YS-{keys.veil(keys.new_key(), 'justice_network.package')[:16].upper()}"
    said, parts = manifests.make(case, act, number, receiver, hand, text, persons)
    data = packages.pack(said, parts, Body.objects.get(code=hand.who.body))
    told = {"act": act.code, "basis": act.basis, "package": number, "to": receiver}
    ledger.witness("sent", case, hand, told)
    with transaction.atomic():
        package, away = handing.deliver(data, hand.at)
        ledger.enter(case, f"sent_{act.code}", ledger.stage_of(case), hand, text,
                     told | {"outcome": outcome})  # fmt: skip
        clocking.end(case, act.ends, hand, code=number)
        for item in Evidence.objects.filter(number__in=package.items, travels=True):
            filing.keep(item, hand, "handed", text=number)
        if not away:
            begin_at_receiver(package, act, hand, outcome)
    return package


def begin_at_receiver(package: Package, act: Act, hand: Hand, outcome: str = "") -> None:
    """The receiver's clocks run from the moment at which it arrives, and a post is asked."""
    for code in _starting(package.case, act, outcome):
        clocking.start(package.case, code, package.receiver, package.arrived_at, hand)
    receiving.ask(package, act)


def outcome_of(case: Case) -> str:
    """What the last judgment was: correction, prison, other or acquitted; "" where none is."""
    rows = case.events.filter(kind__in=("judge", "sent_second_judge")).order_by("id")
    return next((str(one.told["outcome"]) for one in reversed(rows) if one.told["outcome"]), "")


def _starting(case: Case, act: Act, outcome: str = "") -> list[str]:
    """The clocks that an act starts; of execution those that the judgment calls for."""
    said = outcome or outcome_of(case)
    wanted = {"execution": said != "acquitted", "correction_notice": said == "correction"}
    return [code for code in act.starts if wanted.get(code, True)]


def _stay(case: Case, act: Act, hand: Hand, text: str, outcome: str) -> None:
    """An act that hands nothing over."""
    told = {"act": act.code, "basis": act.basis, "outcome": outcome}
    ledger.witness("act", case, hand, told | {"said": text})
    with transaction.atomic():
        finished = act.stages != ("execution",) or _all_finished(case, hand.who.body)
        ledger.enter(case, act.code, act.to if finished else "execution", hand, text, told)
        clocking.end(case, act.ends, hand)
        for code in _starting(case, act, outcome):
            clocking.start(case, code, hand.who.body, hand.at, hand)
        if act.frees and finished:
            measures.free(case, hand, act.code)


def _all_finished(case: Case, body: str) -> bool:
    """Whether all persons were delivered, and every other body that executes has finished."""
    rows = case.events.filter(kind__startswith="finish_").values_list("body", flat=True)
    verdicts = [one.code for one in stages.acts().values() if one.verdict]
    taken = Package.objects.filter(case=case, act__in=verdicts)
    executing = set(taken.exclude(receipt__verdict="refused").values_list("receiver", flat=True))
    return not undelivered(case) and executing <= {body, *rows}


def choose_procedure(case: Case, hand: Hand, procedure: str) -> None:
    """The court says by which procedure it tries the case (Art. 208, 220, 225).

    What is counted goes on from the day of acceptance (a reading that makes nothing longer).
    """
    code = PROCEDURES.get(procedure)
    now = clocking.running(case, PROCEDURES.values())
    right = sights.function_of(hand.who) == "court" and hand.who.role == "judge"
    right = right and ledger.in_transit(case) is None
    standing = sights.standing(case, hand.who.body)
    if code is None or not now or now[0].rule == code or not right or standing != "holding":
        raise NotPossible("stage")
    ledger.witness("procedure", case, hand, {"procedure": procedure})
    with transaction.atomic():
        ledger.enter(case, "procedure", ledger.stage_of(case), hand, "", {"procedure": procedure})
        for term in now:
            clocking.add(term, "ended", hand, text=procedure)
        clocking.start(case, code, hand.who.body, now[0].started_at, hand)


def fast_review(case: Case, hand: Hand) -> None:
    """The procuratorate reviews by the fast track (Art. 172): counted from when the file came."""
    now = clocking.running(case, ("prosecution_review",))
    right = sights.function_of(hand.who) == "procuratorate" and hand.who.role == "prosecutor"
    if not now or not right or sights.standing(case, hand.who.body) != "holding":
        raise NotPossible("stage")
    ledger.witness("procedure", case, hand, {"procedure": "fast"})
    with transaction.atomic():
        ledger.enter(case, "fast_review", ledger.stage_of(case), hand)
        for term in now:
            clocking.add(term, "ended", hand, text="fast")
            clocking.start(case, "fast_review", hand.who.body, term.started_at, hand)
