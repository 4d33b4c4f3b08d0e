"""From the source's batch to the public page, the objection and its answer, over HTTP."""

import json
from datetime import timedelta
from typing import Any

import pytest

from lingnan.kernel.exchange.api import give, single
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.systems.government.credit import batches, standing
from lingnan.systems.government.credit.daily import daily
from lingnan.systems.government.credit.models import CreditEvent, Listing, Objection
from lingnan.systems.government.credit.rules.periods import months_after
from tests.clockwork import advance
from tests.kernel.uses import identity
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COLLECT, API = "/desk/credit/collect/", "/api/credit/batches"


@pytest.fixture
def source() -> Person:
    return Person("440103-market-data_officer")


def shop() -> CreditEvent:
    """An event of the first owner's shop: its code, name and pseudonyms."""
    return CreditEvent.objects.filter(number__contains="-90", kind="penalty").order_by("key")[0]


def row(**changes: str) -> dict[str, str]:
    own = shop()
    return {
        "credit_code": own.credit_code,
        "name": own.name,
        "kind": "penalty",
        "severity": "ordinary",
        "document": "穗荔市监罚〔2026〕1号",
        "what": "经营标签不合格的食品，罚款",
        "basis": "《食品安全法》（2021-04-29）第一百二十五条",
        "decided_on": str(legal_time.today() - timedelta(days=5)),
    } | changes


def text(*rows: dict[str, str]) -> str:
    lines = [",".join(title.zh for title in batches.COLUMNS.values())]
    return "\n".join(lines + [",".join(one.get(c, "") for c in batches.COLUMNS) for one in rows])


def send(source: Person, *rows: dict[str, str]) -> str:
    return source.post(COLLECT, rows=text(*rows), act="send", key="a-key-of-this-test")


def searched(words: str) -> str:
    return Person("resident-440106").post("/credit/", q=words)


def posted(person: Person, key: str, *rows: dict[str, str]) -> Any:
    return person.client.post(
        API,
        json.dumps({"events": rows}),
        content_type="application/json",
        headers={"Idempotence-Key": key},
    )


def test_a_batch_is_shown_first_and_then_taken_as_a_whole(source: Person) -> None:
    page = source.post(COLLECT, rows=text(row()))
    assert source.status == 200 and "确认入库" in page and "穗荔市监罚〔2026〕1号" in page
    assert not CreditEvent.objects.filter(document="穗荔市监罚〔2026〕1号").exists()
    before = node_evidence.reader().size()
    assert "1条信用事件已入库" in send(source, row())
    made = CreditEvent.objects.get(document="穗荔市监罚〔2026〕1号")
    assert made.source == "gd-440103-market" and made.organisation == shop().organisation
    assert node_evidence.reader().size() > before
    assert "经营标签不合格的食品" in searched(made.name)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"credit_code": "92440101MA00000000"}, "统一社会信用代码不正确"),
        ({"kind": "rumour"}, "事件类型：应为"),
        ({"decided_on": "2026-02-30"}, "决定日期：日期格式"),
        ({"decided_on": "2026-03-03"}, "尚未到来"),
        ({"severity": ""}, "处罚轻重"),
        ({"what": ""}, "事由：1至200个字"),
        ({"document": "好号"}, "本批中该决定文书号重复"),
    ],
)
def test_one_bad_row_keeps_the_whole_batch_out(
    source: Person, changes: dict[str, str], said: str
) -> None:
    page = send(source, row(document="好号"), row(**changes))
    assert source.status == 422 and said in page and "第2行" in page
    assert "经营标签不合格的食品" in page
    assert not CreditEvent.objects.filter(document="好号").exists()


def test_what_is_reported_late_is_marked(source: Person) -> None:
    for day, late in (("1987-02-03", True), ("2026-01-05", True), ("2026-02-25", False)):
        page = source.post(COLLECT, rows=text(row(decided_on=day)))
        assert source.status == 200 and ("超过20个工作日" in page) is late, day


def test_what_is_no_table_is_said_to_be_none(source: Person) -> None:
    for words in ("", "一二三", 'a,"b'):
        source.post(COLLECT, rows=words)
        assert source.status == 422
    assert "缺少列" in source.post(COLLECT, rows="名称\n某店")


def test_a_decision_is_entered_once_whoever_asks(source: Person) -> None:
    numbers = posted(source, "batch-0001", row()).json()["numbers"]
    assert posted(source, "batch-0001", row()).json()["numbers"] == numbers
    assert posted(source, "batch-0001", row(what="另一事由")).status_code == 409
    again = posted(source, "batch-0002", row())
    assert again.status_code == 422 and numbers[0] in again.json()["faults"][0]["message"]
    assert CreditEvent.objects.filter(document=row()["document"]).count() == 1
    assert posted(Person("440103-market-clerk"), "batch-0003", row()).status_code == 403


def test_only_its_source_corrects_and_withdraws_it(source: Person) -> None:
    send(source, row())
    made = CreditEvent.objects.get(document=row()["document"])
    stranger = Person("440106-market-data_officer")
    stranger.get(f"/desk/credit/events/{made.number}/")
    assert stranger.status == 404
    url = f"/desk/credit/events/{made.number}/"
    source.post(url, act="correct", what="改过的事由", why="笔误")
    assert "改过的事由" in searched(made.credit_code)
    source.post(url, act="withdraw", why="")
    assert source.status == 422
    source.post(url, act="withdraw", why="决定被撤销")
    assert "改过的事由" not in searched(made.credit_code)


# Who sees what of a penalty, on the day before and after each limit.
MATRIX = [
    (0, True, True, True),
    (-1, True, True, True),  # the last day of publicity
    (1, False, True, True),  # the day after
]


@pytest.mark.parametrize(("side", "public", "own", "authority"), MATRIX)
def test_who_sees_it_on_the_days_around_the_end_of_publicity(
    side: int, public: bool, own: bool, authority: bool
) -> None:
    event, today = shop(), legal_time.today()
    if side:
        begun = months_after(today, -36) + timedelta(days=1 if side < 0 else 0)
        with action(by="a test", reason="dates") as act:
            event = act.change(event, published_on=begun, ended_on=today + timedelta(days=400))
    assert (event.what in searched(event.name)) is public
    owner = owner_of(event)
    assert (event.what in owner.get("/credit/mine/")) is own
    assert (event.number in asked(event)) is authority


@pytest.mark.parametrize(("days", "seen"), [(1, True), (0, False)])
def test_after_five_years_nobody_sees_it_and_the_trace_stays(days: int, seen: bool) -> None:
    event, today = shop(), legal_time.today()
    ended = months_after(today, -60) + timedelta(days=days)
    with action(by="a test", reason="dates") as act:
        event = act.change(
            event, published_on=ended, ended_on=ended, kept_until=months_after(ended, 60)
        )
    assert (event.what in owner_of(event).get("/credit/mine/")) is seen
    assert (event.number in asked(event)) is seen
    assert event.what not in searched(event.name)
    daily()
    assert CreditEvent.objects.filter(key=event.key, ended=False).exists() is seen
    trace: Any = CreditEvent.Version.objects.filter(key=event.key)
    assert trace.count() >= 2 and trace.filter(what=event.what).exists()


def owner_of(event: CreditEvent) -> Person:
    for login in Account.objects.filter(login__startswith="owner-").values_list("login", flat=True):
        owner = Person(login)
        if event.credit_code in owner.get("/credit/mine/"):
            return owner
    raise AssertionError("nobody owns it")


def asked(event: CreditEvent) -> str:
    """What a market regulator hears of the firm over the exchange."""
    from lingnan.kernel.exchange.pseudonyms import resolve
    from lingnan.systems.government.credit.resources import RESOURCES

    one = next(one for one in RESOURCES if one.code == "credit.events_of_organisation")
    key = resolve("organisation", "credit", [event.organisation])[event.organisation]
    subject = give("organisation", "gd-440103-market", [key])[key]
    use = identity(
        resource=one.code, purpose="credit_check", basis=one.basis,
        subjects=(subject,), elements=tuple(one.elements),
    )  # fmt: skip
    return str(single(use)[0].rows)


def test_a_person_alone_is_never_shown_to_the_public() -> None:
    event = CreditEvent.objects.filter(kind="revocation", credit_code="").first()
    assert event is not None
    assert "没有找到" in searched(event.name)


def test_a_stranger_neither_sees_nor_objects() -> None:
    event, stranger = shop(), Person("resident-440103")
    assert event.what not in stranger.get("/credit/mine/")
    stranger.post(f"/credit/mine/events/{event.number}/", act="object", grounds="不对")
    assert stranger.status == 404 and not CreditEvent.objects.get(key=event.key).disputed


def test_an_objection_is_marked_at_once_and_answered_by_the_source() -> None:
    event = shop()
    owner = owner_of(event)
    url = f"/credit/mine/events/{event.number}/"
    owner.post(url, act="object", grounds="")
    assert owner.status == 422
    owner.post(url, act="object", grounds="已经公布", statement="当日即已公布")
    assert owner.status == 200 and "异议处理中" in searched(event.name)
    made = Objection.objects.get(event=event.number)
    assert made.due_on == legal_time.today() + timedelta(days=20)
    source = Person(f"{event.division}-market-data_officer")
    assert f"/desk/credit/objections/{made.number}/" in source.get(COLLECT)
    source.post(f"/desk/credit/objections/{made.number}/", outcome="upheld", words="")
    assert source.status == 422
    source.post(f"/desk/credit/objections/{made.number}/", outcome="upheld", words="经核查属实")
    page = searched(event.name)
    assert "异议处理中" not in page and "本人说明：当日即已公布" in page
    assert "经核查属实" in owner.get("/messages/")
    source.post(f"/desk/credit/objections/{made.number}/", outcome="deleted", words="又来")
    assert source.status == 422 and Objection.objects.get(key=made.key).outcome == "upheld"


@pytest.mark.parametrize("outcome", ["corrected", "deleted"])
def test_what_was_wrong_is_corrected_or_deleted(outcome: str) -> None:
    event = shop()
    owner_of(event).post(f"/credit/mine/events/{event.number}/", act="object", grounds="不对")
    made = Objection.objects.get(event=event.number)
    source = Person(f"{event.division}-market-data_officer")
    url = f"/desk/credit/objections/{made.number}/"
    source.post(url, outcome=outcome, words="确有错误", what="更正后的事由")
    assert event.what not in searched(event.name)
    assert ("更正后的事由" in searched(event.name)) is (outcome == "corrected")


def test_an_objection_without_an_answer_is_late_for_all_to_see() -> None:
    event = shop()
    owner = owner_of(event)
    owner.post(f"/credit/mine/events/{event.number}/", act="object", grounds="不对")
    advance("20d")
    assert "逾期" not in owner.get("/credit/mine/")
    advance("1d")
    assert "逾期" in owner.get("/credit/mine/")
    assert "逾期" in Person(f"{event.division[:4]}00-credit-records_officer").get("/desk/credit/")


def test_the_party_is_heard_before_it_is_on_a_list_and_leaves_by_rule() -> None:
    told = Listing.objects.get(list="incentive")
    event = CreditEvent.objects.get(number=told.event)
    owner = owner_of(event)
    owner.post("/credit/mine/defence/", number=told.number, words="没有意见")
    guest = Person("resident-440106")
    assert told.name not in guest.get("/credit/lists/incentive/")
    advance("6wd")
    daily()
    assert told.name in guest.get("/credit/lists/incentive/")
    assert Listing.objects.get(key=told.key).defence == "没有意见"
    assert daily() == 0
    with action(by="a test", reason="honour withdrawn") as act:
        act.end(event)
    daily()
    assert told.name not in guest.get("/credit/lists/incentive/")
    assert "应当" in guest.get("/credit/lists/punishment/")


def test_the_own_view_says_when_firms_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = owner_of(shop())
    monkeypatch.setattr(standing, "PURPOSE", "no_such_purpose")
    assert "缺少您名下企业的信息" in owner.get("/credit/mine/") and owner.status == 200
