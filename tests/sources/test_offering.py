"""A published table as a GET service of X-Road: by its key column, a page at a time."""

import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from lingnan.kernel.exchange.api import conclude, resources, single, sources
from lingnan.kernel.exchange.catalogue import resource
from lingnan.kernel.exchange.messages.calls import Call
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.pseudonyms import give
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards import xroad
from lingnan.standards.xroad import Called, Identifier, Service
from lingnan.systems.government.population.models import Resident
from lingnan.systems.government.resource_exchange.models import KnownThing, Publication
from lingnan.systems.government.resource_exchange.sources import catalogued
from tests.kernel.uses import about, key_of, resident
from tests.people import Person
from tests.sources.officers import BASIS, BODY, FIRE, OFFICER, agreed, chosen, described, joined
from tests.sources.test_servers import licence

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
LIFT, LIFTS = "liwan_lifts.lift", "liwan_lifts"
CLIENT = Identifier("CN-GD", "GOV", FIRE)
PURPOSE = "fire_safety_permit"
TABLES = sources.Tables("CN-GD", catalogued.by_code, lambda call: sync_to_async(call)())
KEY = quote("使用登记证编号")
ADDRESS, STATE = f"{LIFTS}.address", f"{LIFTS}.state"


def ask(query: str, code: str = LIFT, client: Identifier = CLIENT, **changes: Any) -> Any:
    """(status, what was said) of a call; Refused where it goes no further."""
    subsystem, _dot, name = code.partition(".")
    provider = Identifier("CN-GD", "GOV", changes.pop("member", BODY), subsystem)
    fields = {"x-lingnan-purpose": PURPOSE, "x-road-issue": "XF-9", "x-road-userid": "official 7"}
    fields |= changes.pop("fields", {})
    call = Call(client, Called(Service(provider, name), changes.pop("path", "/"), query),
                changes.pop("method", "GET"), list(fields.items()), b"", "id-1")  # fmt: skip

    async def answered() -> tuple[int, Any, Any]:
        served = await TABLES.served(call)
        answer = await served.answer(call)
        return answer.status, json.loads(answer.body), answer.told

    return async_to_sync(answered)()


def lent(code: str = LIFT, *elements: str) -> None:
    conclude("GD-TEST-2", code, FIRE, PURPOSE, BASIS, elements or (ADDRESS, STATE), by="a test")


def one_lift() -> str:
    return f"{KEY}=" + quote("梯11粤A00003")


def test_a_row_is_found_by_its_code_and_limited_to_the_agreement() -> None:
    lent()
    status, said, told = ask(one_lift())
    assert (status, said) == (
        200, {"rows": [{ADDRESS: "广州市荔湾区荔湾路4号", STATE: "在用"}]},
    )  # fmt: skip
    entry = node_evidence.reader().by_seq(told["uses"][0])
    assert entry is not None and entry.payload is not None
    assert (entry.payload["case"], entry.payload["actor"]) == ("XF-9", "official 7")
    assert ask(f"{one_lift()}&elements={STATE}")[1] == {"rows": [{STATE: "在用"}]}


def test_what_the_table_has_not_is_given_no_key() -> None:
    lent()
    before = KnownThing.objects.count()
    assert ask(f"{KEY}=nothing")[:2] == (200, {"rows": []})
    assert KnownThing.objects.count() == before
    ask(one_lift())
    ask(one_lift())
    assert KnownThing.objects.count() == before + 1


def test_another_body_reads_a_thing_through_the_exchange_too() -> None:
    lent()
    find = resource(LIFT).find
    assert find is not None
    key = find("梯11粤A00000")
    assert key is not None and find("梯11粤A99999") is None
    name = give("thing", FIRE, [key])[key]
    (answer,) = single(licence((STATE,), resource=LIFT, subjects=(name,)))
    assert answer.values() == {STATE: "停用"}


@pytest.mark.parametrize(
    "query",
    ["", "address=x", f"{KEY}=", f"{KEY}=a&{KEY}=b", f"{KEY}",
     f"{KEY}=a&limit=0", f"{KEY}=a&limit=9999", f"{KEY}=a&limit=x",
     f"{KEY}=a&after=%7B", f"{KEY}=a&after=W10=", f"{KEY}=a%00",
     f"{KEY}=" + "a" * 300, f"{KEY}=a&state=1"],
)  # fmt: skip
def test_it_is_asked_by_its_key_column_alone(query: str) -> None:
    lent()
    with pytest.raises(Refused) as refused:
        ask(query)
    assert refused.value.status == 400


def test_without_an_agreement_or_a_purpose_nothing_is_said() -> None:
    assert ask(one_lift())[:2] == (403, {
        "failure": "denied", "detail": f"no agreement lets {FIRE} read {LIFT} for {PURPOSE}",
    })  # fmt: skip
    lent()
    with pytest.raises(Refused):
        ask(one_lift(), fields={"x-lingnan-purpose": ""})
    assert ask(one_lift(), fields={"x-lingnan-purpose": "curiosity"})[0] == 403
    assert ask(f"{one_lift()}&elements={LIFTS}.kept_by")[0] == 403
    with pytest.raises(Refused, match="another instance"):
        ask(one_lift(), client=Identifier("CN-XX", "GOV", FIRE))


def test_only_what_is_published_by_that_member_is_a_service() -> None:
    others: tuple[dict[str, Any], ...] = (
        {"member": FIRE}, {"code": "liwan_lifts.none"}, {"code": "population.identity"},
    )  # fmt: skip
    for changes in others:
        with pytest.raises(Refused) as refused:
            ask(one_lift(), **changes)
        assert refused.value.kind == "UnknownService"
    with pytest.raises(Refused):
        ask(one_lift(), method="POST")


def test_metadata_lists_it_and_says_how_to_ask() -> None:
    provider = Identifier("CN-GD", "GOV", BODY, LIFTS)
    methods = async_to_sync(TABLES.methods)
    assert methods(provider, None) == {"lift": [("GET", "/")]}
    assert methods(provider, CLIENT) == {}
    lent()
    assert methods(provider, CLIENT) == {"lift": [("GET", "/")]}
    said = json.loads(async_to_sync(TABLES.description)(Service(provider, "lift")))
    names = [one["name"] for one in said["paths"]["/"]["get"]["parameters"]]
    assert names[0] == "使用登记证编号" and xroad.VERSION


PERSONAL = "liwan_courses.course"


@pytest.fixture
def courses(tmp_path: Path, settings: Any) -> str:
    """A table with 25 rows of one person, published; gives the person's number."""
    number = str(Resident.objects.get(key=key_of(resident())).resident_number)
    with sqlite3.connect(tmp_path / "c.sqlite3") as one:
        one.execute("CREATE TABLE course (id INTEGER PRIMARY KEY, sfzh TEXT, title TEXT)")
        one.execute("CREATE INDEX by_person ON course (sfzh)")
        rows = [(place, number if place % 2 else "other", f"课程{place}") for place in range(50)]
        one.executemany("INSERT INTO course VALUES (?, ?, ?)", rows)
    one.close()
    settings.SOURCE_FOLDERS = [str(tmp_path)]
    officer = Person(OFFICER)
    draft = chosen(officer, joined(officer, "sqlite", path="c.sqlite3"), "course",
                   columns=("id", "title"), asked_by="sfzh", subject="person")  # fmt: skip
    told = {"zh-0": "序号", "en-0": "Id", "zh-1": "课程", "en-1": "Course"}
    described(officer, draft, PERSONAL, **told)
    agreed(draft)
    return number


def test_pages_of_a_person_go_through_all_rows_each_a_use_that_the_person_sees(
    courses: str,
) -> None:
    lent(PERSONAL, "liwan_courses.id")
    known, seen, after = len(about(key_of(resident()))), [], ""
    for _page in range(4):
        query = f"sfzh={courses}&limit=10{'&after=' + after if after else ''}"
        status, said, _told = ask(query, PERSONAL)
        assert status == 200
        seen += [row["liwan_courses.id"] for row in said["rows"]]
        after = said.get("after", "")
        if not after:
            break
    assert seen == list(range(1, 50, 2))
    # Three pages, and for each the department read the number where it is held.
    assert len(about(key_of(resident()))) == known + 6


def test_of_a_number_that_nobody_has_nothing_is_said_but_the_use_is_written(courses: str) -> None:
    lent(PERSONAL, "liwan_courses.id")
    before = node_evidence.reader().size()
    assert ask("sfzh=440103190001010000", PERSONAL)[:2] == (200, {"rows": []})
    assert node_evidence.reader().size() == before + 1


def test_a_suspended_table_says_so(courses: str) -> None:
    lent(PERSONAL, "liwan_courses.id")
    person = Person(OFFICER)
    one = Publication.objects.get(code=PERSONAL)
    person.post(f"/desk/sources/tables/{one.number}/", act="retract", why="不再提供这些数据")
    assert PERSONAL not in resources()
    with pytest.raises(Refused):
        ask(f"sfzh={courses}", PERSONAL)
