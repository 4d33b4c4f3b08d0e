"""Supervision through its pages: who sees what, and that nobody measured can change it."""

from collections.abc import Sequence

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingnan.kernel.duty.api import Message, Standing
from lingnan.kernel.runtime.api import action
from lingnan.kernel.runtime.append_only import WrittenOnce
from lingnan.kernel.trust.api import Account, Body, Holding, node_evidence
from lingnan.systems.government.supervision import cards, telling
from lingnan.systems.government.supervision.models import Answer, Card, Opinion
from tests.clockwork import advance
from tests.people import Person, file_business, file_fire
from tests.volume import fill

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COUNTY, CITY, PROVINCE = (
    f"{code}-supervision-supervisor" for code in ("440103", "440100", "440000")
)
LEADER = "440100-supervision-leader"
OTHER = "440305-supervision-supervisor"
TELL = telling.issued
HEAD = "440103-market-head"
BODY = "gd-440103-market"
ADDRESSES = [
    "/supervision/",
    "/supervision/cases/",
    "/supervision/cards/",
    "/supervision/opinions/",
    "/supervision/scores/",
]


def late_case(days: str = "2wd") -> str:
    """A case in review (promised 1, by law 3 working days) after so many days."""
    number = file_business(Person("resident-440103"))
    Person("440103-market-clerk").act(number, "accept")
    advance(days)
    return number


def colours(number: str) -> list[tuple[str, str]]:
    rows = Card.objects.filter(reference=number, code="decision").order_by("id")
    return [(card.colour, card.on.isoformat()) for card in rows]


def opinion_form(supervisor: Person, number: str) -> str:
    page = supervisor.get(f"/supervision/cases/{number}/")
    assert supervisor.status == 200
    return page.split('class="btn quiet small" href="')[1].split('"')[0]


def test_legal_time_alone_issues_cards_each_once() -> None:
    number = late_case("1wd")
    assert colours(number) == []
    advance("1wd")
    assert colours(number) == [("yellow", "2026-03-04")]
    advance("2wd")
    assert colours(number) == [("yellow", "2026-03-04"), ("red", "2026-03-06")]
    assert cards.issue_due() == 0
    assert len(colours(number)) == 2


def test_a_jump_issues_what_was_due_meanwhile_on_its_own_day() -> None:
    number = late_case("9wd")
    assert colours(number) == [("yellow", "2026-03-04"), ("red", "2026-03-06")]


def test_a_card_is_issued_though_the_clock_stopped_before_the_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worker was down: the case was decided late, and only then a round came."""
    monkeypatch.setattr("lingnan.systems.government.supervision.daily.issue_due", lambda: 0)
    number = late_case("5wd")
    reviewer = Person("440103-market-reviewer")
    reviewer.act(number, "decide", outcome="granted", reasons="材料齐全，符合法定形式。")
    assert colours(number) == []
    assert cards.issue_due() >= 2
    assert sorted(colours(number)) == [("red", "2026-03-06"), ("yellow", "2026-03-04")]
    assert cards.issue_due() == 0


def told(login: str) -> list[str]:
    account = Account.objects.get(login=login).key
    return list(Message.objects.filter(account=account).values_list("text_zh", flat=True))


def test_head_and_supervisor_are_told_once() -> None:
    number = late_case()
    for login in (HEAD, COUNTY):
        assert sum(number in text for text in told(login)) == 1, login
    for login in (OTHER, "440103-fire-head", "440103-market-clerk"):
        assert not any(number in text for text in told(login)), login
    cards.issue_due()
    assert sum(number in text for text in told(HEAD)) == 1


def test_a_round_that_is_cut_off_leaves_neither_card_nor_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(telling, "issued", _cut_off)
        number = late_case()
    assert colours(number) == [] and not any(number in text for text in told(HEAD))
    cards.issue_due()
    assert len(colours(number)) == 1 and sum(number in text for text in told(HEAD)) == 1


def _cut_off(body: str, cards: Sequence[Card]) -> None:
    TELL(body, cards)
    raise RuntimeError("killed")


def test_each_sees_the_own_division_and_those_below() -> None:
    number = late_case()
    for login in (COUNTY, CITY, PROVINCE, LEADER):
        person = Person(login)
        assert number in person.get("/supervision/cases/?card=yellow"), login
        person.get(f"/supervision/cases/{number}/")
        assert person.status == 200
    person = Person(OTHER)
    assert number not in person.get("/supervision/cases/")
    assert number not in person.get("/supervision/cards/")
    person.get(f"/supervision/cases/{number}/")
    assert person.status == 404
    assert number not in person.get(f"/supervision/cases/?body={BODY}&in=440103")


def test_the_console_says_what_is_wrong_at_one_glance() -> None:
    late_case()
    page = Person(COUNTY).get("/supervision/")
    assert "黄牌 1 件" in page and "最多的是广州市荔湾区市场监督管理局" in page
    for login in (CITY, PROVINCE):
        page = Person(login).get("/supervision/")
        assert "超时占比最高" in page and "<svg" in page


def test_a_quiet_place_says_so() -> None:
    page = Person(OTHER).get("/supervision/")
    assert "目前没有运行中的时限" in page


def test_the_case_page_shows_time_and_acts_but_not_what_was_declared() -> None:
    number = file_fire(Person("owner-440103"), "inspection")
    Person("440103-fire-clerk").act(number, "accept")
    head = Person("440103-fire-head")
    head.act_on_time(
        number, "suspend", kind="laboratory_test", until="2026-04-01", reason="装修材料需送检。"
    )
    page = Person(COUNTY).get(f"/supervision/cases/{number}/")
    assert "告知至2026年4月1日" in page and "第四十五条" in page
    assert "负责人：" in page and "窗口受理员：" in page and "起算日期" in page
    owner = Account.objects.get(login="owner-440103").name
    for private in ("街口粥粉面", "13800000000", owner):
        assert private not in page


def test_an_extension_is_shown_with_who_and_why() -> None:
    number = late_case("1wd")
    head = Person(HEAD)
    page = head.get(f"/desk/cases/{number}/")
    if 'value="extend"' not in page:
        pytest.skip("the matter gives no extension")
    head.act_on_time(number, "extend", reason="系统切换，需核对数据。")
    page = Person(COUNTY).get(f"/supervision/cases/{number}/")
    assert "系统切换" in page and "负责人" in page


def test_the_applicant_sees_that_a_supervisor_looked() -> None:
    number = late_case()
    resident = Person("resident-440103")
    seen = "查看了您办件的时限和办理行为"
    before = resident.get("/looked/").count(seen)
    Person(COUNTY).get(f"/supervision/cases/{number}/")
    page = resident.get("/looked/")
    assert page.count(seen) == before + 1 and "荔湾区行政电子监察中心" in page
    entries = node_evidence.reader().by_reference(number)
    assert max(entries, key=lambda entry: entry.seq).kind == "case.supervised"


def test_an_opinion_reaches_the_head_and_is_answered_once() -> None:
    number = late_case()
    supervisor = Person(COUNTY)
    form = opinion_form(supervisor, number)
    supervisor.post(form, words=" ")
    assert supervisor.status == 422 and not Opinion.objects.exists()
    supervisor.post(form, words="请说明超时原因，并防止再次发生。")
    assert supervisor.status == 200 and "请说明超时原因" in supervisor.text
    opinion = Opinion.objects.get()
    assert opinion.body == BODY and opinion.answer_by.isoformat() == "2026-03-25"
    head = Person(HEAD)
    assert any("请说明超时原因" in text for text in told(HEAD))
    page = head.get("/desk/opinions/")
    url = page.split('href="/desk/opinions/')[2].split('"')[0]
    head.post(f"/desk/opinions/{url}", words="经办人休假，已安排顶岗。")
    assert Answer.objects.get().words.startswith("经办人休假")
    head.post(f"/desk/opinions/{url}", words="再答一次")
    assert head.status == 422 and Answer.objects.count() == 1
    assert any("经办人休假" in text for text in told(COUNTY))
    assert "已答复" in Person(CITY).get("/supervision/opinions/")
    other = Person("440103-fire-head")
    other.get(f"/desk/opinions/{url}")
    assert other.status == 404


def test_only_the_supervisor_of_the_place_writes() -> None:
    number = late_case()
    form = opinion_form(Person(COUNTY), number)
    for login, status in ((LEADER, 403), (HEAD, 403), (OTHER, 404)):
        person = Person(login)
        person.post(form, words="x")
        assert person.status == status, login
    assert not Opinion.objects.exists()


def test_an_unanswered_opinion_becomes_overdue() -> None:
    number = late_case()
    supervisor = Person(COUNTY)
    supervisor.post(opinion_form(supervisor, number), words="请说明原因。")
    assert "待答复" in supervisor.get("/supervision/opinions/")
    advance("16wd")
    assert "逾期" in supervisor.get("/supervision/opinions/")
    assert "逾期未答复" in supervisor.get("/supervision/")


def test_no_post_that_is_measured_reaches_supervision() -> None:
    number = late_case()
    card = opinion_form(Person(COUNTY), number)
    urls = [*ADDRESSES, f"/supervision/cases/{number}/", card]
    functions = Body.objects.filter(division="440103").exclude(function="supervision")
    held = Holding.objects.filter(body__in=list(functions.values_list("code", flat=True)))
    logins = Account.objects.filter(key__in=list(held.values_list("account", flat=True)))
    before = list(Standing.objects.order_by("clock").values()), list(Card.objects.values())
    tried = 0
    for login in logins.values_list("login", flat=True):
        person = Person(login)
        for url in urls:
            for answer in (person.client.get(url), person.client.post(url, {"words": "x"})):
                assert answer.status_code in (403, 404, 405), (login, url, answer.status_code)
                tried += 1
    assert tried > 100
    assert before == (
        list(Standing.objects.order_by("clock").values()), list(Card.objects.values())
    )  # fmt: skip


def test_supervisors_themselves_have_no_act_on_cards_or_clocks() -> None:
    number = late_case()
    before = list(Standing.objects.order_by("clock").values()), list(Card.objects.values())
    person = Person(PROVINCE)
    for url in [*ADDRESSES, f"/supervision/cases/{number}/"]:
        for method in ("post", "put", "patch", "delete"):
            assert getattr(person.client, method)(url).status_code == 405, (method, url)
    person.post(f"/desk/cases/{number}/act/", act="resume")
    assert person.status == 403
    after = list(Standing.objects.order_by("clock").values()), list(Card.objects.values())
    assert before == after


def test_nobody_without_a_post_reaches_it() -> None:
    for url in ADDRESSES:
        assert Client().get(url).status_code == 302
        resident = Person("resident-440103")
        resident.get(url)
        assert resident.status == 403


def test_the_database_refuses_to_change_a_card() -> None:
    number = late_case()
    card = Card.objects.filter(reference=number).first()
    assert card is not None
    card.colour = "green"
    for act in (card.save, card.delete, Card.objects.all().delete):
        with pytest.raises(WrittenOnce):
            act()
    with pytest.raises(WrittenOnce):
        Card.objects.update(colour="green")
    for words in ("UPDATE supervision_card SET colour = 'green'", "DELETE FROM supervision_card"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
    assert Card.objects.filter(reference=number, colour="yellow").exists()


def test_renaming_or_ending_a_body_drops_no_card() -> None:
    number = late_case()
    body = Body.objects.get(code=BODY)
    with action(by="a test", reason="reform") as act:
        act.change(body, name_zh="荔湾区新设综合监管局")
    supervisor = Person(COUNTY)
    page = supervisor.get("/supervision/cards/")
    assert number in page and "荔湾区新设综合监管局" in page
    with action(by="a test", reason="reform") as act:
        act.end(Body.objects.get(code=BODY))
    assert number in supervisor.get("/supervision/cards/")
    assert "荔湾区新设综合监管局" in supervisor.get("/supervision/")
    advance("2wd")
    assert ("red", "2026-03-06") in colours(number)


@pytest.mark.parametrize("url", [*ADDRESSES, "/supervision/cases/?card=yellow"])
def test_no_page_asks_more_of_the_database_when_there_are_more_cases(url: str) -> None:
    fill("440103", 40)
    cards.issue_due()
    person = Person(CITY)
    person.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        person.get(url)
    fill("440103", 200)
    fill("440106", 100)
    cards.issue_due()
    with CaptureQueriesContext(connection) as many:
        person.get(url)
    assert person.status == 200
    assert len(many) <= max(len(few), 25) and len(many) <= 25, [q["sql"][:90] for q in many]


def test_the_list_is_paged_without_repeating_or_losing_a_case() -> None:
    fill("440103", 60)
    person, url, seen = Person(COUNTY), "/supervision/cases/", []
    while url:
        page = person.get(url)
        rows = page.split("<tbody")[1].split("</tbody>")[0]
        seen += [part.split("/")[0] for part in rows.split('href="/supervision/cases/')[1:]]
        after = page.split('rel="next" href="')
        url = after[1].split('"')[0] if len(after) > 1 else ""
    assert len(seen) == len(set(seen)) == 60
    turning = dict(Standing.objects.values_list("reference", "red_on"))
    days = [str(turning[number]) for number in seen]
    assert days == sorted(days)


def test_the_score_counts_what_happened_and_says_what_is_not_measured() -> None:
    number = late_case()
    Person("440103-market-reviewer").act(
        number, "decide", outcome="granted", reasons="材料齐全，符合法定形式。"
    )
    page = Person(COUNTY).get("/supervision/scores/?month=2026-03")
    row = next(part for part in page.split("<tr") if "荔湾区市场监督管理局" in part)
    assert "0 / 1" in row and "−5" in row and "9 / 14" in row and "0.0%" in row
    assert page.count("这里未计算") == 8
    assert "当月没有可评分的内容" in Person(COUNTY).get("/supervision/scores/?month=2026-02")
    Person(COUNTY).get("/supervision/scores/?month=abc")


def test_ratings_by_default_stand_apart() -> None:
    number = late_case("0wd")
    reviewer = Person("440103-market-reviewer")
    reviewer.act(number, "decide", outcome="granted", reasons="材料齐全，符合法定形式。")
    advance("9d")
    page = Person(COUNTY).get("/supervision/scores/")
    table = page.split("当月评价</h2>")[1]
    row = next(part for part in table.split("<tr") if "荔湾区市场" in part)
    assert row.count(">0</td>") == 5 and "1<small" in row and "100.0%" in row


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_in_both_languages(language: str) -> None:
    late_case()
    page = Person(CITY, language).get("/supervision/")
    words = {"zh-hans": "部门排名", "en": "the worst first"}
    assert words.pop(language) in page and not any(word in page for word in words.values())
