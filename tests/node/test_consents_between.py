"""Consents between two nodes in processes of their own, over HTTP.

A person gives one at G, a body reads by it what H holds; revoked, altered, expired, used up, or
with G away, nothing is read. What people, officials and operators do, they do by their pages.
"""

import contextlib
import json
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.node.pair import ASKER, OPERATOR, RESIDENT, RESOURCE, SHOP, Node, Pair


@pytest.fixture(autouse=True)
def nothing_left(pair: Pair) -> Iterator[None]:
    """What a test has allowed is revoked again."""
    yield
    pair.revoke_all()


def newest(found: list[Any]) -> dict[str, Any]:
    payload: dict[str, Any] = found[0].payload
    return payload


def read(node: Node, pair: Pair) -> dict[str, Any]:
    """What a node has written of the reading by the body that asked last."""
    uses = node.evidence("exchange.read")
    asked = (pair.asked[-1], RESOURCE)
    return newest([one for one in uses if (_of(one, "consumer"), _of(one, "resource")) == asked])


def _of(entry: Any, name: str) -> str:
    return str((entry.payload or {}).get(name, ""))


def test_given_at_one_node_read_at_the_other_revoked_and_refused(pair: Pair) -> None:
    giver, holder = pair.giver, pair.holder
    assert not pair.read(), "without a consent nothing is read"
    assert "nothing was shown" in newest(holder.evidence("exchange.denied"))["why"]
    where = f"/consents/give/{pair.agreement}/"
    assert pair.holder_server in giver.person(RESIDENT).get(where).main.text
    number = pair.allow()
    assert pair.read()
    assert read(holder, pair)["consents"] == [number]
    assert read(giver, pair)["consents"] == [number]
    used = newest(giver.evidence("consent.used"))
    assert (used["consent"], used["consumer"]) == (number, pair.asked[-1])
    assert used["at_node_of"] == "legal_persons" and used["state"] == "in_force"
    said = giver.person(RESIDENT).get(f"/consents/{number}/").main.text
    for words in ("消防救援", "2026年6月30日", pair.holder_server, "本期已用 1 次，共 5 次"):
        assert words in said, said
    shown = pair.question()
    pair.revoke(number)
    denied, replayed = len(holder.evidence("exchange.denied")), shown
    assert not pair.read()
    assert len(holder.evidence("exchange.denied")) == denied + 1
    assert newest(giver.evidence("exchange.denied"))["consumer"] == pair.asked[-1]
    assert newest(giver.evidence("consent.revoked"))["consent"] == number
    # Whoever kept what was shown shows it again: H asks G, and both write the refusal down.
    status, answer = pair.sent(replayed)
    assert status == 403 and "does not hold" in answer["detail"] and "answers" not in answer
    theirs, own = (
        newest(holder.evidence("exchange.denied")),
        newest(giver.evidence("consent.denied")),
    )
    assert theirs["consents"] == [number] and (own["consent"], own["state"]) == (number, "revoked")
    looked = giver.person(RESIDENT).get("/looked/").main.text
    purpose = "公众聚集场所投入使用、营业前消防安全检查"
    for words in (f"已拒绝：您的授权 {number} 不允许 {purpose}", "已拒绝：没有读取任何数据",
                  "在源头部门所在节点读取", "本人名下个体工商户登记信息", "经营场所"):  # fmt: skip
        assert words in looked, words
    assert "business." not in looked and "fire_safety" not in looked, "in words, never in codes"


def test_it_counts_by_the_link_from_the_registered_root_alone(pair: Pair) -> None:
    """G's root was renewed after H had registered the former one, by the ceremony of every day."""
    assert pair.giver.digest() != pair.registered, "G tells the next root's digest"
    pair.allow()
    assert pair.read()
    plain = pair.question()
    ((name, shown),) = plain["consents"].items()
    assert pair.sent(plain)[0] == 200
    unlinked = {key: value for key, value in shown.items() if key != "links"}
    status, answer = pair.sent(plain | {"consents": {name: unlinked}})
    assert status == 403 and "root that is not registered" in answer["detail"]
    operator = pair.holder.person(OPERATOR)
    assert pair.registered[:16] in operator.get("/operating/givers/").main.text


def test_the_list_says_which_node_what_and_how_often(pair: Pair) -> None:
    number = pair.allow(most="3")
    assert pair.read()
    row = pair.row(number).text
    for words in ("广东省消防", pair.holder_server, "个体工商户名称", "消防安全检查",
                  "2026年6月30日", "本期已用 1 次，共 3 次", "有效", "立即撤回"):  # fmt: skip
        assert words in row, (words, row)


def test_altered_foreign_or_too_often_it_lets_nothing_through(pair: Pair) -> None:
    pair.allow(most="2", period="once")
    assert pair.read()
    plain = pair.question()
    ((name, shown),) = plain["consents"].items()

    def told(**changes: str) -> tuple[int, str]:
        body = plain | {"consents": {name: shown | changes}}
        status, answer = pair.sent(body)
        return status, answer.get("detail", "")

    document = shown["document"]
    more = document.replace('"most":2', '"most":9')
    assert more != document
    for changes, why in (
        ({"document": more}, "does not hold"),
        ({"document": document.replace("2026-06-30", "2027-06-30")}, "does not hold"),
        ({"signature": shown["signature"][::-1]}, "does not hold"),
        ({"chain": ""}, "no consent that counts"),
    ):
        status, detail = told(**changes)
        assert status == 403 and why in detail, (changes, detail)
    nobody = plain | {"consents": {}}
    assert pair.sent(nobody)[0] == 403
    assert pair.read(), "what was altered has not been counted"
    before = len(pair.holder.evidence("exchange.read"))
    assert not pair.read(), "the third of two"
    assert told() == (403, "the consent is used up for this period")
    assert len(pair.holder.evidence("exchange.read")) == before


def test_where_the_givers_node_is_away_nothing_is_read_until_it_is_back(pair: Pair) -> None:
    number = pair.allow(most="9")
    assert pair.read()
    shown, before = pair.question(), len(pair.holder.evidence("exchange.read"))
    pair.back.cut = True
    try:
        begun = time.monotonic()
        status, answer = pair.sent(shown)
        assert status == 403 and "cannot be asked whether the consent holds" in answer["detail"]
        assert time.monotonic() - begun < 10, "bounded by the deadline of the use"
    finally:
        pair.back.cut = False
    assert len(pair.holder.evidence("exchange.read")) == before
    assert "cannot be asked" in newest(pair.holder.evidence("exchange.denied"))["why"]
    for node in (pair.giver, pair.holder):
        node.signal(signal.SIGKILL, "lingnan.node.gateway")
    answered_again(pair, shown)
    status, answer = pair.sent(shown)
    assert status == 200 and answer["consents"] == [number], answer
    assert SHOP in json.dumps(answer, ensure_ascii=False)
    assert pair.read()


def answered_again(pair: Pair, shown: Any) -> None:
    """Both gateways were killed: they are started again by themselves, and take messages."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            if pair.sent(shown)[0] == 200:
                return
        time.sleep(0.5)
    raise AssertionError("the gateways did not come up again")


def test_while_the_holder_is_away_nobody_consents_to_what_it_said_before(pair: Pair) -> None:
    resident = pair.giver.person(RESIDENT)
    page = pair.choose()
    given = len(pair.giver.evidence("consent.given"))
    pair.there.cut = True
    try:
        page = resident.send(page.form(act="give"), {})
        assert page.status == 200 and "没有作出授权" in page.main.text, page.message()
        assert not pair.read(), "the applicant types"
    finally:
        pair.there.cut = False
    assert len(pair.giver.evidence("consent.given")) == given


def test_the_day_after_its_last_it_is_over_at_both(pair: Pair) -> None:
    number = pair.allow(until="2026-03-03")
    assert pair.read()
    shown = pair.question()
    pair.holder.stage.advance("2d")
    status, answer = pair.sent(shown)
    assert status == 403 and "not in force" in answer["detail"]
    pair.giver.stage.advance("2d")
    assert not pair.read()
    row = pair.row(number)
    assert "已到期" in row.text and not row.all("form"), row.text
    pair.given.remove(number)


def test_what_the_holder_ends_is_over_for_who_had_allowed_it(pair: Pair) -> None:
    """The last: from here on there is no agreement."""
    day = "2026-06-30"
    number = pair.allow(until=day)
    official = pair.holder.person(ASKER)
    form = official.get(f"/desk/consents/{pair.agreement}/").form(act="end")
    assert official.send(form, {}).status == 200
    assert not pair.read(), "the holder alone decides, whatever G has heard"
    operator = pair.giver.person(OPERATOR)
    form = operator.get("/operating/holders/").form(act="ask")
    assert operator.send(form, {}).status == 200
    assert "协议已终止" in pair.row(number).text
    assert pair.agreement not in pair.giver.person(RESIDENT).get("/consents/").main.text
    assert "您授权所依据的协议已终止" in pair.giver.person(RESIDENT).get("/messages/").main.text
