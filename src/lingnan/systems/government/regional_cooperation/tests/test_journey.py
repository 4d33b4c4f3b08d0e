"""The pages of regional cooperation, as officials of one side use them; the other side's words are
given to the kernel as they come (two real sides: `tests/node/test_abroad.py`)."""

from collections.abc import Iterator
from typing import Any

import pytest

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.api import partners
from lingnan.kernel.exchange.federation import enrolling, founding, own
from lingnan.kernel.runtime.api import action
from lingnan.node.named import Named
from lingnan.standards.xroad import Identifier
from tests.kernel.abroad import BASIS, HEAD, OFFICER, Harbour, firm, question, said
from tests.kernel.abroad import Line as GatewayLine
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE = Named("province", "CN-GD", "https://127.0.0.1:8012", "https://127.0.0.1:8013")
MARKET_BODY = "gd-440000-market"
MARKET, POLICE = "440000-market-data_officer", "440000-police-data_officer"
DRAFT = "/desk/cooperation/draft/"


@pytest.fixture(autouse=True)
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Own]:
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    yield own.membership()


def drafted(who: Person, resource: str, **changes: Any) -> str:
    """The address of the arrangement, or the page that asks for more."""
    plain = {
        "elements": ["enterprise.state"], "bodies": ["hk-registry"],
        "purpose": "cross_region_credit", "basis": BASIS, "per_day": "5", "since": "2026-03-02",
        "until": "2026-12-31",
    }  # fmt: skip
    who.post(f"{DRAFT}?partner=HK&resource={resource}", **(plain | changes))
    return who.url


FIRMS, IDENTITY = "legal_persons.lists_of_organisation", "population.identity"


def test_from_draft_to_answer_and_to_the_end() -> None:
    harbour = Harbour()
    partner = harbour.entered()
    officer, head = Person(MARKET), Person(HEAD)
    where = drafted(officer, FIRMS)
    assert "/arrangements/AZ-" in where, officer.said
    assert "草案" in officer.said and 'value="sign"' not in officer.text
    head.post(where, act="sign")
    assert head.status == 200 and "等待对方" in head.said and "签名有效" in head.said
    one = partners.Arrangement.objects.get()
    shown = partners.documents.sign(one.document, own.membership().server)
    told = {"number": one.number, "signature": shown}
    partners.concluding.came(partner, "accepted", told)
    assert "生效" in head.get(where) and one.number in head.get("/desk/cooperation/")
    document = head.client.get(f"{where}document.json").json()
    assert document["document"] == one.document and document["theirs"] == shown
    assert GatewayLine(harbour).ask(question(one))[0] == 200
    assert firm() in officer.get("/desk/cooperation/asked/"), "the holder sees what was asked"
    head.post(where, act="hold", why="")
    assert head.status == 422 and "生效" in head.said
    head.post(where, act="hold", why="核查一次异常")
    assert "中止" in head.said and "核查一次异常" in head.said
    head.post(where, act="resume")
    assert "生效" in head.said
    head.get("/desk/cooperation/partners/HK/")
    head.post("/desk/cooperation/partners/HK/", act="end", why="")
    assert head.status == 422
    head.post("/desk/cooperation/partners/HK/", act="end", why="合作终止")
    assert head.status == 200 and "已终止" in head.said and "合作终止" in head.said
    assert "已终止" in head.get(where)
    head.post(where, act="resume")
    assert head.status == 422, "what has ended is not resumed"


def test_persons_beyond_the_border_need_what_the_law_asks_for() -> None:
    Harbour().entered()
    police = Person(POLICE)
    where = drafted(police, IDENTITY, elements=["person.name"])
    assert where == DRAFT and police.status == 422
    assert "安全评估" in police.said and not partners.Arrangement.objects.exists()
    where = drafted(police, IDENTITY, elements=["person.name"], consent="1",
                    assessment="评估2026-1（合成）", contact="某处（合成）")  # fmt: skip
    assert "/arrangements/" in where, police.said
    assert drafted(Person(POLICE), FIRMS) == DRAFT, "of what another body holds it writes nothing"


def test_what_is_typed_wrong_is_said_and_kept() -> None:
    Harbour().entered()
    officer = Person(MARKET)
    wrong: list[dict[str, Any]] = [
        {"per_day": "0"}, {"per_day": "many"}, {"until": "2026-01-01"}, {"bodies": ["hk-nobody"]},
        {"elements": []}, {"purpose": "x"},
    ]  # fmt: skip
    for changes in wrong:
        assert drafted(officer, FIRMS, **changes) == DRAFT, changes
        assert officer.status == 422 and BASIS in officer.text, (changes, officer.said)
    assert not partners.Arrangement.objects.exists()


def test_nobody_else_sees_or_signs() -> None:
    Harbour().entered()
    where = drafted(Person(MARKET), FIRMS)
    number = where.strip("/").rpartition("/")[2]
    for login in (POLICE, "440103-market-data_officer", "440300-data-head"):
        stranger = Person(login)
        stranger.get(where)
        expected = 200 if login == "440103-market-data_officer" else 404
        assert stranger.status == expected, login
        assert 'value="sign"' not in stranger.text and 'value="over"' not in stranger.text
        stranger.get("/desk/cooperation/partners/HK/")
        assert stranger.status in (403, 404), login
        stranger.get(f"/desk/cooperation/ask/{number}/")
        assert stranger.status == 404
    officer = Person(OFFICER)
    officer.post(where, act="sign")
    assert officer.status == 422, "the head signs"
    assert partners.Arrangement.objects.get().state == "draft"


def test_at_another_node_of_the_instance_one_asks_and_signs_nothing(
    here: own.Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which side's homes are asked, and which node refused, is on the page."""
    partner = Harbour().entered()
    text = said(partner, giver="HK", asker="CN-GD", bodies={MARKET_BODY: "市场监管局"}).text
    shown = partners.documents.sign(text, here.server)
    with action(by="gate", reason="heard") as act:
        one = act.create(
            partners.Arrangement, number=partners.documents.read(text).number, partner="HK",
            giver="HK", document=text, ours=shown, theirs=shown, state="in_force",
        )  # fmt: skip
    own.belong(here.instance, here.server, "http://127.0.0.1:1", here.anchor)
    officer, head = Person(MARKET), Person(HEAD)
    page = officer.get("/desk/cooperation/")
    assert "经由发起节点" in page and one.number in page and DRAFT not in officer.text
    assert officer.get(DRAFT) and officer.status == 404
    head.get(f"/desk/cooperation/arrangements/{one.number}/")
    assert head.status == 404, "its authority is at the gate"

    def refused(question: outward.Question, _patience: float) -> outward.Said:
        told = {"message": "CN-GD/GOV/gd-440000-data/province: does not cover this body"}
        return outward.Said(403, told, "Server.ClientProxy.AccessDenied")

    home = Identifier("HK", "GOV", "hk-registry", "legal_persons")
    monkeypatch.setattr(partners.asking, "homes", lambda _one: {home: "公司注册处"})
    monkeypatch.setattr(outward, "ask", refused)
    where = f"/desk/cooperation/ask/{one.number}/"
    officer.post(where, code="1", case="1", elements=["enterprise.state"])
    assert officer.status == 403 and "gd-440000-data/province: does not cover" in officer.said


def test_by_itself_a_node_says_where_it_is_done(settings: Any) -> None:
    settings.NODE_NAMED = None
    page = Person(HEAD).get("/desk/cooperation/")
    assert "发起节点" in page
