"""The pages: who may what, what is refused, and what never shows."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.duty.api import Task
from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.api import Agreement, AgreementWish, resources, sources, wishes
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account, actor_of, node_evidence
from lingnan.systems.government.resource_exchange.models import (
    Entry,
    Publication,
    Source,
    SourceState,
)
from lingnan.systems.government.resource_exchange.sources import connecting, watching
from tests.people import Person
from tests.sources.officers import (
    BODY,
    DESK,
    HEAD,
    OFFICER,
    TERMS,
    agreed,
    chosen,
    described,
    joined,
    named,
)

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CODE, SECRET = "liwan_signs.sign", "a-very-secret-word"
WHAT = {"columns": ("number", "street"), "asked_by": "number", "subject": "thing"}
TOLD = {"zh-0": "编号", "en-0": "Number", "zh-1": "街道", "en-1": "Street"}


@pytest.fixture(autouse=True)
def signs(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "signs.sqlite3"
    with sqlite3.connect(path) as one:
        one.execute("CREATE TABLE sign (number TEXT PRIMARY KEY NOT NULL, street TEXT, sfzh TEXT)")
        one.execute("INSERT INTO sign VALUES ('S1', '恩宁路', '440103199001010011')")
        one.execute("CREATE INDEX by_person ON sign (sfzh)")
    one.close()
    settings.SOURCE_FOLDERS = [str(tmp_path)]
    return path


def drafted(officer: Person, **what: Any) -> str:
    source = joined(officer, "sqlite", path="signs.sqlite3")
    return chosen(officer, source, "sign", **(WHAT | what))


def sent(officer: Person) -> str:
    draft = drafted(officer)
    described(officer, draft, CODE, **TOLD)
    return draft


def test_only_officers_and_heads_see_the_pages_and_only_their_bodys() -> None:
    draft = sent(Person(OFFICER))
    source = f"{DESK}{Source.objects.get(body=BODY, title='业务库').number}/"
    for login, seen in (("440103-fire-data_officer", 404), ("440103-market-clerk", 403),
                        ("resident-440103", 403), (HEAD, 200)):  # fmt: skip
        person = Person(login)
        for url in (draft, source):
            person.get(url)
            assert person.status == seen, (login, url)
    head = Person(HEAD)
    for url in (f"{DESK}new/", f"{source}change/", f"{source}table/?name=sign",
                f"{draft}describe/"):  # fmt: skip
        head.get(url)
        assert head.status == 403, url


def test_nobody_publishes_what_they_sent_themselves() -> None:
    officer = Person(OFFICER)
    draft = sent(officer)
    assert "同意并发布" not in officer.text
    officer.post(draft, act="agree")
    assert officer.status == 422 and CODE not in resources()
    task = Task.objects.get(reference=draft.split("/")[-2], done_at=None)
    assert (task.body, task.role) == (BODY, "head")
    agreed(draft)
    assert CODE in resources()
    assert not Task.objects.filter(reference=task.reference, done_at=None).exists()
    assert Entry.objects.get(resource=CODE).way == "table"
    head = Person(HEAD)
    head.post(draft, act="agree")
    assert head.status == 422


def test_what_is_sent_back_is_a_draft_again() -> None:
    officer, head = Person(OFFICER), Person(HEAD)
    draft = sent(officer)
    head.post(draft, act="refuse", why="不")
    assert head.status == 422 and "请简要填写" in head.said
    head.post(draft, act="refuse", why="条件写得不清楚")
    assert "条件写得不清楚" in officer.get(f"{draft}describe/")
    assert 'value="liwan_signs"' in officer.text, "nothing typed is lost"
    described(officer, draft, CODE, **TOLD)
    agreed(draft)


def test_what_is_retracted_leaves_the_catalogue_and_its_source_can_go() -> None:
    officer = Person(OFFICER)
    draft = sent(officer)
    agreed(draft)
    source = f"{DESK}{Source.objects.get(body=BODY, title='业务库').number}/"
    officer.post(source)
    assert "请先撤回" in officer.said
    officer.post(draft, act="retract", why="改由新系统提供")
    assert CODE not in resources() and Entry.objects.get(resource=CODE).ended
    officer.post(source)
    assert officer.url == DESK and "已移除" in officer.said


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subsystem": "population"}, "subsystem"),
        ({"subsystem": "trust"}, "subsystem"),
        ({"subsystem": "Liwan"}, "subsystem"),
        ({"subsystem": "a' OR 1=1"}, "subsystem"),
        ({"name": "x.y"}, "name"),
        ({"subsystem": "liwan_lifts", "name": "lift"}, "name"),
        ({"basis": "无"}, "basis"),
        ({"sharing": "refused"}, "sharing"),
        ({"category": "9"}, "category"),
        ({"title_zh": ""}, "title_zh"),
        ({"element-0": "nobody.knows"}, "element-0"),
        ({"element-0": "person.name", "element-1": "person.name"}, "element-0"),
        ({"zh-1": ""}, "zh-1"),
        ({"en-0": "Street"}, "element-0"),
    ],
)
def test_a_wrong_description_is_named_at_its_field(change: dict[str, str], field: str) -> None:
    officer = Person(OFFICER)
    draft = drafted(officer)
    told = TERMS | named(CODE) | TOLD | change
    page = officer.post(f"{draft}describe/", **told)
    assert officer.status == 422
    assert f'id="id_{field}-error"' in page
    assert Publication.objects.get(number=draft.split("/")[-2]).state == "draft"


def test_a_subsystem_is_one_bodys() -> None:
    agreed(sent(Person(OFFICER)))
    other = Person("440103-fire-data_officer")
    source = joined(other, "sqlite", path="signs.sqlite3")
    draft = chosen(other, source, "sign", **WHAT)
    other.post(f"{draft}describe/", **(TERMS | named("liwan_signs.other") | TOLD))
    assert other.status == 422 and "已被使用" in other.said


def test_a_table_about_people_needs_leave_to_read_their_numbers() -> None:
    officer = Person(OFFICER)
    draft = drafted(officer, subject="person", asked_by="sfzh")
    with action(by="a test", reason="ended") as act:
        act.end(Agreement.objects.get(number="GD-2026-9301"))
    officer.post(f"{draft}describe/", **(TERMS | named(CODE) | TOLD))
    assert officer.status == 422 and "还不能读取" in officer.said
    assert "/desk/consents/new/?resource=population.identity" in officer.text


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"columns": ()}, "请至少选择一项"),
        ({"columns": ("none",)}, "不能这样发布"),
        ({"asked_by": "street"}, "请选择"),
        ({"subject": "place"}, "请选择"),
    ],
)
def test_a_wrong_choice_is_refused(what: dict[str, Any], words: str) -> None:
    officer = Person(OFFICER)
    source = joined(officer, "sqlite", path="signs.sqlite3")
    before = Publication.objects.count()
    officer.post(f"{source}table/?name=sign", **(WHAT | what))
    assert officer.status == 422 and words in officer.said
    assert Publication.objects.count() == before


def test_a_preview_masks_numbers_of_people_and_is_written_down() -> None:
    officer = Person(OFFICER)
    source = joined(officer, "sqlite", path="signs.sqlite3")
    page = officer.get(f"{source}table/?name=sign")
    assert "恩宁路" in page and "440103199001010011" not in page and "440" in officer.said
    entry = next(iter(node_evidence.reader().entries("source.previewed", limit=1)))
    assert entry.payload is not None and entry.payload["table"] == "sign"
    officer.get(f"{source}table/?name=none")
    assert officer.status == 422 and "没有这张表" in officer.said


def test_what_is_typed_of_a_connection_stays_but_the_password() -> None:
    officer = Person(OFFICER)
    page = officer.post(f"{DESK}new/?kind=postgresql", title="库", host="no-such.invalid",
                        database="d", user="u", secret=SECRET)  # fmt: skip
    assert officer.status == 422 and "查找地址" in officer.said
    assert 'value="no-such.invalid"' in page and SECRET not in page
    for kind in ("mysql", "folder", "rest", "none", "sqlite"):
        officer.post(f"{DESK}new/?kind={kind}")
        assert officer.status in (200, 422), kind
    officer.post(f"{DESK}new/?kind=postgresql", title="库", host="h", database="d", user="u",
                 port="99999")  # fmt: skip
    assert officer.status == 422


def test_a_known_password_is_not_shown_to_another_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The form leaves it empty; where host and port stay, the one that is known serves."""
    seen: list[str] = []
    monkeypatch.setattr(connecting, "tried", lambda wanted: seen.append(wanted.secret))
    officer = Person(OFFICER)
    monkeypatch.setattr(sources, "tables", lambda connection: [])
    place = {"host": "db.one", "database": "d", "user": "u"}
    url = joined(officer, "postgresql", secret=SECRET, **place)
    number = url.split("/")[-2]
    assert SECRET not in Source.objects.get(number=number).secret
    assert SECRET not in officer.get(f"{url}change/")
    for change in ({}, {"user": "v"}, {"host": "db.two"}, {"host": "db.two", "secret": "new"}):
        officer.post(f"{url}change/", title="库", **(place | change))
        assert officer.url == url, officer.said
    assert seen == [SECRET, SECRET, SECRET, "", "new"]


def test_a_source_that_is_down_is_not_suspended(signs: Path) -> None:
    draft = sent(Person(OFFICER))
    agreed(draft)
    signs.rename(signs.with_suffix(".away"))
    assert watching.check() == 0
    one = Publication.objects.get(code=CODE)
    assert one.state == "published"
    assert SourceState.objects.get(publication=one.number).hop == "address"
    head = Person(HEAD)
    assert "查找地址" in head.get(draft)
    signs.with_suffix(".away").rename(signs)
    head.post(draft, act="look")
    assert SourceState.objects.get(publication=one.number).hop == ""


def test_the_publishing_body_alone_answers_who_asks_for_an_agreement() -> None:
    agreed(sent(Person(OFFICER)))
    asker = Person("440103-fire-data_officer")
    asker.post(f"/desk/consents/new/?resource={CODE}", purpose="fire_safety_permit",
               elements=("liwan_signs.street",), why="核查消防通道上的招牌",
               basis="《消防法》（2021-04-29）第五十三条")  # fmt: skip
    wish = AgreementWish.objects.get(resource=CODE)
    own, other = who(OFFICER), who("440106-market-data_officer")
    assert wishes.may_decide(own, wish) and wish in wishes.to_decide(own, 10)
    assert not wishes.may_decide(other, wish) and wish not in wishes.to_decide(other, 10)
    assert Task.objects.get(reference=wish.number, done_at=None).body == BODY


def who(login: str) -> Any:
    return actor_of(Account.objects.get(login=login))


def test_the_catalogue_is_asked_once_and_not_again(django_assert_num_queries: Any) -> None:
    catalogue.forget()
    resources()
    with django_assert_num_queries(0):
        for _again in range(100):
            resources()
    catalogue.FRESH, fresh = -1.0, catalogue.FRESH
    try:
        with django_assert_num_queries(1):
            resources()
    finally:
        catalogue.FRESH = fresh
