"""The walkthrough against a fresh province, and its judges against doctored pages."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingnan.node.walk import facts, promises
from lingnan.node.walk.browser import Page
from lingnan.node.walk.facts import Asked, Look, Read, Told
from lingnan.node.walk.measure import Memory
from lingnan.node.walk.province import environment
from lingnan.node.walk.stage import Seen
from lingnan.node.walk.trail import Promise, Step, Trail, padded, width

PROMISES = {
    "one_home",
    "one_door",
    "resident_sees",
    "never_twice",
    "clock_runs",
    "explained",
    "past_stays",
    "one_laptop",
}


def walk(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "walkthrough", *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )


def only_slow(promise: dict[str, Any]) -> bool:
    """A busy machine brings a province up late: the walkthrough says so, a test asserts no time."""
    return re.fullmatch(r"[\d.]+ s > 60 s", promise["because"]) is not None


def test_every_promise_is_kept_in_a_fresh_province() -> None:
    done = walk("--json")
    found = json.loads(done.stdout)
    faults = [s for s in found["steps"] if s["state"] != "done"]
    late = [p for p in found["promises"] if only_slow(p)]
    broken = [p for p in found["promises"] if not p["kept"] and p not in late]
    assert not faults and not broken, (faults, broken, done.stderr)
    assert (done.returncode == 0) == found["ok"] == (not late)
    assert {p["promise"] for p in found["promises"]} == PROMISES
    assert len(found["steps"]) > 35
    assert all(n > 0 for step in found["steps"] for n in step["evidence"])


def test_a_province_that_does_not_answer_is_a_failure() -> None:
    done = walk("--url", "http://127.0.0.1:9", "--json")
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr


# --- judges ------------------------------------------------------------------------------

READ = Read("居民身份信息", "《行政许可法》（2019-04-23）第三十三条", 7)
BUSINESS = Asked({"经营者姓名": "梁宁"}, {"phone": "联系电话", "premises": "店铺地址"}, {}, (2, 3))
PERMIT = Asked({"场所地址": "龙津东路18号"}, {"area": "建筑面积"}, {}, (1, 2))


def seen() -> Seen:
    """A play in which every promise was kept."""
    return Seen(
        asked={"business": BUSINESS, "permit": PERMIT},
        typed={"business": {"phone": "138", "premises": "龙津东路18号"}, "permit": {"area": "62"}},
        held={"business": {"姓名": "梁宁"}, "permit": {"名称": "粥粉面店"}},
        reads={"c-1": [READ]},
        decisions={"c-1": (Told("符合。签发人 谢峰", ["《法》（2021）第十九条"]), "谢峰", [READ])},
        looks=[
            Look("市场监管局", "身份", "登记", READ.basis, "c-1", 7),
            Look("公安局", "居民", "", "", "", 9),
        ],
        openings=[Look("公安局", "居民", "", "", "", 9)],
        own_cases=["c-1"],
        paused=[(0, 0, 5)],
        cards=[(6, "warning", "快到期"), (7, "yellow", "黄牌"), (11, "red", "红牌")],
        deemed=(6, 6),
        clock_refusals=[401],
        versions=[1],
        decided_as={"店名": "粥粉面店"},
        reads_now={"店名": "粥粉面店"},
    )


def judged(found: Seen, memory: Memory | None = None) -> dict[str, Promise]:
    used = memory or Memory(300, 200, 5)
    return {promise.promise: promise for promise in promises.judge(found, 3.0, used)}


def test_a_clean_play_keeps_every_promise() -> None:
    assert [p for p in judged(seen()).values() if p.kept is not True] == []


BREACHES: dict[str, tuple[str, dict[str, Any]]] = {
    "a form asks for a registered value": (
        "one_home",
        {"held": {"business": {"住址": "龙津东路18号"}, "permit": {}}},
    ),
    "a form asks for a registered element by its name": (
        "one_home",
        {"held": {"business": {"联系电话": "138"}}},
    ),
    "a read without evidence": ("one_door", {"reads": {"c-1": [replace(READ, evidence=0)]}}),
    "a read without a basis": ("one_door", {"reads": {"c-1": [replace(READ, basis="《法》")]}}),
    "a filled form without any read": ("one_door", {"reads": {"c-1": [READ], "c-2": []}}),
    "one number for two reads": ("one_door", {"reads": {"c-1": [READ, READ]}}),
    "a read that she cannot see": ("resident_sees", {"looks": [Look("", "", "", "", "", 9)]}),
    "an opening that she cannot see": ("resident_sees", {"openings": []}),
    "a look without its body": (
        "resident_sees",
        {"looks": [Look("", "身份", "登记", READ.basis, "c-1", 7)]},
    ),
    "a form that fills nothing": (
        "never_twice",
        {"asked": {"business": BUSINESS, "permit": replace(PERMIT, filled={})}},
    ),
    "a page that counts wrongly": (
        "never_twice",
        {"asked": {"business": replace(BUSINESS, told=(1, 3)), "permit": PERMIT}},
    ),
    "a clock that ran while suspended": ("clock_runs", {"paused": [(0, 2, 5)]}),
    "deemed accepted from another day": ("clock_runs", {"deemed": (1, 6)}),
    "no yellow card": (
        "clock_runs",
        {"cards": [(6, "warning", "快到期"), (11, "red", "红牌")]},
    ),
    "cards that look the same": (
        "clock_runs",
        {"cards": [(6, "warning", "牌"), (7, "yellow", "牌"), (11, "red", "牌")]},
    ),
    "a body that can move the clock": ("clock_runs", {"clock_refusals": [200]}),
    "a decision without a signer": (
        "explained",
        {"decisions": {"c-1": (Told("符合。", ["第十九条"]), "谢峰", [READ])}},
    ),
    "a decision without articles": (
        "explained",
        {"decisions": {"c-1": (Told("谢峰", []), "谢峰", [READ])}},
    ),
    "a history without its first version": ("past_stays", {"versions": [2]}),
    "a case that reads differently later": ("past_stays", {"reads_now": {"店名": "别的店"}}),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found(breach: str) -> None:
    promise, changes = BREACHES[breach]
    found = judged(replace(seen(), **changes))[promise]
    assert found.kept is False and found.because


def test_too_much_memory_is_a_breach() -> None:
    assert judged(seen(), Memory(900, 700, 5))["one_laptop"].kept is False


def test_what_was_not_reached_is_neither_kept_nor_broken() -> None:
    trail = Trail(None, promises=promises.judge(Seen(), None, None))
    assert {promise.kept for promise in trail.promises} == {None}
    assert trail.status() == 3


def test_a_broken_promise_or_a_failed_step_is_not_success() -> None:
    broken = Trail(None, promises=[Promise("one_home", "", False, "")])
    assert broken.status() == 1
    failed = Trail(None, promises=[Promise("one_home", "", True, "")])
    failed.add(Step(1, "somebody", "办", "does", state="failed"))
    assert failed.status() == 1 and not failed.plain()["ok"]


# --- reading pages -----------------------------------------------------------------------

CLOCK = """<main><dl><div><dt>决定</dt><dd><span class="chip warn">◆ 将到期</span>
<span class="used warn"><svg><rect width="100"/></svg><span class="num">{used} / 10</span></span>
<small class="note">2026年3月16日前</small>
<small class="note">《法》（2021-04-29）第十五条 · 承诺 6，法定 10</small></dd></div></dl></main>"""


def page(text: str) -> Page:
    return Page("http://127.0.0.1/cases/c-1/", 200, text.encode())


@pytest.mark.parametrize(("used", "card"), [(6, "warning"), (7, "yellow")])
def test_a_clock_is_read_from_its_numbers(used: int, card: str) -> None:
    (clock,) = facts.clocks(page(CLOCK.format(used=used)))
    assert (clock.used, clock.limit, clock.promised, clock.card) == (used, 10, 6, card)
    assert clock.due == date(2026, 3, 16)


def test_a_changed_verdict_is_read_by_its_kind() -> None:
    text = '<main><div class="notice late"><p class="title">这份文件被改动过</p></div></main>'
    assert facts.verdict(page(text)) == "late"


def test_wide_characters_take_two_columns() -> None:
    assert width("岭南 ok") == 7
    assert width(padded("岭南", 10)) == 10
