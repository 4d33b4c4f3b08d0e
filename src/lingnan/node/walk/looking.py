"""Last scene: the register's history, and who looked at her data."""

import re

from lingnan.node.walk import facts
from lingnan.node.walk.browser import Page, Unexpected
from lingnan.node.walk.business import MATTER as BUSINESS
from lingnan.node.walk.business import REVIEWER, SHE
from lingnan.node.walk.permit import MATTER as PERMIT
from lingnan.node.walk.stage import Stage

OFFICER = "440103-police-records_officer"
RESIDENT_NUMBER = re.compile(r"^\d{17}[\dX]$")
CREDIT_CODE = re.compile(r"^9[0-9A-HJ-NPQRTUWXY]{17}$")
# What an address calls a record; beside it stand the links of the register itself.
REFERENCE = re.compile(r"[0-9a-f]{32}/")


def play(stage: Stage) -> None:
    """The registers are opened by their own officials; she sees it."""
    known = {look.evidence for look in looked(stage)}
    business = _open(
        stage, REVIEWER, "legal_persons/individualbusiness", CREDIT_CODE,
        "打开她的登记档案，看历史", "opens her registration and its history",
    )  # fmt: skip
    stage.seen.versions = facts.versions(business)
    resident = _open(
        stage, OFFICER, "population/resident", RESIDENT_NUMBER,
        "打开她的居民档案", "opens her record in the resident register",
    )  # fmt: skip
    stage.seen.held[BUSINESS] = facts.values(resident)
    stage.seen.held[PERMIT] = facts.values(resident) | facts.values(business)
    _look(stage, known)
    with stage.step(SHE, "再看第一件办件", "reads her first case once more") as step:
        page = stage.case(SHE, stage.seen.own_cases[0])
        stage.seen.reads_now = facts.values(page)
        step.note = f"{len(stage.seen.decided_as)} 项 · to compare with what was decided"


def _known(stage: Stage, pattern: re.Pattern[str]) -> str:
    """A number of hers, from what the records filled into her form."""
    for asked in reversed(list(stage.seen.asked.values())):
        for value in asked.filled.values():
            if pattern.match(value):
                return value
    raise Unexpected(f"no value like {pattern.pattern} was filled from records")


def _open(
    stage: Stage, login: str, register: str, pattern: re.Pattern[str], did: str, in_english: str
) -> Page:
    with stage.step(login, did, in_english) as step:
        browser = stage.person(login)
        address = f"/desk/records/{register}/"
        form = browser.get(address).form(q="")
        page = browser.submit(form, q=_known(stage, pattern))
        rows = page.main.all("a", test=lambda n: n.get("href").startswith(address))
        links = [n.get("href") for n in rows if REFERENCE.match(n.get("href")[len(address) :])]
        if not links:
            raise Unexpected(f"her record is not found in {register}: {page.message()}")
        page = browser.get(links[0])
        if page.status != 200:
            raise Unexpected(page.message())
        versions = "、".join(str(n) for n in facts.versions(page))
        step.note = f"历史 history: 第 {versions} 版"
    return page


def looked(stage: Stage) -> list[facts.Look]:
    """Every page of “Who looked at my data”."""
    browser, found, address = stage.person(SHE), [], "/looked/"
    for _page in range(20):
        page = browser.get(address)
        found += facts.looks(page)
        after = page.main.first("a", rel="next")
        if after is None:
            return found
        address = f"/looked/{after.get('href')}"
    return found


def _look(stage: Stage, known: set[int]) -> None:
    with stage.step(SHE, "查看“谁看过我的数据”", "reads who looked at her data") as step:
        stage.seen.looks = looked(stage)
        if not stage.seen.looks:
            raise Unexpected(stage.person(SHE).page.message())
        fresh = [look for look in stage.seen.looks if look.evidence not in known]
        stage.seen.openings = [look for look in fresh if not look.case]
        step.evidence = [look.evidence for look in fresh]
    for look in fresh + [look for look in stage.seen.looks if look.case in stage.seen.own_cases]:
        stage.trail.say(f"        № {look.evidence:<5} {look.who} · {look.what} · {look.why}")
