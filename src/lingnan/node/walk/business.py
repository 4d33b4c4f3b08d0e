"""First scene: she registers her business, and anybody verifies the certificate."""

from lingnan.node.walk import facts
from lingnan.node.walk.browser import Browser, File, Page, Unexpected
from lingnan.node.walk.stage import Stage

SHE = "resident-440103"
CLERK, REVIEWER = "440103-market-clerk", "440103-market-reviewer"
MATTER, BODY = "individual_business", "gd-440103-market"
REASONS = "材料齐全，符合法定形式，当场登记。"
ANSWERS = {
    "phone": "13800000000",
    "business_name": "荔湾区街口粥粉面店",
    "scope": "餐饮服务",
    "premises": "广州市荔湾区龙津东路18号首层",
    "own_premises": "rented",
    "true_statement": "1",
}


def play(stage: Stage) -> None:
    """From the first page to a certificate that stands up to a changed byte."""
    number = _file(stage)
    with stage.step(CLERK, "受理", "accepts the application") as step:
        step.saw(facts.last_clock(stage.act(CLERK, number, "accept")))
    _register(stage, number)
    with stage.step(
        SHE, "看到决定，领取营业执照", "reads the decision, has the certificate"
    ) as step:
        page = stage.case(SHE, number)
        code = facts.certificate(page)
        if not code:
            raise Unexpected(page.message())
        stage.seen.decided_as = facts.values(page)
        content = stage.person(SHE).get(f"/certificates/{code}.pdf").content
        step.note = f"{len(content) / 1024:.0f} KB PDF，验证码 code {code}"
    verify(stage, code, content)


def _file(stage: Stage) -> str:
    with stage.step(SHE, "开始办理个体工商户登记", "begins the registration of a business") as step:
        page, asked = stage.begin(SHE, MATTER, BODY)
        step.cite(facts.reads(page))
        step.note = said(asked)
    with stage.step(
        SHE, "填写其余几项，附租赁合同，提交", "types the rest, adds the lease, files"
    ) as step:
        stage.fill(SHE, MATTER, ANSWERS)
        number = stage.file(SHE)
        stage.seen.own_cases.append(number)
        page = stage.person(SHE).page
        stage.seen.reads[number] = facts.reads(page)
        step.saw(facts.last_clock(page))
        step.note = f"办件 case {number}"
    return number


def said(asked: facts.Asked) -> str:
    """N of M from records, the rest to be typed."""
    filled, total = len(asked.filled), asked.total
    return (
        f"{total} 项中 {filled} 项由登记填好，要填 {len(asked.typed)} 项"
        f" · {filled} of {total} filled from records, {len(asked.typed)} to type"
    )


def _register(stage: Stage, number: str) -> None:
    with stage.step(
        REVIEWER, "形式审查，当场登记", "checks the form, registers on the spot"
    ) as step:
        stage.act(REVIEWER, number, "decide", outcome="granted", reasons=REASONS)
        page = stage.case(SHE, number)
        told, reads = facts.decision(page, REASONS), facts.reads(page)
        stage.seen.decisions[number] = (told, stage.name(REVIEWER), reads)
        step.saw(facts.last_clock(page))
        step.cite(reads)
        step.note = " · ".join(told.articles)


def verify(stage: Stage, code: str, content: bytes) -> None:
    """By code, by file, and with one byte changed."""
    anybody = "任何人 anybody · 公开核验页 the public page"
    browser = Browser(stage.url)
    with stage.step(anybody, "凭验证码核验营业执照", "verifies it by its code") as step:
        step.note = _expect(browser.get(f"/verify/{code}/"), "ok")
    with stage.step(anybody, "凭文件核验", "verifies it by the file") as step:
        step.note = _expect(_by_file(browser, content), "ok")
    with stage.step(anybody, "改动一个字节再核验", "changes one byte and asks again") as step:
        changed = bytearray(content)
        changed[len(changed) // 3] ^= 1
        step.note = _expect(_by_file(browser, bytes(changed)), "late")


def _by_file(browser: Browser, content: bytes) -> Page:
    form = browser.get("/verify/").form(file="")
    return browser.submit(form, file=File("licence.pdf", content))


def _expect(page: Page, verdict: str) -> str:
    if facts.verdict(page) != verdict:
        raise Unexpected(f"verdict {facts.verdict(page)!r}, expected {verdict}: {page.message()}")
    notice = page.main.first(class_="notice")
    return notice.text[:60] if notice else verdict
