"""Second scene: she applies for the fire permit by inspection; a test stops the clock."""

from datetime import timedelta

from lingnan.node.walk import facts
from lingnan.node.walk.browser import Unexpected
from lingnan.node.walk.business import SHE, said
from lingnan.node.walk.stage import SECOND, Stage

MATTER = "fire_safety_permit"
BODY = "gd-440103-fire"
CLERK, REVIEWER = "440103-fire-clerk", "440103-fire-reviewer"
INSPECTOR, HEAD = "440103-fire-inspector", "440103-fire-head"
REASONS = "经两名检查员现场检查，符合消防安全要求。"
FINDINGS = "疏散通道畅通，灭火器材完好。"
PAUSE = 5
ANSWERS = {
    "place_name": "街口粥粉面",
    "area": "620",
    "floors": "首层",
    "phone": "13800000000",
    "route": "inspection",
}


def play(stage: Stage) -> None:
    """From the form that knows her business to the permit."""
    number = _file(stage)
    _correct(stage, number)
    with stage.step(CLERK, "补正后受理", "accepts the corrected application") as step:
        step.saw(facts.last_clock(stage.act(CLERK, number, "accept")))
    _suspend(stage, number)
    _inspect(stage, number)
    grant(stage, HEAD, number, SHE, REASONS)


def _file(stage: Stage) -> str:
    with stage.step(SHE, "开始办理消防安全检查（先检查）", "begins the fire permit") as step:
        page, asked = stage.begin(SHE, MATTER, BODY)
        step.cite(facts.reads(page))
        step.note = said(asked)
    with stage.step(
        SHE, "填写，附平面图，提交", "types the rest, adds the floor plan, files"
    ) as step:
        stage.fill(SHE, MATTER, ANSWERS)
        number = stage.file(SHE)
        stage.seen.own_cases.append(number)
        page = stage.person(SHE).page
        stage.seen.reads[number] = facts.reads(page)
        step.saw(facts.last_clock(page))
        step.note = f"办件 case {number}"
    return number


def _correct(stage: Stage, number: str) -> None:
    with stage.step(CLERK, "一次告知全部补正内容", "asks once for everything to mend") as step:
        items = "建筑面积与平面图不一致，请更正\n平面图请标明灭火器位置"
        page = stage.act(CLERK, number, "ask-correction", items=items)
        step.saw(facts.last_clock(page))
    with stage.step(SHE, "更正面积，换一份平面图", "corrects the area, gives another plan") as step:
        browser = stage.person(SHE)
        page = stage.case(SHE, number)
        link = page.main.first("a", test=lambda n: n.get("href").startswith("/apply/"))
        if link is None:
            raise Unexpected(page.message())
        browser.get(link.get("href"))
        stage.fill(SHE, MATTER, {"area": "62"})
        if stage.file(SHE) != number:
            raise Unexpected("a correction made another case")
        step.saw(facts.clocks(browser.page)[0])
        if stage.offers(CLERK, number, "ask-correction"):
            raise Unexpected("a second notice is offered; the law allows one")
        step.note = "不再有第二次补正告知 · no second notice is offered"


def _suspend(stage: Stage, number: str) -> None:
    with stage.step(
        REVIEWER, "送检，暂停计时", "sends material to a laboratory, the clock rests"
    ) as step:
        until = stage.today() + timedelta(days=7)
        reason = "装修材料燃烧性能送检"
        kind = {"kind": "laboratory_test", "until": until.isoformat(), "reason": reason}
        before = facts.last_clock(stage.act(REVIEWER, number, "suspend", **kind))
        step.saw(before)
        step.note = f"书面告知到 told until {until}（行政许可法 Art. 45）"
    with stage.step(
        "时间 legal time", f"过了 {PAUSE} 个工作日", f"{PAUSE} working days go by"
    ) as step:
        today = stage.advance(f"{PAUSE}wd")
        after = facts.last_clock(stage.desk(REVIEWER, number))
        stage.seen.paused.append((before.used, after.used, PAUSE))
        step.saw(after)
        step.note = f"{today}，时限没有走 · the clock did not run"
    with stage.step(
        REVIEWER, "收到检验结果，恢复计时", "has the result, the clock runs again"
    ) as step:
        step.saw(facts.last_clock(stage.act(REVIEWER, number, "resume")))
    with stage.step("时间 legal time", "又过了 2 个工作日", "2 more working days") as step:
        stage.advance("2wd")
        clock = facts.last_clock(stage.desk(REVIEWER, number))
        stage.seen.ran.append((clock.used, 2))
        step.saw(clock)


def _inspect(stage: Stage, number: str) -> None:
    seen = {"outcome": "meets", "findings": FINDINGS}
    with stage.step(INSPECTOR, "一名检查员单独检查", "inspects alone") as step:
        page = stage.try_act(INSPECTOR, number, "step", officer="", **seen)
        if page.status != 409:
            raise Unexpected(f"one officer was enough: {page.message()}")
        notice = page.main.first(class_="notice")
        step.note = f"被拒绝 refused: {notice.text if notice else page.status}"
    with stage.step(
        INSPECTOR, "两名检查员现场检查：符合", "two officers inspect: it meets"
    ) as step:
        page = stage.act(INSPECTOR, number, "step", officer=SECOND, **seen)
        step.saw(facts.last_clock(page))
        step.note = "现场检查不停表 · an inspection on site does not stop the clock"


def grant(stage: Stage, head: str, number: str, applicant: str, reasons: str) -> None:
    """The head grants; the permit appears with the applicant."""
    with stage.step(head, "准予许可，签发", "grants the permit and signs") as step:
        stage.act(head, number, "decide", outcome="granted", reasons=reasons)
        page = stage.case(applicant, number)
        told, reads = facts.decision(page, reasons), facts.reads(page)
        stage.seen.decisions[number] = (told, stage.name(head), reads)
        stage.seen.reads[number] = reads
        step.saw(facts.last_clock(page))
        step.cite(reads)
        step.note = " · ".join(told.articles)
    with stage.step(applicant, "领取消防安全检查意见书", "has the permit") as step:
        code = facts.certificate(stage.case(applicant, number))
        if not code:
            raise Unexpected(stage.person(applicant).page.message())
        step.note = f"验证码 code {code}"
