"""Figures whose holder is at another node: what may be chosen, what is asked, who answered.

Both nodes are this process here, and the questions go from one to the other as messages would; two
real nodes stand in `tests/node`.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.aggregates import across, offered, telling
from lingnan.kernel.exchange.api import (
    Question,
    Table,
    Unavailable,
    agreements,
    ask,
    conclude,
    rates,
)
from lingnan.kernel.exchange.messages.calls import Call
from lingnan.kernel.exchange.messages.set_services import SetServices
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.outward import Said
from lingnan.kernel.registry.projection import building
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier
from lingnan.systems.government.population.models import Resident
from tests.kernel.test_exchange_elsewhere import at_once, driven
from tests.kernel.uses import IDENTITY
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
POLICE = Identifier("CN-GD", "GOV", "gd-440000-police", "population")
SERVER, ASKING = "CN-GD/GOV/gd-440000-data/province", "CN-GD/GOV/gd-440100-data/guangzhou"
OFFICER, BODY = "440100-market-data_officer", "gd-440100-market"
BASIS, PURPOSE = "《统计法》（2024-09-13）第十八条", "counting_test"
ELEMENTS = ("person.sex", "person.birth_date", "person.residence_division")
ALL = "/desk/consents/figures/"
PAGE = f"{ALL}population/COUNT-9/"


class There:
    """The holder's node: `down`, of the release before (`older`), or as it `says`; `mute`: it says
    what may be counted, and counts nothing."""

    def __init__(self) -> None:
        self.down = self.older = self.mute = False
        self.says: Any = None
        self.asked: list[Any] = []
        self.services = SetServices("CN-GD", {"population": POLICE.member}, at_once)

    def ask(self, question: outward.Question, deadline: float) -> Said:
        if self.down:
            raise Unavailable("nobody answers")
        body = json.loads(json.dumps(question.body))
        self.asked.append(body)
        if question.service.code == telling.SERVICE:
            return self._told(body, question.client)
        if self.mute:
            raise Unavailable("nobody answers")
        called = xroad.called(f"/r1/{question.service}")
        call = Call(question.client, called, "POST", [], json.dumps(body).encode(), "n")

        async def answer() -> Any:
            return await (await self.services.served(call)).answer(call)

        answered = driven(answer())
        return Said(answered.status, json.loads(answered.body))

    def _told(self, body: Any, client: Identifier) -> Said:
        if self.older:
            return Said(500, {"message": "no service"}, "Server.ServerProxy.UnknownService")
        if self.says is not None:
            return Said(200, {"figures": self.says})
        try:
            return Said(200, json.loads(json.dumps(telling.answered(body, client))))
        except PermissionError as refused:
            return Said(500, {"message": str(refused)}, "Server.ServerProxy.AccessDenied")


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Iterator[There]:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    rates.forget()
    node, home = There(), elsewhere.Elsewhere(POLICE, SERVER, "0" * 64)
    services = Identifier("CN-GD", "GOV", "gd-440100-data", "exchange")
    for name, value in {
        "systems": lambda: [home],
        "of_system": lambda system: home if system == "population" else None,
        "node": lambda server: elsewhere.Node(server, POLICE, "0" * 64),
        "own_services": lambda: services,
        "server_of": lambda asks: ASKING if asks == services else None,
        "speaks_for": lambda server, body: server == ASKING and body == BODY,
        "member": lambda body, system: Identifier("CN-GD", "GOV", body, system),
    }.items():
        monkeypatch.setattr(elsewhere, name, value)
    monkeypatch.setattr(outward, "ask", node.ask)
    yield node


def agreed(number: str = "COUNT-9", body: str = BODY, **limits: Any) -> Agreement:
    said: dict[str, Any] = {"uses": ["aggregate"], "elements": ELEMENTS} | limits
    elements = said.pop("elements")
    return conclude(number, IDENTITY, body, PURPOSE, BASIS, elements, "a test", **said)


def shown(person: Person, **asked: str) -> str:
    person.post(PAGE, act="show", **asked)
    return person.said


def test_an_official_chooses_asks_and_sees_the_table_and_who_answered(there: There) -> None:
    agreed()
    officer = Person(OFFICER)
    assert ALL in officer.get("/desk/consents/")
    assert f'href="{PAGE}"' in officer.get(ALL) and "公安厅" in officer.said
    officer.get(PAGE)
    assert officer.status == 200 and "由谁答复" not in officer.said
    said = shown(officer, by="division-city", **{"and": "sex"})
    assert officer.status == 200, said
    theirs, mine = node_evidence.reader().entries(kind="exchange.counted")[1::-1]
    assert theirs.payload and mine.payload and mine.payload["at"] == SERVER
    for words in ("广州市", "由谁答复", "公安厅", SERVER, "COUNT-9", "2026年3月2日"):
        assert words in said, words
    assert f"存证编号 {mine.seq}" in said and f"对方节点的存证编号 {theirs.seq}" in said
    city = Resident.objects.filter(ended=False, division__startswith="4401").count()
    assert f"广州市 {city:,}" in re.sub(r"广州市 [\d,×]+ [\d,×]+", "广州市", said)


def test_small_counts_are_marked_and_explained(there: There) -> None:
    agreed()
    officer = Person(OFFICER, "en")
    for asked in ({"by": "division", "and": "sex"}, {"by": "division"}):
        said = shown(officer, **asked)
        withheld = re.search(r"Cells withheld \(×\) (\d+)", said)
        first = officer.text.split("<figure")[0]
        cells = re.findall(r"<td[^>]*>\s*×\s*</td>", first)
        assert withheld and 0 < int(withheld[1]) == len(cells), asked
        assert "nobody can work them out from the totals" in said
    one = shown(officer, by="sex")
    assert "withheld (×) 0" in one and "nobody can work them out" not in one
    assert "<figure" in officer.text, "one grouping is drawn"


def test_the_file_says_who_answered(there: There) -> None:
    agreed()
    officer = Person(OFFICER)
    officer.post(PAGE, act="file", by="sex")
    lines = list(csv.reader(io.StringIO(officer.response.content.decode("utf-8-sig"))))
    total = Resident.objects.filter(ended=False).count()
    assert lines[0] == ["性别", "合计"] and ["合计", str(total)] in lines
    assert any(SERVER in line[0] for line in lines if line)


def test_without_right_there_is_nothing_to_choose(there: There) -> None:
    one = agreed()
    agreed("COUNT-8", "gd-440300-market")
    agreed("COUNT-7", uses=["single", "set"])
    agreed("COUNT-6", elements=("person.name",))
    officer = Person(OFFICER)
    found = set(re.findall(r"COUNT-\d", officer.get(ALL)))
    assert found == {"COUNT-9"}
    for number in ("COUNT-8", "COUNT-7", "COUNT-6", "none"):
        officer.get(f"{ALL}population/{number}/")
        assert officer.status == 404, number
    officer.get(f"{ALL}credit/COUNT-9/")
    assert officer.status == 404, "of another system"
    for login in ("440100-market-clerk", "resident-440103"):
        for page in (ALL, PAGE):
            assert Person(login).client.get(page).status_code == 403
    agreements.end(one, "a test")
    assert "COUNT-9" not in officer.get(ALL)
    officer.post(PAGE, act="show", by="sex")
    assert officer.status == 404
    assert not [one for one in there.asked if "question" in one], "nothing was asked"


def test_a_body_for_which_the_asking_node_does_not_speak_is_told_nothing(there: There) -> None:
    agreed("COUNT-5", "gd-440000-data")
    with pytest.raises(PermissionError):
        telling.answered({"body": "gd-440000-data"}, elsewhere.own_services())  # type: ignore[arg-type]
    with pytest.raises(PermissionError):
        telling.answered({"body": BODY}, POLICE)
    with pytest.raises(PermissionError):
        telling.answered({"body": [BODY]}, elsewhere.own_services())  # type: ignore[arg-type]
    officer = Person("440000-data-data_officer")
    assert "COUNT-5" not in officer.get(ALL) and "有节点没有答复" in officer.said


def test_what_the_holder_refuses_is_said_and_written_down(there: There) -> None:
    agreed(rate="1 uses/day")
    officer = Person(OFFICER)
    shown(officer, by="sex")
    said = shown(officer, by="birth_date")
    assert officer.status == 403 and "已达到协议约定的使用频次上限" in said and SERVER in said
    entry = node_evidence.reader().entries(kind="exchange.denied", limit=1)[0]
    assert entry.payload and entry.payload["by"] == ["birth_date"]
    for wrong in ({}, {"by": "name"}, {"by": "sex", "and": "sex"}, {"by": "sex", "only": "x=1"},
                  {"by": "sex", "total": "size"}):  # fmt: skip
        shown(officer, **wrong)
        assert officer.status == 422, wrong


def test_a_node_that_does_not_say_is_named(there: There) -> None:
    agreed()
    officer = Person(OFFICER)
    for state in ("older", "down"):
        setattr(there, state, True)
        officer.get(ALL)
        assert officer.status == 200 and SERVER in officer.said and "COUNT-9" not in officer.text
        officer.get(PAGE)
        assert officer.status == 503 and SERVER in officer.said and "没有提出任何" in officer.said
        setattr(there, state, False)


def test_a_holder_that_goes_down_in_between_leaves_the_question(there: There) -> None:
    agreed()
    there.mute = True
    officer = Person(OFFICER)
    said = shown(officer, by="sex")
    assert officer.status == 503 and "请稍后再试" in said
    assert "都已记录" not in said, "silence is no evidence"
    assert 'value="sex" selected' in officer.text


def told(**changes: Any) -> dict[str, Any]:
    title = {"zh": "某项", "en": "Something"}
    way = {"code": "sex", "kind": "choice", "title": title, "names": {"1": title}}
    plain = {"number": "COUNT-9", "resource": IDENTITY, "consumer": BODY, "purpose": PURPOSE,
             "basis": BASIS, "until": None, "title": title, "holders": [title], "by": [way],
             "sums": {}}  # fmt: skip
    return plain | changes


CROOKED: list[Any] = [
    7, None, {}, told(number=""), told(number=5), told(title="x"), told(by=[]), told(until="soon"),
    told(by=[{"code": "sex"}]), told(resource="credit.standing"), told(consumer="gd-440300-market"),
    told(holders=[{"zh": "只有中文"}]), told(title={"zh": "反‮向", "en": "reversed"}),
    told(sums={"size": 5}),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(CROOKED)))
def test_what_is_no_agreement_is_no_choice(there: There, place: int) -> None:
    there.says = [CROOKED[place], told(number="GOOD-1", later="a field of the next release")]
    found = offered.offered(BODY).figures
    assert [one.number for one in found] == ["GOOD-1"]


def test_both_releases_read_each_others_tables(there: There) -> None:
    agreed()
    question = Question(IDENTITY, BODY, PURPOSE, BASIS, "", "a test", ("sex",))
    assert ask(question).agreement == "COUNT-9" and there.asked[-1]["agreement"] is True
    call = outward.Question(
        Identifier("CN-GD", "GOV", BODY, "lingnan"), xroad.Service(POLICE, across.SERVICE),
        {"question": question.plain()},
    )  # fmt: skip
    older = there.ask(call, 1.0).body
    assert "agreement" not in older, "a node of the release before would not read the table"
    assert Table.read(older).agreement == ""
    assert Table.read(older | {"later": 1, "agreement": "A-1"}).agreement == "A-1"
    with pytest.raises(ValueError):
        Table.read(older | {"day": "soon"})


def test_ways_are_called_there_as_here(there: There) -> None:
    agreed()
    (one,) = offered.offered(BODY).figures
    today = legal_time.today()
    assert {code: str(way.named.en) for code, way in one.by.items()}["birth_date"].endswith("age")
    assert one.by["division-city"].choices(today) == {}
    assert one.by["division-city"].names["440100"].zh == "广州市"
    assert set(one.by["sex"].choices(today)) >= {"1", "2"}
