"""Consents across two nodes: shown signed, judged and counted by the holder, asked for anew."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import modify_settings

from lingnan.kernel.exchange import catalogue, gateway, wire
from lingnan.kernel.exchange.api import (
    Agreement,
    Denied,
    Use,
    afar,
    conclude,
    give,
    introduce,
    single,
    terms,
)
from lingnan.kernel.exchange.models import Route
from lingnan.kernel.trust.api import (
    Consent,
    actor_of,
    consents,
    key_authorities,
    key_certificates,
    key_profiles,
)
from lingnan.kernel.trust.api import Name as CommonName
from lingnan.kernel.trust.evidence.api import open_reader
from tests.kernel import uses
from tests.kernel.second_node import TOKEN, SecondNode
from tests.kernel.uses import FIRE, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
foreign = consents.foreign
HOME, BASIS = "the-token-of-the-givers-node", "《个人信息保护法》（2021-08-20）第十三条第一款第一项"
ELEMENTS = ("business.name", "business.premises")
MORE = """
import json
from lingnan.kernel.exchange.api import Agreement, afar, terms
from lingnan.kernel.trust.api import node_evidence
basis = sys.argv[4]
for number, purpose in (("N2-C", "a_test"), ("N2-D", "b_test")):
    conclude(number, "legal_persons.businesses_of_person", "gd-440000-fire", purpose, basis,
             ["business.name", "business.premises"], "a test", consent=True)
afar.register(sys.argv[2], sys.argv[3], "the-token-of-the-givers-node", "a test")
print(json.dumps({"terms": terms.digest(Agreement.objects.get(number="N2-C"))}))
node_evidence.close()
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing is said."""


@contextmanager
def served(app: Any, port: int = 0) -> Iterator[WSGIServer]:
    """This process answers over HTTP, too, in the test's own transaction."""
    server, shared = WSGIServer(("127.0.0.1", port), Quiet), connections["default"]
    server.set_app(app)

    def run() -> None:
        connections["default"] = shared
        server.serve_forever(0.05)

    shared.inc_thread_sharing()
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        shared.dec_thread_sharing()


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[SecondNode]:
    """The holder's node, which has registered this one as a giver's."""
    free = WSGIServer(("127.0.0.1", 0), Quiet)
    port = free.server_port
    free.server_close()
    with django_db_blocker.unblock():
        key = key_of(resident())
        operator = give("person", "legal_persons", [key])[key]
        root = foreign.root_digest()
    home = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("holder")
    second = SecondNode(folder, operator, MORE, root, home, BASIS)
    second.home = port
    yield second
    second.stop()


@pytest.fixture
def home(node: SecondNode, settings: Any) -> Iterator[WSGIServer]:
    settings.EXCHANGE_TOKEN = HOME
    settings.ALLOWED_HOSTS = ["*"]
    with served(WSGIHandler(), node.home) as server:
        yield server


@pytest.fixture
def route(node: SecondNode) -> Iterator[Route]:
    with modify_settings(INSTALLED_APPS={"remove": ["lingnan.systems.government.legal_persons"]}):
        catalogue.resources.cache_clear()
        yield Route.objects.create(system="legal_persons", url=node.url, token=TOKEN)
    catalogue.resources.cache_clear()


def use(**changes: Any) -> Use:
    plain = {"resource": uses.BUSINESSES, "consumer": FIRE, "purpose": "a_test", "basis": BASIS,
             "case": "far-case", "elements": ELEMENTS,
             "subjects": (introduce(resident().subject, to=FIRE),),
             "deadline": 30.0}  # fmt: skip
    return uses.identity(**(plain | changes))


def given(digest: str, most: int = 2, **changes: Any) -> Consent:
    who = actor_of(resident())
    assert who is not None
    plain: dict[str, Any] = {
        "giver": who.subject, "giver_kind": "person", "body": "gd-440000-fire",
        "resource": uses.BUSINESSES, "purpose": "a_test", "basis": BASIS, "elements": ELEMENTS,
        "most": most, "period": "day", "valid_until": date(2026, 6, 30), "agreement": "N2-C",
        "terms": digest, "separate": [consents.HANDING_ON],
    }  # fmt: skip
    return consents.give(consents.Wish(**(plain | changes)), who)


def agreed_with(node: SecondNode) -> str:
    """The digest of the holder's agreement, as its node says it."""
    return str(json.loads(node.said.strip().splitlines()[-1])["terms"])


def asked(node: SecondNode, shown: Any, county: str = "440103", **changes: Any) -> tuple[int, str]:
    """Ask the holder as an asking node would, with whatever is shown: (status, why not)."""
    account = resident(county)
    wanted = use(subjects=(introduce(account.subject, to=FIRE),), **changes)
    key = key_of(account)
    known = {wanted.subjects[0]: give("person", "legal_persons", [key])[key]}
    body = {"use": wanted.plain(), "known_as": known, "consents": {wanted.subjects[0]: shown}}
    status, answer = node.post(json.dumps(body).encode())
    return status, str(answer.get("detail", ""))


def there(node: SecondNode, kind: str) -> list[Any]:
    with open_reader(Path(node.data) / "evidence.sqlite3") as reader:
        return list(reader.entries(kind=kind))


def test_it_is_read_under_the_consent_both_write_it_down_and_the_giver_sees_it(
    node: SecondNode, home: WSGIServer, route: Route
) -> None:
    with pytest.raises(Denied, match="no consent"):
        single(use())
    one = given(agreed_with(node))
    assert single(use())[0].values()["business.name"] == "隔岸粥店"
    assert there(node, "exchange.read")[0].payload["consents"] == [one.number]
    assert there(node, "consent.used")[0].payload["consent"] == one.number
    person = Person("resident-440103")
    assert "消防" in person.get(f"/consents/{one.number}/").partition("使用")[2]
    assert one.number in person.get("/looked/")
    assert single(use())
    with pytest.raises(Denied):  # counted at the holder and at home
        single(use())


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Agreement:
    """This node as holder's and giver's at once: the same judgement, without the wire."""
    made = conclude("N2-C", uses.BUSINESSES, "gd-440000-fire", "a_test", BASIS, ELEMENTS, "a test",
                    consent=True)  # fmt: skip
    conclude("N2-D", uses.BUSINESSES, "gd-440000-fire", "b_test", BASIS, ELEMENTS, "a test",
             consent=True)  # fmt: skip
    afar.register(foreign.root_digest(), "http://127.0.0.1:9", HOME, "a test")

    def answered(_url: str, _token: str, _path: str, question: Any, _deadline: float) -> Any:
        return 200, {"answer": afar.standing(question)}

    monkeypatch.setattr(wire, "post", answered)
    return made


def told(shown: Any, county: str = "440103", **changes: Any) -> str:
    """Why a holder denies a use with what is shown; empty where it answers."""
    account = resident(county)
    wanted = use(subjects=(introduce(account.subject, to=FIRE),), **changes)
    key = key_of(account)
    known = {wanted.subjects[0]: give("person", "legal_persons", [key])[key]}
    try:
        gateway.answer_shown(wanted, known, {wanted.subjects[0]: shown})
    except Denied as denied:
        return denied.detail
    return ""


def test_what_was_shown_is_not_believed_for_more_than_it_says(both: Agreement) -> None:
    one = given(terms.digest(both), most=1)
    good = foreign.of_consent(one).plain()
    text = consents.said_by(one)
    system = key_certificates.kept_for(
        "a-department", CommonName("Lingnan 授权签名 consents", "某部门"), key_profiles.SYSTEM,
        key_authorities.PROVINCE,
    )  # fmt: skip

    def signed(**changes: Any) -> dict[str, str]:
        return foreign.signed(dict(text) | changes).plain()

    more = foreign.signed({"x": 1}).plain()
    enlarged = good["document"].replace('"most":1', '"most":9')
    for what, shown, changes in (
        ("nothing was shown", None, {}),
        ("does not hold", good | {"document": enlarged}, {}),
        ("does not hold", good | {"signature": more["signature"]}, {}),
        ("canonical", good | {"document": good["document"] + " "}, {}),
        ("another use", good, {"purpose": "b_test"}),
        ("no consent", good | {"chain": _pem(system)}, {}),
        ("not in force", signed(valid_until="2026-03-01"), {}),
        ("not in force", signed(given_at="2026-12-01T00:00:00+08:00"), {}),
        ("another text", signed(terms="0" * 64), {}),
        ("does not cover", signed(elements=["business.name"]), {}),
        ("does not cover", signed(separate=[]), {}),
        ("does not hold", signed(number="SQ-NONE"), {}),
        ("not a consent", more, {}),
    ):
        assert what in told(shown, **changes), what
    assert told(good) == ""
    assert "used up" in told(good)  # replayed
    second = given(terms.digest(both), most=9)
    shown = foreign.of_consent(second).plain()
    assert "does not hold" in told(shown, county="440106")  # somebody else's consent
    assert told(shown) == ""
    afar.stop(foreign.root_digest(), "a test")
    assert "not registered" in told(shown)


def _pem(of: Any) -> str:
    return foreign._pem([of.certificate, *of.chain])


def test_a_replay_beyond_its_number_is_denied_by_the_holder_alone(
    node: SecondNode, home: WSGIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = given(agreed_with(node), most=2)
    good = foreign.of_consent(one).plain()
    monkeypatch.setattr(consents, "take", lambda found: None)  # a home that counts nothing
    assert [asked(node, good)[0] for _time in range(3)] == [200, 200, 403]


def test_revoked_in_between_is_denied_and_so_is_a_home_that_does_not_answer(
    node: SecondNode, settings: Any
) -> None:
    settings.EXCHANGE_TOKEN, settings.ALLOWED_HOSTS = HOME, ["*"]
    one = given(agreed_with(node), most=9)
    good = foreign.of_consent(one).plain()
    old: list[bytes] = []

    def kept(environ: Any, start: Any) -> Any:
        old.append(b"".join(WSGIHandler()(environ, start)))
        return [old[-1]]

    with served(kept, node.home):
        assert asked(node, good)[0] == 200
        who = actor_of(resident())
        assert who is not None
        consents.revoke(one, who)
        assert asked(node, good)[0] == 403

    def again(environ: Any, start: Any) -> Any:
        start("200 OK", [("Content-Type", "application/json")])
        return [old[0]]

    with served(again, node.home):  # its old yes, said once more
        status, why = asked(node, good)
        assert status == 403 and "cannot be asked" in why
    status, why = asked(node, good)  # nobody is at home
    assert status == 403 and "cannot be asked" in why
    assert connection.is_usable()
