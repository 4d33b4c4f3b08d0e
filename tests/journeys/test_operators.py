"""The operators' pages: the node, its evidence without persons, and what could not be told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.exchange.api import tell
from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.trust.api import node_evidence
from lingnan.kernel.trust.evidence.api import verify_inclusion
from tests.kernel.listening import Listener, followed, listening, moved
from tests.kernel.uses import evidence_down, resident
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

OPERATOR = "440000-data-operator"
PAGES = ["/operating/", "/operating/evidence/", "/operating/dead-letters/"]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    return listening(monkeypatch)


def dead(listener: Listener, reference: str = "440103-26-000001") -> Telling:
    """A change that nobody could be told of."""
    followed(reference)
    moved("花地大道1号")
    listener.failures = [OSError()] * 6
    at = timezone.now()
    for _ in range(6):
        tell(at)
        at += timedelta(days=1)
    return Telling.objects.get(state="dead")


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("login", ["resident-440103", "440000-data-data_officer",
                                   "440103-market-head"])  # fmt: skip
def test_the_pages_are_the_operators_alone(url: str, login: str) -> None:
    person = Person(login)
    person.get(url)
    assert person.status == 403


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_operator_opens_each(url: str, language: str) -> None:
    person = Person(OPERATOR, language)
    person.get(url)
    assert person.status == 200
    assert all(f'href="{page}"' in person.text for page in PAGES)


def test_the_acts_are_the_operators_alone(listener: Listener) -> None:
    letter = dead(listener)
    officer = Person("440000-data-data_officer")
    for act in ("again", "give-up"):
        officer.post(f"/operating/dead-letters/{letter.id}/{act}/", reason="不再需要")
        assert officer.status == 403
    officer.post("/operating/check/")
    assert officer.status == 403
    assert Telling.objects.get(id=letter.id).state == "dead"


def test_the_first_page_says_how_much_was_written_and_what_waits(listener: Listener) -> None:
    tell()
    followed()
    moved("花地大道1号")
    page = Person(OPERATOR).get("/operating/")
    head = node_evidence.reader().head()
    assert f"{head.size:,}" in page and head.root.hex() in page
    figure = page.split("待告知的变更", 1)[1]
    assert re.search(r"<b[^>]*>1</b>", figure.split("</div>")[0])
    tell()
    figure = Person(OPERATOR).get("/operating/").split("待告知的变更", 1)[1]
    assert re.search(r"<b[^>]*>0</b>", figure.split("</div>")[0])


def test_a_check_of_the_evidence_is_done_on_request_and_written_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operator = Person(OPERATOR)
    assert "证据完整" in operator.post("/operating/check/")
    entry = node_evidence.reader().entries("operating.evidence_checked")[0]
    assert entry.payload is not None and entry.payload["faults"] == 0
    from lingnan.kernel.trust.evidence.verify import Fault

    found = [Fault("payloads", 7, "payload differs")]
    monkeypatch.setattr(node_evidence.reader(), "verify_newest", lambda count: found)
    assert "证据中发现 1 处问题" in operator.post("/operating/check/")
    assert "payloads 7" in operator.text


def test_the_check_is_told_by_the_page_above_it() -> None:
    operator = Person(OPERATOR)
    operator.response = operator.client.get("/operating/check/", headers={"Accept": "text/html"})
    assert (operator.status, operator.response.url) == (302, "/operating/")


def test_entries_are_shown_without_persons() -> None:
    number = file_business(Person("resident-440103"))
    clerk = Person("440103-market-clerk")
    clerk.get(f"/desk/cases/{number}/")
    records = Person("440103-police-records_officer")
    records.post("/desk/records/population/resident/", q=resident().name)
    operator = Person(OPERATOR)
    page = operator.get("/operating/evidence/")
    assert "共享使用" in page and "荔湾区市场监督管理局" in page and "列表查看记录" in page
    newest = node_evidence.reader().entries(limit=25)
    names = [resident().name, clerk.name, records.name, Person("440103-market-head").name]
    pages = [page, *(operator.get(f"/operating/evidence/{e.seq}/") for e in newest)]
    assert "花地" not in "".join(pages)
    for text in pages:
        main = text.split("<main", 1)[1]
        assert not any(name in main for name in names)
        assert resident().subject not in main


def test_entries_are_found_by_kind_case_and_day() -> None:
    number = file_business(Person("resident-440103"))
    operator = Person(OPERATOR)
    assert number in operator.get(f"/operating/evidence/?case={number}")
    assert "办件事件" in operator.text.split("<tbody", 1)[1]
    rows = operator.text.split("<tbody", 1)[1]
    assert "共享使用" in rows  # what was read for the application, before it was a case
    rows = operator.get("/operating/evidence/?kind=trust.signin").split("<tbody", 1)[1]
    assert "登录" in rows and "办件事件" not in rows
    assert "没有符合条件" in operator.get("/operating/evidence/?since=2999-01-01")
    today = timezone.localdate().isoformat()
    assert number in operator.get(f"/operating/evidence/?case={number}&since={today}")
    assert "请按" in operator.get("/operating/evidence/?since=gestern")
    assert operator.status == 200


def test_the_list_goes_on_where_it_ended() -> None:
    node_evidence.write([node_evidence.entry("a.page", {"n": n}) for n in range(60)])
    operator, seen = Person(OPERATOR), list[str]()
    url = "/operating/evidence/?kind=a.page"
    for size in (25, 25):
        page = operator.get(url)
        numbers = re.findall(r'href="/operating/evidence/(\d+)/"', page)
        assert len(numbers) == size and not set(numbers) & set(seen)
        seen += numbers
        found = re.search(r'rel="next" href="([^"]+)"', page)
        assert found
        url = "/operating/evidence/" + found[1]
    assert seen == sorted(seen, key=int, reverse=True)


def test_an_entry_carries_its_proof() -> None:
    seqs = [
        r.seq for r in node_evidence.write([node_evidence.entry("a.proof", {}) for _ in range(9)])
    ]
    page = Person(OPERATOR).get(f"/operating/evidence/{seqs[4]}/")
    said = re.findall(r"^(leaf_index|tree_size|leaf_hash|root_hash|path) ([0-9a-f]+)\b", page, re.M)
    plain: dict[str, Any] = dict(said)
    path = [bytes.fromhex(value) for name, value in said if name == "path"]
    leaf, root = bytes.fromhex(plain["leaf_hash"]), bytes.fromhex(plain["root_hash"])
    index, size = int(plain["leaf_index"]), int(plain["tree_size"])
    assert index == seqs[4] - 1
    assert verify_inclusion(leaf, index, size, path, root)
    assert not verify_inclusion(leaf, index - 1, size, path, root)


@pytest.mark.parametrize("seq", ["0", "99999999999", "9" * 30])
def test_an_entry_that_is_not_there_is_not_found(seq: str) -> None:
    operator = Person(OPERATOR)
    operator.get(f"/operating/evidence/{seq}/")
    assert operator.status == 404
    operator.get(f"/operating/dead-letters/{seq}/")
    assert operator.status == 404
    for url in (f"/operating/evidence/?before={seq}", f"/operating/dead-letters/?before={seq}"):
        operator.get(url)
        assert operator.status == 200


def test_a_dead_letter_is_tried_again_and_then_told(listener: Listener) -> None:
    letter = dead(listener)
    operator = Person(OPERATOR)
    page = operator.get("/operating/dead-letters/")
    assert "居民身份信息" in page and "荔湾区市场监督管理局" in page
    assert "440103-26-000001" in page and "OSError" in page and "花地" not in page
    assert "居民身份信息" in operator.get(f"/operating/dead-letters/{letter.id}/")
    operator.post(f"/operating/dead-letters/{letter.id}/again/")
    assert "没有未送达的变更" in operator.text
    entry = node_evidence.reader().entries("operating.told_again")[0]
    assert entry.payload is not None and entry.payload["telling"] == letter.id
    tell()
    assert Telling.objects.get(id=letter.id).state == "done" and len(listener.heard) == 7
    operator.post(f"/operating/dead-letters/{letter.id}/again/")
    assert "已不是未送达状态" in operator.text


def test_a_dead_letter_is_given_up_for_a_reason_only(listener: Listener) -> None:
    letter = dead(listener)
    operator, url = Person(OPERATOR), f"/operating/dead-letters/{letter.id}/give-up/"
    operator.post(url, reason="  ")
    assert operator.status == 422 and "请说明" in operator.text
    operator.post(url, reason="该店已注销")
    assert Telling.objects.get(id=letter.id).state == "dropped"
    entry = node_evidence.reader().entries("operating.told_given_up")[0]
    assert entry.payload is not None and entry.payload["reason"] == "该店已注销"
    assert entry.reference == "440103-26-000001"
    assert "该店已注销" in operator.get(f"/operating/evidence/{entry.seq}/")
    tell()
    assert len(listener.heard) == 6


def test_without_evidence_a_letter_stays_as_it_is(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = dead(listener)
    operator = Person(OPERATOR)
    with evidence_down(monkeypatch):
        for act in ("again", "give-up"):
            operator.post(f"/operating/dead-letters/{letter.id}/{act}/", reason="不再需要")
            assert "无法写入证据" in operator.text
    assert Telling.objects.get(id=letter.id).state == "dead"


def test_what_was_overtaken_is_not_tried_again(listener: Listener) -> None:
    letter = dead(listener)
    moved("花地大道2号")
    tell(timezone.now() + timedelta(days=9))
    operator = Person(OPERATOR)
    assert "后来的变更" in operator.get("/operating/dead-letters/")
    assert f"/operating/dead-letters/{letter.id}/again/" not in operator.text
    operator.post(f"/operating/dead-letters/{letter.id}/again/")
    assert "倒退" in operator.text and Telling.objects.get(id=letter.id).state == "dead"
