"""Two nodes that are registered with each other: the givers' (G) and the holder's (H).

What goes from G to H passes through a wire of the test's own, which writes it down and can be cut.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lingnan.kernel.trust.evidence.api import StoredEntry, open_reader
from lingnan.node.walk import dom, measure
from lingnan.node.walk.browser import Browser, Page
from lingnan.node.walk.province import Province, environment
from lingnan.node.walk.stage import Stage
from lingnan.node.walk.trail import Trail

BASIS = "《行政许可法》（2019-04-23）第三十三条；《市场主体登记管理条例》（2021-07-27）第七条"
RESOURCE, MATTER = "legal_persons.businesses_of_person", "fire_safety_permit"
CUSTODIANS = ("440000-data-key_custodian", "440000-data-key_custodian-2")
WITNESS, CEREMONIES = "440000-data-certificate_officer", "/desk/certification/ceremonies/"
RESIDENT, OPERATOR = "resident-440103", "440000-data-operator"
ASKER, HOLDER = "440000-fire-data_officer", "440000-market-data_officer"
SHOP = "隔岸粥店"
ELEMENTS = ["business.name", "business.credit_code", "business.operator_name",
            "business.premises", "business.scope"]  # fmt: skip
NAMED = """
import django; django.setup()
from lingnan.kernel.exchange.api import give, keys_of
from lingnan.kernel.trust.api import Account
key = keys_of([Account.objects.get(login="resident-440103").subject])
print(give("person", "legal_persons", list(key.values()))[next(iter(key.values()))])
"""
RECORDED = """
import sys, django; django.setup()
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.legal_persons.models import IndividualBusiness
with action(by="a test", reason="the holder's record") as act:
    act.create(IndividualBusiness, credit_code="92440191MA0000000X", name=sys.argv[2],
               operator=sys.argv[1], operator_name="某人", scope="餐饮服务",
               premises="隔岸一号", division="440103", registered_on=legal_time.today())
"""


class Node(Province):
    """A province of some systems, with its people in their browsers and its evidence."""

    def __init__(self, data: Path, number: int, systems: str) -> None:
        self.token = f"the-word-of-node-{number}"
        told = {"LINGNAN_SYSTEMS": systems, "LINGNAN_NODE": str(number)}
        super().__init__(data, "--residents", "600",
                         told=told | {"LINGNAN_EXCHANGE_TOKEN": self.token})  # fmt: skip

    def up(self) -> None:
        """Wait until it answers; whoever was signed in signs in again."""
        self.await_ready()
        key = (self.data / "keys" / "operator.key").read_text().strip()
        self.stage = Stage(self.url, key, Trail(None))

    def person(self, login: str) -> Browser:
        return self.stage.person(login)

    def python(self, program: str, *words: str) -> str:
        own = {"LINGNAN_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            env=environment() | self.told | own,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def evidence(self, kind: str) -> list[StoredEntry]:
        """The newest first."""
        with open_reader(self.data / "evidence.sqlite3") as reader:
            return reader.entries(kind=kind)

    def signal(self, number: int) -> None:
        """To every process of the node, first to who would start the others again."""
        for pid in measure.tree(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def digest(self) -> str:
        """Of its root, as its operator reads it and tells the other."""
        page = self.person(OPERATOR).get("/operating/givers/")
        found = [word for word in page.main.text.split() if len(word) == 64]
        assert len(found) == 1, page.message()
        return found[0]

    def renew_root(self) -> None:
        """By its ceremonies: the next root, and below it the province's next authority."""
        first, second = (self.person(login) for login in CUSTODIANS)
        for more in ({"act": "root", "authority": "root"}, {"authority": "issuing-44"}):
            page = first.get(CEREMONIES)
            page = first.post(CEREMONIES, page, reason="根证书即将到期", **more)
            assert page.path != CEREMONIES, page.message()
            confirmed = second.post(page.path, second.get(page.path), act="confirm")
            assert confirmed.status == 200, confirmed.message()
            if "act" in more:
                witness = self.person(WITNESS)
                done = witness.post(page.path, witness.get(page.path), act="witness")
                assert done.status == 200, done.message()

    def ask(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """A use from another node, as it comes over the wire."""
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.url}/exchange/single", body, head)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(asked, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())


class Wire:
    """Carries what G asks to H; `sent` are the bodies of uses, `cut` lets nothing through."""

    def __init__(self, to: str) -> None:
        self.sent: list[bytes] = []
        self.cut = False
        self.to = urlsplit(to).netloc
        wire = self

        class Carrier(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if wire.cut:
                    self.close_connection = True
                    return
                if self.path == "/exchange/single":
                    wire.sent.append(body)
                wire.carry(self, body)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def carry(self, asked: BaseHTTPRequestHandler, body: bytes) -> None:
        connection = http.client.HTTPConnection(self.to, timeout=30)
        head = {name: asked.headers[name] for name in ("Authorization", "Content-Type")}
        connection.request("POST", asked.path, body, head)
        answer = connection.getresponse()
        content = answer.read()
        asked.send_response(answer.status)
        asked.send_header("Content-Length", str(len(content)))
        asked.end_headers()
        asked.wfile.write(content)
        connection.close()


class Pair:
    """G and H with an agreement between a body and the holder, all by their own pages."""

    def __init__(self, giver: Node, holder: Node, wire: Wire) -> None:
        self.giver, self.holder, self.wire = giver, holder, wire
        self.asked: list[str] = []
        self.given: list[str] = []

    def prepare(self) -> None:
        name = self.giver.python(NAMED)
        self.holder.python(RECORDED, name, SHOP)
        self.agreement = self._agreed()
        pages = "/operating/givers/", "/operating/holders/"
        self._registered(self.holder, pages[0], root=self.giver.digest(), url=self.giver.url,
                         token=self.giver.token)  # fmt: skip
        # H goes on with the root that it has registered; all that G signs stands under the next.
        self.registered = self.giver.digest()
        self.giver.renew_root()
        self._registered(self.giver, pages[1], root=self.holder.digest(), url=self.wire.url,
                         token=self.holder.token, system="legal_persons")  # fmt: skip

    def _registered(self, at: Node, page: str, **values: str) -> None:
        operator = at.person(OPERATOR)
        form = operator.get(page).form(act="register")
        answer = operator.send(form, dict(values))
        assert answer.status == 200 and values["url"][7:] in answer.main.text, answer.message()

    def _agreed(self) -> str:
        """The number of what the body asked its holder for, and got, at H."""
        asker, holder = self.holder.person(ASKER), self.holder.person(HOLDER)
        form = asker.get(f"/desk/consents/new/?resource={RESOURCE}").form(why="")
        page = asker.send(form, {"ground": "consent", "purpose": MATTER, "elements": ELEMENTS,
                                 "basis": BASIS, "why": "核对开业场所的登记信息。"})  # fmt: skip
        assert "/wishes/XQ-" in page.path, page.message()
        form = holder.get(page.path).form(verdict="")
        page = holder.send(form, {"verdict": "yes", "answer": "用途正当，限于必要。"})
        assert page.status == 200, page.message()
        return "XY-" + page.path.strip("/").rpartition("XQ-")[2]

    def choose(self, **changes: str) -> Page:
        """The resident at G reads what it means; what follows is the button that allows it."""
        resident, where = self.giver.person(RESIDENT), f"/consents/give/{self.agreement}/"
        form = resident.get(where).form(most="")
        chosen = {"most": "5", "period": "day", "until": "2026-06-30", "handing_on": "1"} | changes
        return resident.send(form, {**chosen, "elements": ELEMENTS})

    def allow(self, **changes: str) -> str:
        """The number of a consent that the resident has given at G, by the pages."""
        page, resident = self.choose(**changes), self.giver.person(RESIDENT)
        page = resident.send(page.form(act="give"), {})
        assert page.path.startswith("/consents/SQ-"), page.message()
        self.given.append(page.path.strip("/").rpartition("/")[2])
        return self.given[-1]

    def revoke(self, number: str) -> None:
        """By the button of the consent's row in the list."""
        form = self.row(number).all("form")[0]
        page = self.giver.person(RESIDENT).send(form, {})
        assert page.status == 200 and "已撤回" in page.main.text, page.message()
        self.given.remove(number)

    def row(self, number: str) -> dom.Node:
        """A consent as its giver's list shows it."""
        rows = self.giver.person(RESIDENT).get("/consents/").main.all("tr")
        return next(one for one in rows if number in one.text)

    def revoke_all(self) -> None:
        for number in list(self.given):
            self.revoke(number)

    def read(self) -> bool:
        """Whether a body at G reads what H holds: it fills the form of the resident's permit.

        Each time another of the bodies below the one that agreed: a draft of the day is gone on
        with, and reads nothing twice.
        """
        resident = self.giver.person(RESIDENT)
        form = resident.get(f"/matters/{MATTER}/").form(body="")
        bodies = [one for one in dom.choices(form, "body") if one not in self.asked]
        self.asked.append(bodies[0])
        page, _asked = self.giver.stage.begin(RESIDENT, MATTER, bodies[0])
        return SHOP in page.content.decode()


@contextmanager
def paired(folder: Path) -> Iterator[Pair]:
    """Both nodes up and registered with each other; down again in the end."""
    giver = Node(folder / "g", 1, "population,online_services,trust_services")
    holder = Node(folder / "h", 2, "legal_persons,online_services")
    wire = Wire(holder.url)
    carrying = threading.Thread(target=wire.server.serve_forever)
    carrying.start()
    try:
        for node in (giver, holder):
            node.start()
        for node in (giver, holder):
            node.up()
        pair = Pair(giver, holder, wire)
        pair.prepare()
        yield pair
    finally:
        for node in (giver, holder):
            node.end()
        wire.server.shutdown()
        wire.server.server_close()
        carrying.join()
