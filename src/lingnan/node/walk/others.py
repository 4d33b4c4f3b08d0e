"""Third and fourth scene: one applies by commitment; one is left waiting, and time goes on."""

from lingnan.node.walk import facts
from lingnan.node.walk.browser import Unexpected
from lingnan.node.walk.business import said
from lingnan.node.walk.permit import ANSWERS, MATTER, grant
from lingnan.node.walk.stage import SECOND, Stage

COMMITS, WAITS = "owner-440106", "owner-441802"
SILENCE = 6
LAST = 11
REFUSAL = "经现场检查，疏散通道被占用，不符合消防安全要求。"


def commitment(stage: Stage) -> None:
    """The permit on complete papers; the check afterwards reaches the inspectors."""
    county = COMMITS.split("-")[1]
    number = _file(stage, COMMITS, "commitment", "以承诺方式申请", "applies by commitment")
    clerk, reviewer = f"{county}-fire-clerk", f"{county}-fire-reviewer"
    with stage.step(clerk, "受理", "accepts the application") as step:
        step.saw(facts.last_clock(stage.act(clerk, number, "accept")))
    with stage.step(reviewer, "审查承诺和材料：齐全", "checks the papers: complete") as step:
        given = {"outcome": "complete", "findings": "承诺书与材料齐全。"}
        step.saw(facts.last_clock(stage.act(reviewer, number, "step", **given)))
    grant(stage, f"{county}-fire-head", number, COMMITS, "材料齐全，申请人已作出承诺。")
    inspector = f"{county}-fire-inspector"
    with stage.step(
        inspector, "任务里出现事后核查", "finds the check afterwards among the tasks"
    ) as step:
        page = stage.person(inspector).get("/desk/")
        if page.main.first("a", test=lambda n: number in n.get("href")) is None:
            raise Unexpected(f"{number} is not among the tasks: {page.message()}")
        given = {"outcome": "kept", "findings": "与承诺一致。", "officer": SECOND}
        stage.act(inspector, number, "step", **given)
        step.note = "两名检查员核查：与承诺一致 · two officers: as committed"


def _file(stage: Stage, who: str, route: str, did: str, in_english: str) -> str:
    county = who.split("-")[1]
    with stage.step(who, did, in_english) as step:
        page, asked = stage.begin(who, MATTER, f"gd-{county}-fire")
        step.cite(facts.reads(page))
        typed = ANSWERS | {"route": route, "place_name": "门前招牌"}
        kept = dict(stage.seen.typed.get(MATTER, {}))
        stage.fill(who, MATTER, typed)
        stage.seen.typed[MATTER] = kept
        number = stage.file(who)
        page = stage.person(who).page
        stage.seen.reads[number] = facts.reads(page)
        step.saw(facts.last_clock(page))
        step.note = f"办件 case {number}；{said(asked)}"
    return number


def silence(stage: Stage) -> None:
    """Nobody acts: deemed accepted from the day of receipt, then warning, yellow, red."""
    county = WAITS.split("-")[1]
    number = _file(stage, WAITS, "inspection", "申请，先检查", "applies for an inspection")
    reviewer = f"{county}-fire-reviewer"
    time = "时间 legal time"
    with stage.step(
        time, f"{SILENCE} 个工作日无人告知补正", f"{SILENCE} working days, no notice"
    ) as step:
        stage.advance(f"{SILENCE}wd")
        clocks = facts.clocks(stage.desk(reviewer, number))
        if len(clocks) < 2:
            raise Unexpected(f"not deemed accepted: {stage.person(reviewer).page.message()}")
        stage.seen.deemed = (clocks[-1].used, SILENCE)
        _card(stage, clocks[-1])
        step.saw(clocks[-1])
        step.note = (
            f"视为受理，自收件日起算 · deemed accepted from the day of receipt; {_of(clocks[-1])}"
        )
    for day in range(SILENCE + 1, LAST + 1):
        _next_day(stage, reviewer, number, day)
    _cheat(stage, f"{county}-fire-head", number)
    _refuse(stage, county, number)


def _card(stage: Stage, clock: facts.Clock) -> None:
    stage.seen.cards.append((clock.used, clock.card, clock.words))


def _of(clock: facts.Clock) -> str:
    return f"{clock.card}: {clock.words.lstrip('✓◆▲● ')}"


def _next_day(stage: Stage, reviewer: str, number: str, day: int) -> None:
    before = stage.seen.cards[-1][1]
    with stage.step(
        "时间 legal time", f"第 {day} 个工作日，仍无人办理", "one more working day"
    ) as step:
        stage.advance("1wd")
        clock = facts.last_clock(stage.desk(reviewer, number))
        _card(stage, clock)
        step.saw(clock)
        step.note = _of(clock) if clock.card != before else ""


def _cheat(stage: Stage, head: str, number: str) -> None:
    with stage.step(head, "想自己拨慢时钟", "tries to move the clock himself") as step:
        page = stage.desk(head, number)
        page = stage.person(head).post("/operating/clock/", page, advance="1wd")
        stage.seen.clock_refusals.append(page.status)
        step.note = f"被拒绝 refused: {page.status}"


def _refuse(stage: Stage, county: str, number: str) -> None:
    inspector, head = f"{county}-fire-inspector", f"{county}-fire-head"
    with stage.step(
        inspector, "两名检查员现场检查：不符合", "two officers inspect: it does not meet"
    ) as step:
        given = {"outcome": "fails", "findings": "疏散通道堆放货物。", "officer": SECOND}
        step.saw(facts.last_clock(stage.act(inspector, number, "step", **given)))
    with stage.step(head, "不写条文就想不予许可", "refuses without an article") as step:
        page = stage.try_act(head, number, "decide", outcome="refused", reasons=REFUSAL)
        if page.status != 409:
            raise Unexpected(f"a refusal without an article was taken: {page.message()}")
        step.note = "被拒绝 refused: 409"
    with stage.step(
        head, "说明理由和条文，不予许可", "refuses with reasons and an article"
    ) as step:
        form = stage.desk(head, number).form(act="decide")
        article = form.first("input", name="articles")
        grounds = [article.get("value")] if article else []
        given = {"outcome": "refused", "reasons": REFUSAL}
        stage.act(head, number, "decide", articles=grounds, **given)
        page = stage.case(WAITS, number)
        told, reads = facts.decision(page, REFUSAL), facts.reads(page)
        stage.seen.decisions[number] = (told, stage.name(head), reads)
        step.saw(facts.last_clock(page))
        step.note = " · ".join(told.articles)
    with stage.step(WAITS, "看到理由和救济途径", "reads the reasons and the remedies") as step:
        text = stage.case(WAITS, number).main.text
        if "复议" not in text or "诉讼" not in text:
            raise Unexpected("the refusal does not tell the remedies")
        step.note = "行政复议六十日、行政诉讼六个月 · reconsideration 60 days, suit 6 months"
