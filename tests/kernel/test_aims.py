"""What a purpose is called where it was asked: read by whom sets, changes and questions from abroad
are about, each in their language. Of single uses between nodes: `tests.messages.test_resources`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.exchange import purposes
from lingnan.kernel.exchange.api import SetUse, conclude, give, opened, tell
from lingnan.kernel.exchange.federation import enrolling, founding
from lingnan.kernel.exchange.following import asking
from lingnan.kernel.exchange.models import Follower, Following, UseSet
from lingnan.kernel.exchange.sets import across
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.population.models import Resident
from tests.kernel import abroad, test_sets_asked, test_told_between, uses
from tests.kernel.abroad import Harbour, Line
from tests.kernel.listening import moved
from tests.kernel.test_partners import HERE
from tests.kernel.test_sets_received import POLICE, Asked
from tests.kernel.test_sets_received import agreed as set_agreed
from tests.kernel.test_told_between import OWN, Between, taking, wanted
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
WORDS = Title("跨市核验", "A check across cities")
TOLD = {"zh": WORDS.zh, "en": WORDS.en}
CODE = "purpose_of_another"
UNREADABLE = [None, {"zh": "只有中文"}, {"zh": "x" * 121, "en": "long"}, "text", 7]
said, between = test_sets_asked.said, test_told_between.between


def read(language: str, words: str) -> str:
    """The lines of “who looked” that have these words."""
    page = Person(uses.resident().login, language).get("/looked/")
    rows = (re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr.*?</tr>", page, re.S))
    return "\n".join(row for row in rows if words in row)


def of_set(request: str, **told: Any) -> dict[str, Any]:
    """What is written down of a set, about the resident among others, that another node sent."""
    asked = Asked(request, POLICE, resource=uses.IDENTITY, elements=["person.name"])
    key = uses.key_of(uses.resident())
    asked.names = list(uses.introduced([key, *range(10**15, 10**15 + 19)], uses.FIRE))
    assert asked.open(known=False, **told)[0] == 200
    assert [asked.bring(at, known="")[0] for at in range(3)] == [200] * 3
    return abroad.newest("exchange.set")


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from lingnan.kernel.exchange.sets import received

    for module in (across, received):
        monkeypatch.setattr(module, "PART_AFAR", 8)


def test_a_set_says_it_to_each_of_whom_it_is(small_parts: None) -> None:
    set_agreed(uses.IDENTITY)
    assert of_set("words", aim=TOLD)["aim"] == TOLD
    for language, words in (("zh-hans", WORDS.zh), ("en", WORDS.en)):
        row = read(language, words)
        assert row and "set_test" not in row
    for place, aim in enumerate(UNREADABLE):
        assert "aim" not in of_set(f"none-{place}", aim=aim)
    assert "aim" not in of_set("an older node")
    assert read("en", "set_test").count("set_test") == 6, "where nothing is told the code remains"


def test_the_words_of_a_set_go_with_its_manifest(
    said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = SetUse(uses.BUSINESSES, uses.FIRE, CODE, "《某条例》", "", "a test",
                   ("business.name",), "words")  # fmt: skip
    names = list(give("person", uses.FIRE, [10**15]).values())
    opened(replace(plain, aim=WORDS), names)
    assert said["sent"][0][1]["aim"] == TOLD and "aim" not in said["sent"][0][1]["use"]
    assert UseSet.objects.get().aim == TOLD
    opened(replace(plain, request="unnamed"), names)
    assert "aim" not in said["sent"][2][1]
    monkeypatch.setitem(purposes._titles, CODE, WORDS)
    opened(replace(plain, request="named here"), names)
    assert said["sent"][4][1]["aim"] == TOLD


def follows(aim: Title | None = None, reference: str = "440103-26-000001") -> Following:
    wanted(purpose=CODE, reference=reference, aim=aim)
    asking.ask_due()
    return Following.objects.get(reference=reference)


def test_being_told_of_a_change_says_what_it_is_for(between: Between) -> None:
    conclude("AIM-1", uses.IDENTITY, uses.MARKET, CODE, uses.BASIS,
             ["person.name", "person.residence_address"], "a test")  # fmt: skip
    one = follows(WORDS)
    assert one.state == "following" and between.sent[-1].body["aim"] == TOLD
    moved("新址一号")
    assert tell()["told"] == 1
    assert abroad.newest("exchange.told")["aim"] == TOLD
    for language, words in (("zh-hans", WORDS.zh), ("en", WORDS.en)):
        row = read(language, words)
        assert row and CODE not in row


def test_an_older_node_that_follows_tells_no_words(between: Between) -> None:
    conclude("AIM-1", uses.IDENTITY, uses.MARKET, CODE, uses.BASIS,
             ["person.name", "person.residence_address"], "a test")  # fmt: skip
    follows()
    question = dict(between.sent[-1].body)
    assert "aim" not in question and not Follower.objects.get().aim
    for place, aim in enumerate(UNREADABLE):
        asked = question | {"aim": aim, "reference": f"none-{place}"}
        told = taking.follow(asked, OWN)
        assert Follower.objects.get(pk=told["follower"]).aim == {}
    moved("新址二号")
    tell()
    assert "aim" not in abroad.newest("exchange.told") and CODE in read("en", CODE)


@pytest.fixture
def line(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harbour]:
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    yield Harbour()


def test_what_another_instance_asks_for_stands_in_the_arrangements_words(line: Harbour) -> None:
    partner = line.entered()
    about_firms = abroad.in_force(partner, purpose=CODE, purpose_title=TOLD)
    status, answer, _error = Line(line).ask(abroad.question(about_firms))
    assert status == 200, answer
    assert abroad.newest("exchange.read")["aim"] == TOLD
    other = abroad.question(about_firms, purpose="another_purpose")
    assert Line(line).ask(other)[0] == 403
    assert "aim" not in abroad.newest("exchange.denied"), "what was not arranged has no words"


def test_who_was_asked_about_from_abroad_reads_it_though_it_was_refused(line: Harbour) -> None:
    more = {"consent": True, "assessment": "评估1（合成）", "contact": "某处（合成）"}
    one = abroad.in_force(
        line.entered(), subject="person", resource=uses.IDENTITY, purpose=CODE,
        purpose_title=TOLD, elements={"person.name": {"zh": "姓名", "en": "Name"}}, **more,
    )  # fmt: skip
    found = Resident.objects.get(key=uses.key_of(uses.resident()))
    subject, way = {"number": found.resident_number, "name": found.name}, Line(line)
    asked = way.ask(abroad.question(one, subject=subject), home=way.population, code="identity")
    assert asked[0] == 403
    for language, words in (("zh-hans", WORDS.zh), ("en", WORDS.en)):
        row = read(language, words)
        assert row and CODE not in row
