"""Unusual accesses: found, explained by the official, confirmed by the head, closed by an auditor.

Each step is in the evidence first, and each is done once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, messages, tasks
from lingnan.kernel.runtime.api import Title, keys, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body, Holding, node_evidence, superiors
from lingnan.systems.assurance.trust_governance import accesses, scope, witness
from lingnan.systems.assurance.trust_governance.models import Finding, FindingEvent, FindingHit
from lingnan.systems.assurance.trust_governance.rules import unusual
from lingnan.systems.assurance.trust_governance.rules.unusual import Access, Found

CONTEXT, SUBJECT = "trust_governance.finding", "trust_governance.subject"
EXPLAIN = Title("说明一次数据查看", "Explain an access to data")
CONFIRM = Title("复核下属的说明", "Confirm an official's explanation")
clocks.named("explain", "数据查看说明", "Explanation of an access to data")
clocks.named("confirm", "数据查看说明复核", "Confirmation of an explanation")
LEAST, LONGEST = 2, 600
ENDS = ("justified", "unjustified")
# What an auditor may refer to: read in the texts, in the order in which they are offered.
ARTICLES = (
    "《个人信息保护法》（2021-08-20）第六十八条",
    "《个人信息保护法》（2021-08-20）第六十六条",
    "《个人信息保护法》（2021-08-20）第七十一条",
    "《公职人员政务处分法》（2020-06-20）第三十九条",
    "《公务员法》（2018-12-29）第五十九条",
    "《行政机关公务员处分条例》（2007-04-22）第二十五条、第二十六条",
)


class NotAllowed(Exception):
    """Not this post's to do, or not in this order."""


def reference(finding: Finding) -> str:
    return keys.veil(finding.key, CONTEXT)


def link(finding: Finding) -> str:
    return f"/governance/findings/{reference(finding)}/"


def found(ref: str) -> Finding | None:
    key = keys.unveil(ref, CONTEXT)
    return None if key is None else Finding.objects.filter(key=key).first()


def events(finding: Finding) -> list[FindingEvent]:
    return list(FindingEvent.objects.filter(finding=finding).order_by("id"))


def kinds(finding: Finding) -> set[str]:
    return {one.kind for one in events(finding)}


def title(rule: str) -> Title:
    """What a rule is called; of one that is no more, its code."""
    named = unusual.parameters()["rules"].get(rule, {}).get("title")
    return Title(named["zh"], named["en"]) if named else Title(rule, rule)


def shown_title(rule: str) -> Title:
    """What those who looked read of a rule: of a quiet one, nothing that it would give away."""
    named = unusual.parameters()["rules"].get(rule, {}).get("shown")
    return Title(named["zh"], named["en"]) if named else title(rule)


def note(entry: Any, access: Access, found_: Sequence[Found]) -> None:
    """Write down what the rules found of an access; asks at once where it weighs enough."""
    for one in found_:
        finding, made = _finding(entry, access, one)
        known = set(FindingHit.objects.filter(finding=finding).values_list("seq", flat=True))
        FindingHit.objects.bulk_create(
            [FindingHit(finding=finding, seq=seq) for seq in one.seqs if seq not in known]
        )
        if made and finding.score >= unusual.parameters()["ask_from"]:
            ask(finding, SYSTEM)


def _finding(entry: Any, access: Access, one: Found) -> tuple[Finding, bool]:
    body, _slash, rest = one.official.partition("/")
    subject = keys.veil(one.subject, SUBJECT) if one.subject is not None else ""
    division = Body.objects.filter(code=body).values_list("division", flat=True).first() or ""
    name = accesses.official_of(str(entry.payload.get("actor", "")))[0]
    if one.official != access.official:
        first = node_evidence.reader().by_seq(one.seqs[0])
        told = (first.payload or {}) if first else {}
        name = accesses.official_of(str(told.get("actor", "")))[0]
    finding, made = Finding.objects.get_or_create(
        rule=one.rule, official=one.official, day=access.at.date(), subject=subject,
        defaults={
            "key": keys.new_key(), "name": name, "body": body, "role": rest.partition(" ")[0],
            "division": division, "facts": dict(one.facts), "found_at": legal_time.now(),
            "score": unusual.parameters()["rules"][one.rule]["score"],
        },
    )  # fmt: skip
    return finding, made


def ask(finding: Finding, by: Actor) -> None:
    """Ask the official to explain: a task of the post, a message, a clock. Raises NotAllowed."""
    if by is not SYSTEM and not scope.covers(by, finding.division):
        raise NotAllowed
    _add(finding, "asked", by, "")
    ref = reference(finding)
    _start(finding, "explain")
    named = shown_title(finding.rule)
    task = _about(EXPLAIN, named)
    tasks.open_task(ref, "explain", task, "", finding.body, finding.role, link(finding))
    account = accesses.account_of(finding.official)
    if account is not None:
        words = Title(
            f"审计发现一次需要您说明的数据查看（{named.zh}）。",
            f"An access of yours needs an explanation ({named.en}).",
        )
        messages.send(account, EXPLAIN, words, link(finding))


def is_the_official(finding: Finding, who: Actor) -> bool:
    return who.account == accesses.account_of(finding.official)


def explain(finding: Finding, who: Actor, text: str) -> None:
    """The official says why, once. Raises NotAllowed."""
    if not is_the_official(finding, who) or "asked" not in kinds(finding):
        raise NotAllowed
    with _step(finding, "explained", who, text):
        _finish(finding, "explain", who)
        head = head_above(finding)
        if head:
            _start(finding, "confirm")
            task = _about(CONFIRM, shown_title(finding.rule))
            tasks.open_task(reference(finding), "confirm", task, "", head, "head", link(finding))


def _about(task: Title, rule: Title) -> Title:
    return Title(f"{task.zh}：{rule.zh}", f"{task.en}: {rule.en}")


def head_above(finding: Finding) -> str:
    """The body whose head confirms: the official's, or the nearest above where none else is."""
    own = accesses.account_of(finding.official)
    for body in superiors(finding.body):
        held = Holding.objects.filter(body=body, role="head", ended=False)
        if held.exclude(account=own or 0).exists():
            return body
    return ""


def may_confirm(finding: Finding, who: Actor) -> bool:
    done = kinds(finding)
    waits = "explained" in done and not done & {"confirmed", "rejected", *ENDS}
    return waits and who.holds("head", head_above(finding)) and not is_the_official(finding, who)


def confirm(finding: Finding, who: Actor, agrees: bool, text: str) -> None:
    """The head confirms the explanation or does not, with grounds. Raises NotAllowed."""
    if not may_confirm(finding, who):
        raise NotAllowed
    with _step(finding, "confirmed" if agrees else "rejected", who, text):
        _finish(finding, "confirm", who)


def may_close(finding: Finding, who: Actor) -> bool:
    return scope.covers(who, finding.division) and not kinds(finding) & set(ENDS)


def close(
    finding: Finding, who: Actor, justified: bool, text: str, articles: Sequence[str] = ()
) -> None:
    """An auditor's verdict. Not justified is referred for responsibility, with its articles.

    Raises NotAllowed: outside the reach, closed already, or articles that nobody offered.
    """
    if not may_close(finding, who) or not set(articles) <= set(ARTICLES):
        raise NotAllowed
    if not justified and not articles:
        raise NotAllowed
    words = "；".join([text, *articles])[:LONGEST]
    with _step(finding, "justified" if justified else "unjustified", who, words):
        _stop(finding, who)
        account = accesses.account_of(finding.official)
        if account is not None:
            result = Title("经审计：正当", "The audit found it justified")
            if not justified:
                result = Title(
                    "经审计：不正当，移送追责", "The audit found it not justified, and refers it"
                )
            messages.send(account, result, Title(words, words), link(finding))


@contextmanager
def _step(finding: Finding, kind: str, who: Actor, text: str) -> Iterator[None]:
    """A step with words: evidence, event and what follows from it, or nothing of it."""
    if not LEAST <= len(text) <= LONGEST or "\x00" in text:
        raise NotAllowed
    with transaction.atomic():
        _add(finding, kind, who, text)
        yield


def _add(finding: Finding, kind: str, who: Actor, text: str) -> None:
    """Evidence, then the event. Raises NotAllowed where it has been done already."""
    if kind in kinds(finding):
        raise NotAllowed
    more: dict[str, Any] = {"finding": reference(finding), "rule": finding.rule, "said": text}
    hits = FindingHit.objects.filter(finding=finding).order_by("seq")
    more |= {"entries": list(hits.values_list("seq", flat=True)[:50])}
    witness.write(f"governance.{kind}", who, more, reference=reference(finding))
    try:
        with transaction.atomic():
            FindingEvent.objects.create(
                finding=finding, kind=kind, text=text[:LONGEST], by=_by(who), at=legal_time.now()
            )
    except IntegrityError:
        raise NotAllowed from None


def _by(who: Actor) -> str:
    return (who.name if who is SYSTEM else who.signature)[:200]


def _limit(name: str) -> Mapping[str, Any]:
    known = unusual.parameters()
    days = int(known[f"{name}_within"])
    return {"unit": known["unit"], "statutory": days, "promised": days}


def _start(finding: Finding, code: str) -> None:
    basis = str(unusual.parameters()["basis"])
    ref, body = reference(finding), finding.body
    clocks.start(ref, code, _limit(code), basis, body=body, about="trust_governance")


def _finish(finding: Finding, code: str, who: Actor) -> None:
    ref = reference(finding)
    for task in Task.objects.filter(reference=ref, code=code, done_at=None):
        tasks.finish(task, who, "done")
    for clock in Clock.objects.filter(reference=ref, code=code):
        clocks.stop(clock, _by(who))


def _stop(finding: Finding, who: Actor) -> None:
    """What is still open ends with the verdict."""
    ref = reference(finding)
    tasks.withdraw(ref, _by(who))
    for clock in Clock.objects.filter(reference=ref):
        clocks.stop(clock, _by(who))
