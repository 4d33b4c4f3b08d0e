"""The stage of a walkthrough: its people in their browsers, the clock, the acts they share."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lingnan.node.walk import dom, facts
from lingnan.node.walk.browser import Browser, File, Page, Unexpected, Value
from lingnan.node.walk.facts import Asked, Look, Read, Told
from lingnan.node.walk.trail import FAILED, SKIPPED, Step, Trail

PAPER = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
POSTS = {
    "clerk": "窗口受理员 clerk",
    "reviewer": "审查员 reviewer",
    "inspector": "检查员 inspector",
    "head": "负责人 head",
    "records_officer": "登记员 records officer",
}
SECOND = "the colleague whom the form offers"
BODIES = {
    "market": "市场监管 market regulator",
    "fire": "消防救援 fire",
    "police": "公安 police",
    "urban": "城市管理 urban management",
    "tax": "税务 tax",
    "government": "人民政府 government",
    "supervision": "电子监察 supervision",
}


class SceneEnds(Exception):
    """A step failed or had to be skipped; what follows from it cannot be played."""


class NeedsClock(Exception):
    """Legal time cannot be moved here: no operator's key."""


@dataclass
class Seen:
    """What the play has seen, for the judges of the promises."""

    asked: dict[str, Asked] = field(default_factory=dict)
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    held: dict[str, dict[str, str]] = field(default_factory=dict)
    reads: dict[str, list[Read]] = field(default_factory=dict)
    decisions: dict[str, tuple[Told, str, list[Read]]] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    openings: list[Look] = field(default_factory=list)
    own_cases: list[str] = field(default_factory=list)
    paused: list[tuple[int, int, int]] = field(default_factory=list)
    cards: list[tuple[int, str, str]] = field(default_factory=list)
    deemed: tuple[int, int] | None = None
    clock_refusals: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    ran: list[tuple[int, int]] = field(default_factory=list)
    decided_as: dict[str, str] = field(default_factory=dict)
    reads_now: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    event: tuple[int, int] | None = None


def _signing_in(login: str) -> str:
    """The page on which somebody is offered: an official's is the page of the body's place."""
    division = login.partition("-")[0]
    if not division.isdigit():
        return "/signin/"
    return f"/signin/?city={division[:4]}00&county={division}"


class Stage:
    """One province, its people, and the trail of what they do."""

    def __init__(self, url: str, key: str, trail: Trail) -> None:
        self.url, self.trail, self.seen = url.rstrip("/"), trail, Seen()
        self.key = key if key and self._knows(key) else ""
        self._people: dict[str, Browser] = {}
        self._names: dict[str, str] = {}

    def person(self, login: str) -> Browser:
        """Somebody's browser, signed in once."""
        if login not in self._people:
            browser = Browser(self.url)
            form = browser.get(_signing_in(login)).form(demonstration=login)
            for node in form.all("button", name="demonstration"):
                self._names[node.get("value")] = node.text.partition(" ")[0]
            browser.choose(form, "demonstration", login)
            # Where somebody lands after signing in is their own; being sent back is a refusal.
            if browser.page.path == "/signin/":
                raise Unexpected(f"{login} cannot sign in: {browser.page.message()}")
            self._people[login] = browser
        return self._people[login]

    def name(self, login: str) -> str:
        self.person(login)
        return self._names.get(login, login)

    def title(self, login: str) -> str:
        """Who acts, for the trail: name, post and body."""
        _county, _dash, post = login.partition("-")
        function, _dash, role = post.partition("-")
        if not role:
            return f"居民 resident {self.name(login)} · {login}"
        return f"{BODIES[function]} · {POSTS[role]} {self.name(login)} · {login}"

    @contextmanager
    def step(self, login: str, did: str, in_english: str) -> Iterator[Step]:
        """One step of the trail. Raises SceneEnds when it failed or was skipped."""
        step = Step(len(self.trail.steps) + 1, login, did, in_english)
        try:
            step.actor = self.title(login) if "-" in login else login
            yield step
        except NeedsClock:
            step.state, step.note = SKIPPED, "没有运维钥匙，不能推进时间 · no operator's key"
        except (Unexpected, OSError) as fault:
            step.state, step.note = FAILED, str(fault)
        except (LookupError, ValueError) as fault:  # a page that is not as it was
            step.state, step.note = FAILED, f"the page cannot be read: {fault!r}"
        self.trail.add(step)
        if step.state != "done":
            raise SceneEnds

    # --- the clock ---------------------------------------------------------------------

    def today(self) -> date:
        return date.fromisoformat(self._call("/healthz", None)["business_date"])

    def advance(self, how_far: str) -> date:
        """Move legal time. Raises NeedsClock without an operator's key."""
        if not self.key:
            raise NeedsClock
        try:
            answer = self._call("/operating/clock/", {"advance": how_far})
        except urllib.error.HTTPError as refused:
            raise Unexpected(f"the clock refused {how_far}: {refused.read()[:200]!r}") from refused
        return date.fromisoformat(answer["business_date"])

    def _knows(self, key: str) -> bool:
        """Whether the province takes this key; a question without a step moves nothing."""
        self.key = key
        try:
            self._call("/operating/clock/", {"advance": ""})
        except urllib.error.HTTPError as refused:
            return refused.code == 400
        return True

    def _call(self, path: str, body: dict[str, str] | None) -> dict[str, Any]:
        data = json.dumps(body).encode() if body is not None else None
        head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data, head)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    # --- what residents and officials do --------------------------------------------------

    def begin(self, login: str, matter: str, body: str) -> tuple[Page, Asked]:
        """Open a matter and begin: the lawful reads fill the form."""
        browser = self.person(login)
        page = browser.get(f"/matters/{matter}/")
        page = browser.submit(page.form(body=""), body=body)
        if page.status != 200 or "/apply/" not in page.path:
            raise Unexpected(page.message())
        found = facts.asked(page)
        self.seen.asked.setdefault(matter, found)
        return page, found

    def fill(self, login: str, matter: str, answers: dict[str, str]) -> Page:
        """Type the answers into the open form, with every paper that it asks for."""
        browser = self.person(login)
        self.seen.typed.setdefault(matter, {}).update(answers)
        for _round in range(2):  # an answer may bring another paper with it
            form = browser.page.form(go="")
            papers = facts.asked(browser.page).materials
            sent: dict[str, Value] = {n: File("材料.pdf", PAPER) for n in papers}
            sent.update(answers)
            browser.send(form, sent, press="go")
            if browser.page.path.endswith("/check/"):
                return browser.page
        raise Unexpected(browser.page.message())

    def file(self, login: str) -> str:
        """Submit what was checked; the case's number."""
        browser = self.person(login)
        page = browser.submit(browser.page.form(submit=""), press="submit")
        number = facts.number_of(page)
        if page.status != 200 or not number:
            raise Unexpected(page.message())
        return number

    def desk(self, login: str, number: str) -> Page:
        page = self.person(login).get(f"/desk/cases/{number}/")
        if page.status != 200:
            raise Unexpected(page.message())
        return page

    def case(self, login: str, number: str) -> Page:
        page = self.person(login).get(f"/cases/{number}/")
        if page.status != 200:
            raise Unexpected(page.message())
        return page

    def act(self, login: str, number: str, act: str, **values: Value) -> Page:
        """Do an act that the case's page offers this post. Raises Unexpected when refused."""
        page = self.try_act(login, number, act, **values)
        if page.status != 200:
            raise Unexpected(page.message())
        return page

    def try_act(self, login: str, number: str, act: str, **values: Value) -> Page:
        page = self.desk(login, number)
        form = page.form(act=act)
        if values.get("officer") == SECOND:
            values["officer"] = dom.choices(form, "officer")[0]
        return self.person(login).send(form, values)

    def offers(self, login: str, number: str, act: str) -> bool:
        """Whether the case's page offers this post the act."""
        forms = self.desk(login, number).root.all("form")
        return any(
            node.get("name") == "act" and node.get("value") == act
            for form in forms
            for node in dom.controls(form)
        )
