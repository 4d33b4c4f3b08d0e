"""The judges of the house's promises: each says kept or broken, and because of what.

They judge what was seen on pages, so that a doctored page is found; where a play could not
see enough (no operator's key), the answer is None.
"""

from collections.abc import Iterable

from lingnan.node.walk.facts import Look, Read
from lingnan.node.walk.measure import Memory
from lingnan.node.walk.stage import Seen
from lingnan.node.walk.trail import Promise

READY_LIMIT, MEMORY_LIMIT = 60.0, 600.0
CARDS = ("warning", "yellow", "red")


def judge(seen: Seen, ready: float | None, memory: Memory | None) -> list[Promise]:
    """All eight, in the house's order."""
    return [
        one_home(seen),
        one_door(seen),
        resident_sees(seen),
        never_twice(seen),
        clock_runs(seen),
        explained(seen),
        past_stays(seen),
        one_laptop(ready, memory),
    ]


def _promise(name: str, title: str, faults: list[str], because: str) -> Promise:
    return Promise(name, title, not faults, "; ".join(faults) if faults else because)


def _unseen(name: str, title: str) -> Promise:
    return Promise(name, title, None, "没有看到 · not reached in this play")


def one_home(seen: Seen) -> Promise:
    """No matter asks for what a register held about the applicant when the form was begun."""
    name, title = "one_home", "一处归属 one home"
    if not seen.held or not seen.asked:
        return _unseen(name, title)
    faults = []
    for matter, asked in seen.asked.items():
        held = seen.held.get(matter, {})
        values = {value for value in held.values() if len(value) > 1}
        faults += [f"{matter} 要填 asks for {n}" for n in asked.typed.values() if n in held]
        faults += [
            f"{matter} 要填登记已有的 asks for held “{value}”"
            for field, value in seen.typed.get(matter, {}).items()
            if value in values and field in asked.typed
        ]
    count = sum(len(held) for held in seen.held.values())
    because = (
        f"{len(seen.asked)} 个事项都不要求填写登记已有的 {count} 项 · no registered element asked"
    )
    return _promise(name, title, faults, because)


def one_door(seen: Seen) -> Promise:
    """Every read shown on a case has its own evidence number and a legal basis."""
    name, title = "one_door", "一个入口 one door"
    reads = [read for found in seen.reads.values() for read in found]
    if not reads:
        return _unseen(name, title)
    faults = [f"{r.resource} 没有存证号 without evidence" for r in reads if r.evidence < 1]
    faults += [f"{r.resource} 没有依据 without a basis" for r in reads if "第" not in r.basis]
    numbers = [read.evidence for read in reads]
    faults += ["存证号重复 one number for two reads"] if len(set(numbers)) < len(numbers) else []
    faults += [
        f"{case} 有预填但没有读取记录 is filled without a read"
        for case, found in seen.reads.items()
        if not found
    ]
    shown = "、".join(str(n) for n in sorted(numbers))
    because = f"{len(reads)} 次读取，存证号 {shown} · every read has its evidence"
    return _promise(name, title, faults, because)


def resident_sees(seen: Seen) -> Promise:
    """Her own list shows each read of her cases and the opening of her record."""
    name, title = "resident_sees", "本人可见 the resident sees it"
    if not seen.looks:
        return _unseen(name, title)
    lines = {look.evidence: look for look in seen.looks}
    faults = []
    for number in seen.own_cases:
        faults += _missing(number, seen.reads.get(number, []), lines)
    if not seen.openings:
        faults.append("登记员打开档案没有显示 · the opening of her record is not shown")
    faults += [f"第 {o.evidence} 号没有单位 no body" for o in seen.openings if not o.who]
    reads = sum(len(seen.reads.get(number, [])) for number in seen.own_cases)
    because = (
        f"{reads} 次读取、{len(seen.openings)} 次打开档案都列出单位、用途、依据和存证号"
        " · every read and opening is listed"
    )
    return _promise(name, title, faults, because)


def _missing(number: str, reads: Iterable[Read], lines: dict[int, Look]) -> list[str]:
    faults = []
    for read in reads:
        look = lines.get(read.evidence)
        if look is None:
            faults.append(f"存证 {read.evidence}（{read.resource}）没有显示 is not shown")
        elif not (look.who and look.basis and look.case == number):
            faults.append(f"存证 {read.evidence} 缺单位、依据或案件 lacks body, basis or case")
    return faults


def never_twice(seen: Seen) -> Promise:
    """Records fill part of every form; what was typed once comes back filled."""
    name, title = "never_twice", "不重复填报 never ask twice"
    if len(seen.asked) < 2:
        return _unseen(name, title)
    faults = [f"{m} 没有预填 fills nothing" for m, asked in seen.asked.items() if not asked.filled]
    for matter, asked in seen.asked.items():
        counted = (len(asked.typed), asked.total)
        if asked.told is not None and asked.told != counted:
            faults.append(f"{matter} 页面说 says {asked.told}，实际 counted {counted}")
    first, *later = seen.asked
    again = set(seen.typed.get(first, {}).values()) & {
        value for matter in later for value in seen.asked[matter].filled.values()
    }
    if not again:
        faults.append(
            "先前填过并已登记的内容没有带出 · what was typed and registered is not reused"
        )
    counts = "；".join(f"{m} {len(a.typed)}/{a.total}" for m, a in seen.asked.items())
    because = f"要填 typed: {counts}；登记后带出 {len(again)} 项 · reused from the register"
    return _promise(name, title, faults, because)


def clock_runs(seen: Seen) -> Promise:
    """It runs by itself, rests while suspended, and no handling body can move it."""
    name, title = "clock_runs", "时限自走 the clock runs by itself"
    if seen.deemed is None or not seen.paused or not seen.cards:
        return _unseen(name, title)
    faults = [
        f"暂停期间走了 ran while suspended: {before} → {after}"
        for before, after, _days in seen.paused
        if before != after
    ]
    faults += [f"{used} ≠ {days} 个工作日 working days" for used, days in seen.ran if used != days]
    used, elapsed = seen.deemed
    if used != elapsed:
        faults.append(f"视为受理没有从收件日起算 counts {used} days, {elapsed} since receipt")
    order = [card for _used, card, _words in seen.cards]
    steps = [card for i, card in enumerate(order) if i == 0 or order[i - 1] != card]
    if [card for card in steps if card in CARDS] != list(CARDS):
        faults.append(f"牌次序不对 cards in the order {steps}")
    if len({words for _used, _card, words in seen.cards}) < len(set(order)):
        faults.append("两种牌看上去一样 · two cards look the same")
    if not seen.clock_refusals or any(code < 400 for code in seen.clock_refusals):
        faults.append("办理单位能拨动时钟 · a handling body can move the clock")
    rested = sum(days for _before, _after, days in seen.paused)
    changes = " → ".join(steps)
    because = f"暂停 {rested} 个工作日不计；第 {used} 日视为受理；{changes} · nobody acted"
    return _promise(name, title, faults, because)


def explained(seen: Seen) -> Promise:
    """Each decision shows articles, reads with evidence, reasons and who signed."""
    name, title = "explained", "决定可说明 every decision explained"
    if not seen.decisions:
        return _unseen(name, title)
    faults = []
    for number, (told, signer, reads) in seen.decisions.items():
        lacking = []
        lacking += [] if told.text else ["理由 reasons"]
        lacking += [] if told.articles else ["条文 articles"]
        lacking += [] if signer and signer in told.text else ["签发人 signer"]
        lacking += [] if reads and all(r.evidence for r in reads) else ["读取 reads"]
        faults += [f"{number} 缺 lacks {', '.join(lacking)}"] if lacking else []
    articles = {article for told, _s, _r in seen.decisions.values() for article in told.articles}
    because = (
        f"{len(seen.decisions)} 个决定：理由、{len(articles)} 个条文、读取与签发人"
        " · reasons, articles, reads, signer"
    )
    return _promise(name, title, faults, because)


def past_stays(seen: Seen) -> Promise:
    """The register shows every version from the first, and a closed case reads as it did."""
    name, title = "past_stays", "过去不改 the past stays"
    if not seen.versions or not seen.decided_as or not seen.reads_now:
        return _unseen(name, title)
    faults = []
    if 1 not in seen.versions:
        faults.append(f"登记历史没有第 1 版 no version 1 among {seen.versions}")
    if len(set(seen.versions)) < max(seen.versions):
        faults.append(f"缺少版本 a version is missing: {seen.versions}")
    before, now = seen.decided_as, seen.reads_now
    changed = [term for term in before if now.get(term) != before[term]]
    faults += [f"结案后变了 changed after the decision: {term}" for term in changed]
    shown = "、".join(str(n) for n in seen.versions)
    because = f"登记历史有第 {shown} 版；结案时的 {len(before)} 项未变 · as it was when decided"
    return _promise(name, title, faults, because)


def one_laptop(ready: float | None, memory: Memory | None) -> Promise:
    """Ready in a minute, all processes together within 600 MB."""
    name, title = "one_laptop", "一台电脑 one laptop"
    if memory is None:
        return _unseen(name, title)
    faults = [] if memory.rss <= MEMORY_LIMIT else [f"{memory.rss:.0f} MB > {MEMORY_LIMIT:.0f} MB"]
    if ready is not None and ready > READY_LIMIT:
        faults.append(f"{ready:.1f} s > {READY_LIMIT:.0f} s")
    speed = f"{ready:.1f} s 就绪 ready; " if ready is not None else ""
    because = (
        f"{speed}{memory.processes} 个进程 processes {memory.rss:.0f} MB（PSS {memory.pss:.0f} MB）"
    )
    return _promise(name, title, faults, because)
