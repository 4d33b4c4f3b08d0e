"""Two instances, each founded by its own node under its own root: asked both ways under what
officials of both sides have signed, and ended at once.

The second one plays another jurisdiction: it is synthetic, and its bodies have Guangdong's names.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from lingnan.node.walk.browser import Page
from tests.node.pair import Node, Way

SECONDS = 60
OFFICER, HEAD = "440000-data-data_officer", "440000-data-head"
ASKER = "440000-market-data_officer"
MARKET, PERSON = "gd-440000-market", "resident-440103"
FIRMS, RESIDENCE = "legal_persons.lists_of_organisation", "population.identity"
BASIS = "《企业信息公示暂行条例》（2014-08-07）第十八条"
SYSTEMS = "population,legal_persons,online_services,trust_services,regional_cooperation"
PLACES = {"province": ("广东省", "Guangdong"), "harbour": ("香港特别行政区", "Hong Kong SAR")}
FIRM = """
import django; django.setup()
from lingnan.systems.government.legal_persons.models import Enterprise
print(Enterprise.objects.filter(ended=False).order_by("key").first().credit_code)
"""
SELF = """
import django; django.setup()
from lingnan.kernel.exchange.api import keys_of
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.population.models import Resident
subject = Account.objects.get(login="resident-440103").subject
one = Resident.objects.get(key=keys_of([subject])[subject])
print(one.resident_number, one.name)
"""
# Straight at the other side's gateway over this node's own channel: what it says to a message that
# is signed by this node's key and names whom the words say.
SAID = """
import asyncio, json, sys, django; django.setup()
from lingnan.kernel.exchange.api import partners
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.messages import channels, signing, voices
from lingnan.kernel.exchange.messages.connections import Channel, Connections
from lingnan.standards.http_signatures import Message
instance, path, client, body, times = sys.argv[1:]
here = own.membership()
row = partners.Partner.objects.get(instance=instance)
gate = partners.directories.gate(row, partners.directories.known(row))
fields = {"x-road-client": client, "x-road-id": "1", "x-road-security-server": gate.server}
content, certified = body.encode(), own.channel()
signed = signing.signed_request(Message(fields, "POST", "", path, ""), content,
                                voices.own(here.server))
async def main():
    connections = Connections()
    channel = Channel(channels.Callers(certified).of(gate), gate.code)
    for _time in range(int(times)):
        try:
            told = await connections.fetch("POST", gate.url + path, signed.fields, content, channel)
            print(told[0], told[1].get("x-road-error", ""))
        except Exception as problem:
            print("closed", type(problem).__name__)
    await connections.close()
asyncio.run(main())
"""


def until(look: Callable[[], Any], what: str) -> Any:
    end, found = time.monotonic() + SECONDS, None
    while time.monotonic() < end:
        with suppress(AssertionError, IndexError, KeyError):
            found = look()
            if found:
                return found
        time.sleep(0.5)
    raise AssertionError(what)


class Two:
    """CN-GD and HK, entered at each other by the commands of the second page."""

    def __init__(self, province: Any, harbour: Any) -> None:
        self.province, self.harbour = province, harbour

    def meet(self) -> None:
        told = {one: one.command("cooperate").split("'")[1] for one in self.both}
        for here, there, name in ((self.province, self.harbour, "harbour"),
                                  (self.harbour, self.province, "province")):  # fmt: skip
            said = here.command("cooperate", told[there], "--kind", "region",
                                "--title", *PLACES[name])  # fmt: skip
            assert "已登记 entered" in said

    @property
    def both(self) -> tuple[Any, Any]:
        return self.province, self.harbour

    def agreed(self, giver: Any, asker: Any, instance: str, resource: str, elements: list[str],
               body: str = MARKET, words: str = "广东省市场", **more: str) -> str:  # fmt: skip
        """The number of an arrangement: written and signed at one side, reviewed and signed at the
        other, each time by two people."""
        writer, where = giver.person(OFFICER), "/desk/cooperation/draft/"
        form = writer.get(where + f"?partner={instance}&resource={resource}&q={quote(words)}").form(
            basis=""
        )
        page = writer.send(form, {
            "elements": elements, "bodies": [body], "purpose": "cross_region_credit",
            "basis": BASIS, "per_day": "20", **more,
        })  # fmt: skip
        assert "/arrangements/AZ-" in page.path, page.message()
        where = page.path
        assert not writer.get(where).main.all("input", value="sign"), "who wrote it does not sign"
        self.act(giver.person(HEAD), where, "sign")
        until(lambda: asker.person(OFFICER).get(where).status == 200, "it does not come")
        self.act(asker.person(OFFICER), where, "review")
        self.act(asker.person(HEAD), where, "sign")
        until(lambda: "生效" in self.state(giver, where), "it does not come into force")
        return where.strip("/").rpartition("/")[2]

    def act(self, who: Any, where: str, act: str, **values: str) -> Page:
        page = who.get(where)
        done: Page = who.send(page.form(act=act), dict(values))
        assert done.status == 200, done.message()
        return done

    def state(self, node: Any, where: str) -> str:
        return str(node.person(HEAD).get(where).main.text)

    def ask(self, node: Any, arrangement: str, elements: list[str], login: str = ASKER,
            **values: str) -> Page:  # fmt: skip
        asker, where = node.person(login), f"/desk/cooperation/ask/{arrangement}/"
        form = asker.get(where).form(case="")
        page: Page = asker.send(form, {"elements": elements, "case": "HZ-2026-7", **values})
        return page


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder, ways = tmp_path_factory.mktemp("abroad"), (Way(), Way())
    province = Node(folder / "gd", 1, "province", SYSTEMS, "--instance", "CN-GD", way=ways[0])
    harbour = Node(folder / "hk", 1, "harbour", SYSTEMS, "--instance", "HK", way=ways[1])
    nodes = (province, harbour)
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.up()
        found = Two(province, harbour)
        found.meet()
        yield found
    finally:
        for node in nodes:
            node.end()
        for way in ways:
            way.close()


def said(node: Any, instance: str, path: str, client: str, body: Any, times: int = 1) -> list[str]:
    told = node.python(SAID, instance, path, client, json.dumps(body), str(times))
    return list(told.splitlines())


def test_both_sides_ask_each_other_about_firms(two: Two) -> None:
    for giver, asker, instance in ((two.province, two.harbour, "HK"),
                                   (two.harbour, two.province, "CN-GD")):  # fmt: skip
        number = two.agreed(giver, asker, instance, FIRMS, ["enterprise.state"])
        code = giver.python(FIRM)
        page = two.ask(asker, number, ["enterprise.state"], code=code)
        assert page.status == 200 and "对方答复" in page.main.text, page.message()
        nothing = two.ask(asker, number, ["enterprise.state"], code="91440000000000000X")
        assert nothing.status == 403 and "没有答复" in nothing.main.text, nothing.message()
        reads = [one.payload or {} for one in giver.evidence("exchange.read")]
        read = next(one for one in reads if one["agreement"] == f"{number}-1")
        assert read["case"] == "HZ-2026-7" and read["consumer"] == f"{instance}/{MARKET}"
        sent = asker.evidence("partner.asked")[0].payload
        assert sent and sent["arrangement"] == number
        assert giver.evidence("exchange.denied")[0].payload["agreement"] == number  # type: ignore[index]
        listed = giver.person(OFFICER).get("/desk/cooperation/asked/").main.text
        assert code in listed and number in listed


def test_a_person_is_read_with_the_own_consent_alone_and_sees_who_it_was(two: Two) -> None:
    more = {"consent": "1", "assessment": "评估2026-1（合成）", "contact": "香港某处（合成）"}
    number = two.agreed(two.province, two.harbour, "HK", RESIDENCE, ["person.name"], **more)
    document, name = two.province.python(SELF).split()
    shown = {"number": document, "name": name}
    before = two.ask(two.harbour, number, ["person.name"], **shown)
    wrong = two.ask(two.harbour, number, ["person.name"], number=document, name="另一人")
    assert before.status == wrong.status == 403
    told = [re.findall(r"没有与所填信息[^。]*。", page.main.text) for page in (before, wrong)]
    assert told[0] == told[1] != [], "whether somebody is on record is not told"
    resident, where = two.province.person(PERSON), f"/consents/give/{number}-1/"
    page = resident.get(where)
    assert "香港特别行政区" in page.main.text and more["contact"] in page.main.text
    chosen = {"most": "5", "period": "day", "until": "2026-05-30", "handing_on": "1",
              "elements": ["person.name"]}  # fmt: skip
    refused = resident.send(page.form(most=""), dict(chosen))
    assert refused.status == 422, "that it crosses the border is consented to apart"
    page = resident.send(resident.get(where).form(most=""), {**chosen, "crossing": "1"})
    page = resident.send(page.form(act="give"), {})
    assert page.path.startswith("/consents/SQ-"), page.message()
    answer = two.ask(two.harbour, number, ["person.name"], **shown)
    assert answer.status == 200 and name in answer.main.text, answer.message()
    again = two.agreed(two.province, two.harbour, "HK", RESIDENCE, ["person.name"], **more)
    refused = two.ask(two.harbour, again, ["person.name"], **shown)
    assert refused.status == 403, "a consent is of one arrangement"
    looked = resident.get("/looked/").main.text
    assert "香港特别行政区" in looked and number in looked and "SQ-" in looked


def test_who_speaks_for_others_or_twice_is_refused(two: Two) -> None:
    """By HK's own key over HK's own channel, and over none."""
    path = f"/r1/CN-GD/GOV/{MARKET}/legal_persons/lists_of_organisation"
    for client, kind in (
        (f"CN-GD/GOV/{MARKET}/x", "UnknownSigner"),
        (f"MO/GOV/{MARKET}/x", "AccessDenied"),
        ("HK/GOV/gd-999999-none/x", "AccessDenied"),
    ):
        (told,) = said(two.harbour, "CN-GD", path, client, {})
        assert told.endswith(f"Server.ServerProxy.{kind}"), (client, told)
    first, again = said(two.harbour, "CN-GD", path, f"HK/GOV/{MARKET}/x", {}, 2)
    assert first.startswith("400 ") and again.endswith("Replayed"), (first, again)
    written = two.province.evidence("message.answered")
    assert all(e.payload and e.payload["client"].startswith(("HK/", "CN-GD/")) for e in written)


def test_one_press_ends_it_both_ways_and_the_channel_closes(two: Two) -> None:
    number = two.agreed(two.province, two.harbour, "HK", FIRMS, ["enterprise.state"])
    code = two.province.python(FIRM)
    assert two.ask(two.harbour, number, ["enterprise.state"], code=code).status == 200
    head, where = two.province.person(HEAD), "/desk/cooperation/partners/HK/"
    page = two.act(head, where, "end", why="合作终止（试验）")
    assert "合作终止（试验）" in page.main.text
    refused = two.ask(two.harbour, number, ["enterprise.state"], code=code)
    assert refused.status != 200 and "对方答复" not in refused.main.text, refused.message()
    path = f"/r1/CN-GD/GOV/{MARKET}/legal_persons/lists_of_organisation"
    until(
        lambda: said(two.harbour, "CN-GD", path, f"HK/GOV/{MARKET}/x", {})[0].startswith("closed"),
        "the channel stays open",
    )
    listed = two.province.person(OFFICER).get("/desk/cooperation/").main.text
    assert re.search(r"HK.*已终止", listed, re.S)
    ended = two.province.evidence("partner.ended")[0].payload
    assert ended and ended["instance"] == "HK" and ended["why"] == "合作终止（试验）"
    assert two.province.command("cooperate").startswith("./lingnan cooperate")


def test_an_operator_ends_it_by_the_command(two: Two) -> None:
    done = two.harbour.command("cooperate", "--end", "CN-GD", "--why", "对方已终止")
    assert done == "已终止 ended: CN-GD"
    ended = two.harbour.evidence("partner.ended")[0].payload
    assert ended and ended["why"] == "对方已终止"
    with pytest.raises(AssertionError, match="not entered: CN-GD"):
        two.harbour.command("cooperate", "--end", "CN-GD", "--why", "again")


def test_a_wrong_anchor_is_not_believed(two: Two, tmp_path: Path) -> None:
    """As if somebody in between had told another root: nothing is entered."""
    told = two.harbour.command("cooperate").split("'")[1]
    wrong = f"{told[:-64]}{'0' * 64}"
    with pytest.raises(AssertionError, match="成员目录不可信"):
        two.province.command("cooperate", wrong, "--kind", "region", "--title", "港", "HK")
