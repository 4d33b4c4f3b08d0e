"""The demonstration with a case in every state, built once over HTTP as its people would."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Browser

from tests.browser.node import Node
from tests.browser.people import Visitor, paper
from tests.restaurants import ANSWERS, PAPERS

if TYPE_CHECKING:
    from tests.browser.instance import Instance

RESIDENT, OWNER, NEWCOMER = "resident-440103", "owner-440103", "resident-441803"
CLERK, REVIEWER = "440103-market-clerk", "440103-market-reviewer"
FIRE_CLERK, INSPECTOR, HEAD = "440103-fire-clerk", "440103-fire-inspector", "440103-fire-head"
APPLICANT = "resident-440106"
RECORDS, IDLE = "440103-police-records_officer", "441803-market-reviewer"
ARTICLE = "《市场主体登记管理条例》（2021-07-27）第二十条"
LONG = "荔湾区龙津东路街口老字号云吞面粥粉糖水凉茶小食综合餐饮服务店（十八甫分店）"


@dataclass
class Province:
    """The node, its people, and the numbers of what they have done."""

    node: Node
    browser: Browser
    people: dict[str, Visitor] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    colours: set[str] = field(default_factory=set)
    instance: "Instance | None" = None

    def person(self, login: str = "") -> Visitor:
        if login not in self.people:
            self.people[login] = Visitor(self.browser, self.node.address, login)
        return self.people[login]


def build(node: Node, browser: Browser) -> Province:
    province = Province(node, browser)
    for step in STEPS:
        step(province)
    return province


def _late(province: Province) -> None:
    """One case past its statutory limit, one past its promise, one nearly due."""
    resident, clerk = province.person(RESIDENT), province.person(CLERK)
    for name, days in (("red", "3wd"), ("yellow", "2wd")):
        number = resident.business(business_name=f"{LONG}{name[0].upper()}")
        clerk.act(number, "accept")
        province.cases[name] = number
        province.node.advance(days)


def _granted(province: Province) -> None:
    """A business registered and its licence in the wallet; another for the owner."""
    for login in (RESIDENT, OWNER):
        number = province.person(login).business()
        province.person(CLERK).act(number, "accept")
        reasons = "材料齐全，符合法定形式。"
        province.person(REVIEWER).act(number, "decide", outcome="granted", reasons=reasons)
        province.cases[f"granted {login}"] = number
    page = province.person(RESIDENT).get("/certificates/")
    province.codes["licence"] = page.split("/verify/", 2)[2].split("/")[0]


def _refused(province: Province) -> None:
    number = province.person(RESIDENT).business()
    province.person(CLERK).act(number, "accept")
    reasons = "申请的经营范围须先取得许可，且未提交许可文件。"
    province.person(REVIEWER).act(
        number, "decide", outcome="refused", reasons=reasons, articles=ARTICLE
    )
    province.cases["refused"] = number


def _early(province: Province) -> None:
    """Cases that wait: for the check, for the applicant, for the reviewer."""
    resident = province.person(RESIDENT)
    province.cases["received"] = resident.business()
    province.cases["correction"] = number = resident.business()
    items = "租赁合同缺少出租人签名\n经营场所门牌号与合同不一致"
    province.person(CLERK).act(number, "ask-correction", items=items)
    province.cases["in review"] = number = resident.business()
    province.person(CLERK).act(number, "accept")


def _fire(province: Province) -> None:
    """Fire-safety permits: to inspect, to decide, paused for a laboratory test."""
    resident, clerk = province.person(RESIDENT), province.person(FIRE_CLERK)
    province.cases["fire received"] = resident.fire()
    for name in ("to inspect", "to decide", "suspended"):
        province.cases[name] = number = resident.fire()
        clerk.act(number, "accept")
    findings = "疏散通道畅通，灭火器在有效期内。"
    inspector = province.person(INSPECTOR)
    number = province.cases["to decide"]
    inspector.act(number, "step", outcome="meets", findings=findings, officer="")
    reason = "装修材料燃烧性能需送检。"
    said = {"kind": "laboratory_test", "until": "2026-04-01", "reason": reason}
    province.person(HEAD).act(province.cases["suspended"], "suspend", **said)


def _drafts(province: Province) -> None:
    resident, owner = province.person(RESIDENT), province.person(OWNER)
    for name in ("fresh", "errors", "disputed", "ready"):
        province.drafts[name] = resident.draft("individual_business", "gd-440103-market")
    resident.post(f"/apply/{province.drafts['disputed']}/", dispute="operator_address")
    ready = province.drafts["ready"]
    from tests.people import SHOP

    filled = SHOP | {"file-premises_proof": paper(), "go": "1"}
    resident.post(f"/apply/{ready}/", **filled)
    province.drafts["several"] = owner.draft("fire_safety_permit", "gd-440103-fire")


def _joint(province: Province) -> None:
    """A life event under way, one ready to be checked, and what its county's head sees."""
    applicant = province.person(APPLICANT)
    for name in ("under way", "ready"):
        applicant.post("/events/restaurant/begin/", division="440106")
        draft = f"/joint/draft/{applicant.last}/"
        papers = {f"file-{code}": paper() for code in PAPERS}
        answers = ANSWERS | {"promise-facade_photo": "1", "promises-asked": "1", "go": "1"}
        applicant.post(draft, **(answers | papers))
        province.drafts[f"joint {name}"] = applicant.last
        if name == "under way":
            applicant.post(f"{draft}check/", submit="1")
            province.cases["joint"] = applicant.last


STEPS: list[Callable[[Province], None]] = [
    _late,
    _granted,
    _refused,
    _early,
    _fire,
    _drafts,
    _joint,
]
