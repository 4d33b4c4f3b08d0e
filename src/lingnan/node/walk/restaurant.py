"""Another scene: a restaurant opens. One form, five matters, four bodies; one refuses once."""

import re
import time
from urllib.parse import quote

from lingnan.node.walk import facts
from lingnan.node.walk.browser import File, Page, Unexpected, Value
from lingnan.node.walk.stage import PAPER, SECOND, Stage

SHE = "resident-440106"
COUNTY = "440106"
EVENT = "restaurant"
MATTERS = (
    "individual_business", "food_licence", "fire_safety_permit", "shop_sign", "tax_confirmation",
)  # fmt: skip
STREET = "天河"
# How long the worker may take to hand a record on.
PATIENCE = 30.0
ANSWERS: dict[str, Value] = {
    "phone": "13800000000",
    "own_premises": "rented",
    "floors": "首层",
    "area": "86",
    "kitchen_area": "24",
    "seats": "32",
    "business_name": "天河区木棉粥粉面店",
    "place_name": "木棉粥粉面",
    "scope": "餐饮服务",
    "food_kind": "热食类食品制售",
    "network_sale": "yes",
    "safety_manager": "本人",
    "sign_text": "木棉粥粉面",
    "sign_position": "lintel",
    "sign_width": "4",
    "sign_height": "1",
    "sign_lit": "steady",
    "accounting": "agent",
    "expected_monthly_sales": "60000",
    "invoice_need": "ordinary",
    "route": "inspection",
    "true_statement": "1",
}


def play(stage: Stage) -> None:
    """From “I want to open a restaurant” to five certificates and a rating."""
    number = _file(stage)
    cases = _accept(stage, number)
    _register(stage, number, cases)
    cases = _cases(stage.person(SHE).get(f"/joint/{number}/"))
    _food(stage, cases["食品"])
    _fire(stage, cases["消防"])
    _tax(stage, cases["税务"])
    _sign(stage, number, cases["招牌"])
    _finish(stage, number)


def _file(stage: Stage) -> str:
    browser = stage.person(SHE)
    with stage.step(SHE, "找“开饭店”，开始一件事", "finds “open a restaurant”, begins") as step:
        page = browser.get(f"/?q={quote('开饭店')}")
        if f"/events/{EVENT}/" not in page.content.decode():
            raise Unexpected(f"the event is not found: {page.message()}")
        page = browser.get(f"/events/{EVENT}/")
        page = browser.submit(page.form(division=""), division=COUNTY)
        if "/joint/draft/" not in page.path:
            raise Unexpected(page.message())
        step.note = _typed_words(stage, page)
    draft = page.path
    with stage.step(SHE, "从标准地址里选店址", "picks the address from the register") as step:
        page = browser.send(page.form(go=""), {"premises": STREET}, press="look")
        form = browser.get(draft).form(go="")
        codes = [n.get("value") for n in form.all("input", name="premises__code")]
        picked: dict[str, Value] = {"premises__code": codes[0]} if codes else {}
        step.note = f"{len(codes)} 个标准地址 · standard addresses found"
    with stage.step(SHE, "一张表填完，一次提交", "fills in one form, submits once") as step:
        papers = facts.asked(browser.page).materials
        sent: dict[str, Value] = {name: File("材料.pdf", PAPER) for name in papers}
        browser.send(form, sent | ANSWERS | picked, press="go")
        if not browser.page.path.endswith("/check/"):
            raise Unexpected(browser.page.message())
        page = browser.submit(browser.page.form(submit=""), press="submit")
        number = page.path.strip("/").split("/")[-1]
        if "-J" not in number:
            raise Unexpected(page.message())
        step.saw(facts.last_clock(page))
        step.note = f"联合申请 {number}，{len(_cases(page))} 个办件 cases at once"
    return number


def _typed_words(stage: Stage, page: Page) -> str:
    told = facts.asked(page).told
    if told is None:
        raise Unexpected(f"the form does not say how much is typed: {page.message()}")
    stage.seen.event = told
    typed, total = told
    return f"五张表 {total} 项，只填 {typed} 项 · typed {typed} of {total} fields"


def _cases(page: Page) -> dict[str, str]:
    """Case numbers by a word of the matter's title, from the tracks of the page."""
    found: dict[str, str] = {}
    tracks = page.main.first("ul", class_="tracks")
    for row in tracks.all("h3") if tracks else []:
        link = row.first("a")
        word = next((w for w in ("食品", "消防", "招牌", "税务", "个体") if w in row.text), "")
        if link is not None and word:
            found[word] = link.get("href").strip("/").split("/")[-1]
    return found


def _accept(stage: Stage, number: str) -> dict[str, str]:
    cases = _cases(stage.person(SHE).get(f"/joint/{number}/"))
    for word, function in (
        ("个体", "market"),
        ("食品", "market"),
        ("消防", "fire"),
        ("招牌", "urban"),
    ):
        clerk = f"{COUNTY}-{function}-clerk"
        with stage.step(clerk, f"受理（{word}）", "accepts its part") as step:
            step.saw(facts.last_clock(stage.act(clerk, cases[word], "accept")))
    return cases


def _register(stage: Stage, number: str, cases: dict[str, str]) -> None:
    reviewer = f"{COUNTY}-market-reviewer"
    with stage.step(reviewer, "登记，其他部门随即读到", "registers; the others read it") as step:
        reasons = "材料齐全，符合法定形式。"
        stage.act(reviewer, cases["个体"], "decide", outcome="granted", reasons=reasons)
        until = time.monotonic() + PATIENCE
        while "税务" not in _cases(stage.person(SHE).get(f"/joint/{number}/")):
            if time.monotonic() > until:
                raise Unexpected("the tax matter was not filed by itself")
            time.sleep(0.5)
        step.note = "税务事项自动递交 · the tax matter filed itself"


def _food(stage: Stage, case: str) -> None:
    _step(stage, f"{COUNTY}-market-reviewer", case, outcome="meets", findings="资料齐全。")
    _step(
        stage, f"{COUNTY}-market-inspector", case,
        outcome="meets", findings="布局合理，设施齐全。", officer=SECOND,
    )  # fmt: skip
    _decide(stage, f"{COUNTY}-market-head", case)


def _fire(stage: Stage, case: str) -> None:
    _step(
        stage, f"{COUNTY}-fire-inspector", case,
        outcome="meets", findings="疏散通道畅通。", officer=SECOND,
    )  # fmt: skip
    _decide(stage, f"{COUNTY}-fire-head", case)


def _tax(stage: Stage, case: str) -> None:
    clerk = f"{COUNTY}-tax-clerk"
    with stage.step(clerk, "受理税务确认", "accepts the tax confirmation") as step:
        stage.act(clerk, case, "accept")
        step.note = "当日办结 · to be done the same day"
    _decide(stage, f"{COUNTY}-tax-reviewer", case)


def _sign(stage: Stage, number: str, case: str) -> None:
    """Refused for its place, filed again on the wall, granted; the others never stopped."""
    _step(stage, f"{COUNTY}-urban-reviewer", case, outcome="fails", findings="遮挡消防设施。")
    head = f"{COUNTY}-urban-head"
    with stage.step(head, "招牌不予许可", "refuses the sign, with its reason") as step:
        form = stage.desk(head, case).form(act="decide")
        grounds = [n.get("value") for n in form.all("input", name="articles")]
        reasons = "招牌遮挡消防设施。"
        stage.act(head, case, "decide", outcome="refused", reasons=reasons, articles=grounds[:1])
        step.note = "其他四项不受影响 · the other four go on"
    browser = stage.person(SHE)
    with stage.step(SHE, "改小招牌，单独重报", "files the sign again, smaller") as step:
        form = browser.get(f"/joint/{number}/").form(matter="shop_sign")
        page = browser.submit(form)
        browser.send(page.form(go=""), {"sign_height": "0.6"}, press="go")
        if not browser.page.path.endswith("/check/"):
            raise Unexpected(browser.page.message())
        second = stage.file(SHE)
        step.note = f"办件 case {second}"
    clerk = f"{COUNTY}-urban-clerk"
    with stage.step(clerk, "受理重报的招牌", "accepts it") as step:
        step.saw(facts.last_clock(stage.act(clerk, second, "accept")))
    _step(stage, f"{COUNTY}-urban-reviewer", second, outcome="meets", findings="不遮挡。")
    _decide(stage, head, second)


def _finish(stage: Stage, number: str) -> None:
    browser = stage.person(SHE)
    with stage.step(SHE, "证照夹里有五份证照，评价", "finds five certificates, rates") as step:
        page = browser.get("/certificates/")
        codes = set(re.findall(r"/certificates/([0-9A-Z]+)\.pdf", page.content.decode()))
        if len(codes) < len(MATTERS):
            raise Unexpected(f"{len(codes)} certificates instead of {len(MATTERS)}")
        page = browser.get(f"/joint/{number}/")
        browser.submit(page.form(grade=""), grade="5", words="很方便")
        step.note = f"{len(codes)} 份证照 certificates"


def _step(stage: Stage, login: str, case: str, **said: Value) -> None:
    with stage.step(login, "完成一个审查环节", "does a step of the review") as step:
        step.saw(facts.last_clock(stage.act(login, case, "step", **said)))


def _decide(stage: Stage, login: str, case: str) -> None:
    with stage.step(login, "准予", "grants and signs") as step:
        stage.act(login, case, "decide", outcome="granted", reasons="符合规定。")
        step.note = f"办件 case {case}"
