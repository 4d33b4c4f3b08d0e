"""A holder's resource asked by a signed message: agreements and evidence as in process."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from lingnan.kernel.exchange import catalogue, purposes, use_text
from lingnan.kernel.exchange.api import conclude
from lingnan.kernel.exchange.messages.resources import Resources
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier
from tests.kernel import uses
from tests.messages.nodes import POPULATION, directory
from tests.messages.passing import CITY, PROVINCE, Pair, pair
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
MARKET = Identifier("CN-GD", "GOV", uses.MARKET)
FIRE = Identifier("CN-GD", "GOV", uses.FIRE)
NOBODY = Identifier("CN-GD", "GOV", "gd-999999-none")
OFFERED = Resources("CN-GD", {"population": "gd-440000-police"}, lambda call: sync_to_async(call)())


@pytest.fixture
def both() -> Pair:
    known = directory(
        CITY.peer(MARKET, FIRE, NOBODY), PROVINCE.peer(), homes={POPULATION: PROVINCE.server}
    )
    found = pair(known)
    found.provider._offering = OFFERED
    return found


def ask(both: Pair, said: Any, client: Identifier = MARKET, **kwargs: Any) -> tuple[int, Any, str]:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    status, fields, answer = async_to_sync(both.ask)(body=body, x_road_client=str(client), **kwargs)
    return status, json.loads(answer), fields.get(xroad.ERROR, "")


def test_a_use_by_message_is_answered_and_written_down_for_its_subject(both: Pair) -> None:
    use = uses.identity(case="by-message")
    known = uses.about(uses.key_of(uses.resident()))
    status, said, error = ask(both, {"use": use.plain()})
    assert (status, error) == (200, "")
    (answer,) = said["answers"]
    assert answer["subject"] == use.subjects[0]
    assert answer["rows"][0]["values"]["person.name"]
    written = uses.about(uses.key_of(uses.resident()))
    assert written[:1] == [answer["evidence"]] and written[1:] == known
    entry = node_evidence.reader().by_seq(answer["evidence"])
    assert entry and entry.payload and entry.payload["case"] == "by-message"
    assert both.received.entries[-1][1]["uses"] == [answer["evidence"]]


def test_what_the_purpose_is_called_there_is_read_by_whom_it_is_about(both: Pair) -> None:
    code = "purpose_of_another"
    conclude("AIM-1", uses.IDENTITY, uses.MARKET, code, uses.BASIS, ["person.name"], "a test")
    use = uses.identity(purpose=code, elements=("person.name",))
    told = [
        {"zh": "跨市核验", "en": "A check across cities"}, None, {"zh": "只有中文"},
        {"zh": "x" * 121, "en": "long"}, {"zh": "反‮向", "en": "reversed"}, "text", 7,
    ]  # fmt: skip
    seen = []
    for aim in told:
        status, said, _error = ask(both, {"use": use.plain(), "aim": aim})
        assert status == 200, said
        entry = node_evidence.reader().by_seq(said["answers"][0]["evidence"])
        assert entry is not None and entry.payload is not None
        seen.append(entry.payload.get("aim"))
    assert seen == [told[0], *[None] * 6]
    for language, words in (("zh-hans", "跨市核验"), ("en", "A check across cities")):
        page = Person(uses.resident().login, language).get("/looked/")
        assert f'value="{code}"' in page
        read = re.sub(r"<[^>]+>", " ", page)
        assert read.count(words) == 2, "in the line, and where one chooses a purpose"
        assert read.count(code) == 6, "where nothing is told the code remains"


def test_the_words_go_beside_the_use_and_none_are_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    named = use_text.told_aim(replace(uses.identity(), aim=Title("核验", "A check")))
    assert named == {"aim": {"zh": "核验", "en": "A check"}}
    monkeypatch.setitem(purposes._titles, "named", Title("测试目的", "A test's purpose"))
    assert use_text.told_aim(uses.identity(purpose="named"))["aim"]["zh"] == "测试目的"
    assert use_text.told_aim(uses.identity(purpose="nobody_named_it")) == {}
    assert "aim" not in uses.identity().plain()


def test_without_an_agreement_the_use_is_denied_and_the_denial_is_the_answer(both: Pair) -> None:
    status, said, error = ask(both, {"use": uses.identity(purpose="curiosity").plain()})
    assert (status, said["failure"], error) == (403, "denied", "")
    assert both.received.entries[-1][1]["failure"] == "denied"


@pytest.mark.parametrize(
    ("said", "client", "error"),
    [
        (b"{", MARKET, "Client.BadRequest"),
        (b"[]", MARKET, "Client.BadRequest"),
        (b"[" * 100_000, MARKET, "Client.BadRequest"),
        ({"use": {}}, MARKET, "Client.BadRequest"),
        ("the market's use", FIRE, "Server.ServerProxy.AccessDenied"),
    ],
)
def test_what_is_no_use_or_anothers_is_refused(
    both: Pair, said: Any, client: Identifier, error: str
) -> None:
    wanted = {"use": uses.identity().plain()} if isinstance(said, str) else said
    assert ask(both, wanted, client)[2] == error


def test_the_list_of_services_is_the_catalogue(both: Pair) -> None:
    everything = ask(both, b"", path=f"/r1/{POPULATION}/listMethods", method="GET")[1]["service"]
    codes = {f"population.{one['service_code']}" for one in everything}
    assert codes == {c for c, r in catalogue.resources().items() if r.system == "population"}
    mine = ask(both, b"", path=f"/r1/{POPULATION}/allowedMethods", method="GET")[1]["service"]
    assert {one["service_code"] for one in mine} < {one["service_code"] for one in everything}
    assert "identity" in {one["service_code"] for one in mine}
    theirs = ask(both, b"", NOBODY, path=f"/r1/{POPULATION}/allowedMethods", method="GET")[1]
    assert theirs == {"service": []}


def test_a_service_describes_itself(both: Pair) -> None:
    path = f"/r1/{POPULATION}/getOpenAPI"
    told = ask(both, b"", path=path, method="GET", query="serviceCode=identity")[1]
    schema = told["paths"]["/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    elements = schema["properties"]["use"]["properties"]["elements"]["items"]["enum"]
    assert elements == sorted(catalogue.resource("population.identity").elements)
    nothing = ask(both, b"", path=path, method="GET", query="serviceCode=nothing")
    assert nothing[2] == "Server.ServerProxy.UnknownService"
