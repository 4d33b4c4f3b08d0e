"""A second node of an instance and another instance, real ones: what a body of the second node asks
abroad, and what it is asked, goes through the founder's node and ends there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.node.pair import Node, Way
from tests.node.test_abroad import FIRM, FIRMS, HEAD, Two

SYSTEMS = "legal_persons,online_services,regional_cooperation"
CITY, CITY_ASKER = "gd-440300-market", "440300-market-data_officer"
HOME = f"CN-GD/GOV/{CITY}/legal_persons"
STATE = ["enterprise.state"]
HEAR = """
import django; django.setup()
from lingnan.kernel.exchange.api import partners
from lingnan.kernel.exchange.federation import own
partners.hearing.refresh(own.membership())
"""


class Three(Two):
    """The province, which founded CN-GD; Shenzhen, which joined it; Hong Kong."""

    def __init__(self, province: Any, city: Any, harbour: Any, way: Way) -> None:
        super().__init__(province, harbour)
        self.city, self.way = city, way

    def prepare(self) -> None:
        url = self.province.command("invite", "shenzhen", "--for", "4403").split()[2]
        said = self.city.command("join", url)
        self.server = next(word for word in said.split() if word.endswith("/shenzhen"))
        self.meet()
        self.asks = self.agreed(self.harbour, self.province, "CN-GD", FIRMS, STATE, CITY,
                                "深圳市市场")  # fmt: skip
        self.gives = self.agreed(self.province, self.harbour, "HK", FIRMS, STATE)
        self.city.python(HEAR)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    folder, ways = tmp_path_factory.mktemp("through"), (Way(), Way(), Way())
    province = Node(folder / "gd", 1, "province", SYSTEMS, "--instance", "CN-GD", way=ways[0])
    city = Node(folder / "sz", 2, "shenzhen", SYSTEMS, way=ways[1])
    harbour = Node(folder / "hk", 1, "harbour", SYSTEMS, "--instance", "HK", way=ways[2])
    nodes = (province, city, harbour)
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.up()
        found = Three(province, city, harbour, ways[0])
        found.prepare()
        yield found
    finally:
        for node in nodes:
            node.end()
        for way in ways:
            way.close()


def newest(node: Any, kind: str) -> dict[str, Any]:
    payload = node.evidence(kind)[0].payload
    assert payload is not None
    return dict(payload)


def test_a_body_of_the_city_asks_abroad_and_its_own_node_has_signed(three: Three) -> None:
    code = three.harbour.python(FIRM)
    page = three.ask(three.city, three.asks, STATE, CITY_ASKER, code=code)
    assert page.status == 200 and "对方答复" in page.main.text, page.message()
    answered = newest(three.harbour, "message.answered")
    assert answered["node"] == three.server, "there it is verified who signed, by the directory"
    assert answered["client"] == f"CN-GD/GOV/{CITY}/lingnan"
    passed = newest(three.province, "partner.passed")
    assert (passed["way"], passed["node"]) == ("out", three.server)
    assert passed["arrangement"] == three.asks
    sent = [one.payload or {} for one in three.city.evidence("message.sent")]
    assert any(one["node"].startswith("HK/") for one in sent), "its proof is here, too"


def test_abroad_asks_what_the_city_holds_and_the_city_signs(three: Three) -> None:
    code = three.city.python(FIRM)
    page = three.ask(three.harbour, three.gives, STATE, code=code, of=HOME)
    assert page.status == 200 and "对方答复" in page.main.text, page.message()
    assert newest(three.city, "exchange.read")["agreement"] == f"{three.gives}-1"
    assert newest(three.harbour, "message.sent")["node"] == three.server
    passed = newest(three.province, "partner.passed")
    assert (passed["way"], passed["node"]) == ("in", three.server)
    nobody = three.ask(three.harbour, three.gives, STATE, code="91440000000000000X", of=HOME)
    assert nobody.status == 403 and three.server in nobody.main.text, nobody.message()


def test_that_the_gate_is_away_is_said_as_that_hop(three: Three) -> None:
    three.way.cut = True
    try:
        page = three.ask(three.city, three.asks, STATE, CITY_ASKER, code="1")
    finally:
        three.way.cut = False
    assert page.status == 503, page.message()
    assert f"{three.server} on the way to CN-GD/" in page.main.text, page.main.text


def test_what_ends_at_the_gate_ends_for_the_city_at_the_next_message(three: Three) -> None:
    """Before the city has heard of it, which can end nothing itself."""
    with pytest.raises(AssertionError, match="did not found an instance"):
        three.city.command("cooperate", "--end", "HK", "--why", "试验")
    where = f"/desk/cooperation/arrangements/{three.asks}/"
    head = three.province.person(HEAD)
    three.act(head, where, "hold", why="核查（试验）")
    held = three.ask(three.city, three.asks, STATE, CITY_ASKER, code="1")
    assert held.status == 403 and "province: " in held.main.text, held.message()
    assert newest(three.province, "partner.stopped")["node"] == three.server
    three.act(head, where, "resume")
    three.act(head, "/desk/cooperation/partners/HK/", "end", why="合作终止（试验）")
    ended = three.ask(three.city, three.asks, STATE, CITY_ASKER, code="1")
    assert ended.status == 403 and "nothing is exchanged with HK" in ended.main.text
    came = three.ask(three.harbour, three.gives, STATE, code="1", of=HOME)
    assert came.status != 200 and "对方答复" not in came.main.text
    three.city.python(HEAR)
    asker = three.city.person(CITY_ASKER)
    assert asker.get(f"/desk/cooperation/ask/{three.asks}/").status == 404
    assert three.city.evidence("partner.over")
