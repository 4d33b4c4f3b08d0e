"""The exchange with a holder in another process, over HTTP."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import modify_settings

from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.api import Denied, Unavailable, Use, give, introduce, single
from lingnan.kernel.exchange.models import Route
from lingnan.kernel.matters.models import Application
from lingnan.kernel.trust.api import node_evidence
from lingnan.kernel.trust.evidence.api import open_reader
from tests.kernel import uses
from tests.kernel.second_node import TOKEN, SecondNode
from tests.kernel.uses import FIRE, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ELEMENTS = ("business.name", "business.premises")


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[SecondNode]:
    with django_db_blocker.unblock():
        key = key_of(resident())
        operator = give("person", "legal_persons", [key])[key]
    second = SecondNode(tmp_path_factory.mktemp("second-node"), operator)
    yield second
    second.stop()


@pytest.fixture
def route(node: SecondNode) -> Iterator[Route]:
    """This node carries no register of businesses; the second one answers for it."""
    label = "lingnan.systems.government.legal_persons"
    with modify_settings(INSTALLED_APPS={"remove": [label]}):
        catalogue.declared.cache_clear()
        catalogue.forget()
        yield Route.objects.create(system="legal_persons", url=node.url, token=TOKEN)
    catalogue.declared.cache_clear()
    catalogue.forget()


def use(**changes: Any) -> Use:
    plain = {"resource": uses.BUSINESSES, "consumer": FIRE, "purpose": "fire_safety_permit",
             "basis": uses.BUSINESSES_BASIS, "case": "http-case", "elements": ELEMENTS,
             "subjects": (introduce(resident().subject, to=FIRE),)}  # fmt: skip
    return uses.identity(**(plain | changes))


def there(node: SecondNode) -> list[Any]:
    """The evidence of the second node, newest first."""
    store = Path(node.data) / "evidence.sqlite3"
    if not store.exists():
        return []
    with open_reader(store) as reader:
        return reader.entries(kind="exchange.read")


def test_a_holder_on_another_node_answers_and_both_write_it_down(
    node: SecondNode, route: Route
) -> None:
    known, subject = len(there(node)), use().subjects[0]
    answer = single(use())[0]
    assert answer.subject == subject
    assert answer.values() == {"business.name": "隔岸粥店", "business.premises": "隔岸一号"}
    theirs = there(node)
    assert len(theirs) == known + 1
    assert theirs[0].payload.items() >= {
        "consumer": FIRE, "case": "http-case", "agreement": "N2-1"}.items()  # fmt: skip
    mine = node_evidence.reader().by_seq(uses.about(key_of(resident()))[0])
    assert mine is not None and mine.payload is not None
    assert mine.payload["case"] == "http-case" and mine.payload["resource"] == uses.BUSINESSES


def test_neither_key_nor_the_consumers_pseudonym_leaves_the_node(
    node: SecondNode, route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    plain = json.dumps
    monkeypatch.setattr(
        "lingnan.kernel.exchange.wire.json.dumps",
        lambda value: sent.append(plain(value)) or sent[-1],
    )
    single(use())
    assert str(key_of(resident())) not in sent[0] and resident().subject not in sent[0]


def test_what_the_holder_denies_is_denied(node: SecondNode, route: Route) -> None:
    market = "gd-440103-market"
    other = {"consumer": market, "subjects": (introduce(resident().subject, to=market),)}
    for changes in ({"purpose": "curiosity"}, {"elements": ("business.registered_on",)}, other):
        with pytest.raises(Denied):
            single(use(**changes))


@pytest.mark.parametrize("token", ["", "wrong", "clé"])
def test_a_wrong_token_is_refused_and_nothing_is_read(
    node: SecondNode, route: Route, token: str
) -> None:
    known = len(there(node))
    assert node.post(json.dumps({"use": use().plain()}).encode(), token.encode().decode("latin-1")
                     )[0] == 401  # fmt: skip
    route.token = "wrong"
    route.save()
    with pytest.raises(Denied):
        single(use())
    assert len(there(node)) == known


BROKEN = [b"", b"[]", b"{}", b'{"use": 5}', b'{"use": {"subjects": 5}}', b"\xff\xfe",
          b'{"use": {"resource": "x"}}', b'{"use": [], "known_as": []}']  # fmt: skip


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_not_a_use_is_refused(node: SecondNode, body: bytes) -> None:
    status, answer = node.post(body)
    assert (status, answer["failure"]) == (400, "denied")


@pytest.mark.parametrize("changes", [
    {"case": "x" * 500}, {"case": "\x00"}, {"deadline": "soon"}, {"deadline": None},
    {"resource": 5}, {"consumer": None}, {"purpose": ["a"]}, {"extra": 1}, {"actor": {"a": 1}},
    {"elements": [[]]}, {"basis": None}, {"subjects": []}, {"subjects": ["x"] * 3},
])  # fmt: skip
def test_a_crooked_use_never_breaks_the_holder(node: SecondNode, changes: dict[str, Any]) -> None:
    plain = use().plain() | changes
    names = {str(name): "0" * 32 for name in plain["subjects"]}
    status, answer = node.post(json.dumps({"use": plain, "known_as": names}).encode())
    assert status in (200, 400, 403, 409, 503), (status, answer)


def begin(person: Person) -> Application:
    person.post("/matters/fire_safety_permit/begin/", body=FIRE)
    assert person.status == 200, person.text
    return Application.objects.get(reference=person.url.strip("/").split("/")[-1])


def test_the_form_is_filled_from_the_other_node_and_the_resident_sees_it(
    node: SecondNode, route: Route
) -> None:
    person = Person("resident-440103")
    application = begin(person)
    assert "隔岸粥店" in person.text
    assert application.answers["business_name"]["source"] == "record"
    assert application.answers["premises"]["value"] == "隔岸一号"
    assert there(node)[0].payload["case"] == application.reference
    assert "消防救援" in person.get("/looked/")


def test_when_the_other_node_is_down_the_applicant_types(node: SecondNode, route: Route) -> None:
    node.stop()
    with pytest.raises(Unavailable):
        single(use())
    person = Person("resident-440103")
    application = begin(person)
    assert application.answers["business_name"] == {"value": "", "source": "fallback"}
    assert application.answers["operator_name"]["source"] == "record"
    assert re.search(r'<input type="text" value="" id="id_business_name"', person.text)


ANSWERS = {
    "a page": b"<html>",
    "a list": b"[]",
    "nothing": b"",
    "no answers": b"{}",
    "a crooked row": b'{"answers": [{"subject": 1}]}',
    "too few": b'{"answers": []}',
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_holder_that_talks_nonsense_is_unavailable(route: Route, kind: str) -> None:
    class Nonsense(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(ANSWERS[kind])))
            self.end_headers()
            self.wfile.write(ANSWERS[kind])

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Nonsense)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        route.url = f"http://127.0.0.1:{server.server_port}"
        route.save()
        before = uses.size()
        with pytest.raises(Unavailable):
            single(use())
        assert uses.size() == before
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
