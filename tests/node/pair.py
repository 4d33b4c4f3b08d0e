"""Two nodes of one instance: the givers' (G), which founded it, and the holder's (H), which joined.

Both are real: `up`, `invite`, `join`. What goes between their gateways passes through a way of the
test's own in each direction, which can be cut.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

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
MARKET, PROCURATORATE = "gd-440000-market", "gd-440305-procuratorate"
SERVICE = f"/r1/CN-GD/GOV/{MARKET}/legal_persons/businesses_of_person"
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
# The demonstration's own agreement, which asks nobody: here everybody is to be asked.
ALONE = """
import django; django.setup()
from lingnan.kernel.exchange.api import agreements
from lingnan.kernel.exchange.models import Agreement
for one in Agreement.objects.filter(resource="legal_persons.businesses_of_person",
                                    purpose="fire_safety_permit", ended=False):
    agreements.end(one, "a test")
"""
# The question that a use of the resident becomes, with the consent that is shown: nothing is sent.
QUESTION = """
import json, sys, django; django.setup()
from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.api import ExchangeFailure, Unavailable, Use, introduce, single
from lingnan.kernel.trust.api import Account
def shown(question, deadline):
    print(json.dumps(dict(question.body)))
    raise Unavailable("only looked at")
outward.ask = shown
consumer, resource, purpose, basis, elements = sys.argv[1:]
subject = introduce(Account.objects.get(login="resident-440103").subject, to=consumer)
try:
    single(Use(resource=resource, consumer=consumer, purpose=purpose, basis=basis, case="a-test",
               actor="a test", subjects=(subject,), elements=tuple(elements.split()),
               deadline=9.0))
except ExchangeFailure:
    pass
"""


class Node(Province):
    """A province of some systems, with its people in their browsers and its evidence."""

    def __init__(
        self, data: Path, number: int, name: str, systems: str, *more: str, way: "Way"
    ) -> None:
        told = {"LINGNAN_SYSTEMS": systems, "LINGNAN_NODE": str(number), "LINGNAN_GATEWAY": way.url}
        super().__init__(data, "--residents", "600", "--node", name, *more, told=told)
        way.to = self.port + 1

    def up(self) -> None:
        """Wait until it answers; whoever was signed in signs in again."""
        self.await_ready()
        key = (self.data / "keys" / "operator.key").read_text().strip()
        self.stage = Stage(self.url, key, Trail(None))

    def person(self, login: str) -> Browser:
        return self.stage.person(login)

    def run(self, *words: str) -> str:
        """What a program of this node prints."""
        own = {"LINGNAN_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
               "LINGNAN_EVIDENCE_SOCKET": str(self.data / "run" / "evidence.sock")}  # fmt: skip
        done = subprocess.run(
            [sys.executable, *words],
            env=environment() | self.told | own,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def python(self, program: str, *words: str) -> str:
        return self.run("-c", program, *words)

    def command(self, *words: str) -> str:
        return self.run("-m", "lingnan.node.command", *words, "--data", str(self.data))

    def evidence(self, kind: str) -> list[StoredEntry]:
        """The newest first."""
        with open_reader(self.data / "evidence.sqlite3") as reader:
            return reader.entries(kind=kind)

    def signal(self, number: int, process: str) -> None:
        """To one process of the node, found by a word of its command."""
        for pid in measure.tree(self.process.pid):
            if process in measure.command_of(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def digest(self) -> str:
        """Of its root, as its operator reads it."""
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

    def ask(
        self, path: str, client: str, body: Any, **fields: str
    ) -> tuple[int, http.client.HTTPMessage, dict[str, Any]]:
        """A question through this node's own gateway: status, fields, what was answered."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(30)
        connection.sock.connect(str(self.data / "run" / "gateway.sock"))
        head = {"X-Road-Client": client, "Content-Type": "application/json", **fields}
        connection.request("POST", path, json.dumps(body), head)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, json.loads(content)


class Way:
    """Carries bytes to a port; `cut`: lets nothing through, and breaks what is open."""

    def __init__(self) -> None:
        self.to = 0
        self._cut = False
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def cut(self) -> bool:
        return self._cut

    @cut.setter
    def cut(self, cut: bool) -> None:
        self._cut = cut
        if cut:
            for one in list(self._open):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut = True
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                come, _address = self._listener.accept()
                if self._cut:
                    come.close()
                    continue
                try:
                    gone = socket.create_connection(("127.0.0.1", self.to), timeout=5)
                except OSError:
                    come.close()
                    continue
                gone.settimeout(None)
                self._open |= {come, gone}
                for one, other in ((come, gone), (gone, come)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for end in (one, other):
            self._open.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Pair:
    """G and H with an agreement between a body and the holder, all by commands and pages."""

    def __init__(self, giver: Node, holder: Node, there: Way, back: Way) -> None:
        self.giver, self.holder = giver, holder
        self.there, self.back = there, back
        self.asked: list[str] = []
        self.given: list[str] = []

    def prepare(self) -> None:
        self.joined()
        name = self.giver.python(NAMED)
        self.holder.python(RECORDED, name, SHOP)
        self.holder.python(ALONE)
        self.agreement = self._agreed()
        givers, holders = "/operating/givers/", "/operating/holders/"
        self._registered(self.holder, givers, server=self.giver_server)
        # H goes on with the root that it has registered; all that G signs stands under the next.
        self.registered = self.giver.digest()
        self.giver.renew_root()
        self._registered(self.giver, holders, system="legal_persons")

    def joined(self) -> None:
        printed = self.giver.command("invite", "registry", "--for", MARKET, PROCURATORATE, "440306",
                                     "--owner", MARKET)  # fmt: skip
        url = printed.split()[2]
        self.joining = self.holder.command("join", url)
        self.holder_server = f"CN-GD/GOV/{MARKET}/registry"
        self.giver_server = "CN-GD/GOV/gd-440000-data/province"

    def _registered(self, at: Node, page: str, **values: str) -> None:
        operator = at.person(OPERATOR)
        form = operator.get(page).form(act="register")
        answer = operator.send(form, dict(values))
        said = answer.main.text
        assert answer.status == 200 and all(v in said for v in values.values()), answer.message()

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
        passed = [*self.asked, "gd-440306-fire"]
        bodies = [one for one in dom.choices(form, "body") if one not in passed]
        self.asked.append(bodies[0])
        page, _asked = self.giver.stage.begin(RESIDENT, MATTER, bodies[0])
        return SHOP in page.content.decode()

    def question(self) -> dict[str, Any]:
        """What the body that asked last would send to H for the resident now."""
        told = self.giver.python(
            QUESTION, self.asked[-1], RESOURCE, MATTER, BASIS, " ".join(ELEMENTS)
        )
        found: dict[str, Any] = json.loads(told)
        return found

    def sent(self, question: Any) -> tuple[int, dict[str, Any]]:
        """A question as the body that it names, through G's gateway: what H answers."""
        client = f"CN-GD/GOV/{question['use']['consumer']}/lingnan"
        status, _fields, answer = self.giver.ask(SERVICE, client, question)
        return status, answer


@contextmanager
def paired(folder: Path) -> Iterator[Pair]:
    """Both nodes up and joined; down again in the end."""
    there, back = Way(), Way()
    both = "online_services,justice_network,resource_exchange"
    known = f"population,trust_services,{both}"
    giver = Node(folder / "g", 1, "province", known, "--instance", "CN-GD", way=back)
    holder = Node(folder / "h", 2, "registry", f"legal_persons,catering_safety,{both}", way=there)
    try:
        for node in (giver, holder):
            node.start()
        for node in (giver, holder):
            node.up()
        pair = Pair(giver, holder, there, back)
        pair.prepare()
        yield pair
    finally:
        for node in (giver, holder):
            node.end()
        for way in (there, back):
            way.close()
