"""The gate passes on what the arrangement covers between a node of its instance and another
instance: judged, counted and evidenced there, signed from end to end, ended at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.exchange import rates
from lingnan.kernel.exchange.api import partners
from lingnan.kernel.exchange.federation import enrolling, founding, own
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.node.named import Named
from lingnan.standards.xroad import Identifier
from tests.kernel import abroad, gated
from tests.kernel.abroad import Harbour
from tests.kernel.gated import MARKET, Instance
from tests.messages.nodes import Keeper

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE = Named("province", "CN-GD", "https://127.0.0.1:8012", "https://127.0.0.1:8013")
OURS = {"gd-440300-market": "深圳市市场监督管理局"}


@pytest.fixture(autouse=True)
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Own]:
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    rates.forget()
    yield own.membership()


def out(partner: partners.Partner, **changes: Any) -> partners.Arrangement:
    """Proposed by HK, accepted here: Shenzhen's regulator asks."""
    text = abroad.said(partner, giver="HK", asker="CN-GD", bodies=OURS, **changes).text
    number = partners.documents.read(text).number
    shown = partners.documents.sign(text, own.membership().server)
    told = {"number": number, "document": text, "signature": shown}
    one = partners.concluding.came(partner, "proposed", told)
    one = partners.concluding.review(one, abroad.official(abroad.OFFICER))
    return partners.concluding.sign(one, abroad.official(abroad.HEAD))


def refused(said: gated.Said, kind: str, words: str, hop: str = HERE.code) -> bool:
    """Whether it was refused so, and by this hop."""
    _status, told, found = said
    message = str(told["message"])
    return found == kind and words in message and message.split(": ")[0].endswith(f"/{hop}")


def test_a_body_of_another_node_asks_abroad_through_the_gate() -> None:
    harbour = Harbour()
    one, it = out(harbour.entered()), Instance(harbour, gated.city())
    status, told, error = it.left(it.outward(abroad.question(one)))
    assert (status, error) == (200, "") and told == gated.ANSWER
    passed = abroad.newest("partner.passed")
    assert (passed["way"], passed["node"], passed["arrangement"]) == (
        "out", it.node.server, one.number,
    )  # fmt: skip
    kind, relayed, reference = it.log.entries[-1]
    assert (kind, reference, relayed["arrangement"]) == ("message.relayed", "case-1", one.number)
    assert relayed["node"] == it.node.server and relayed["signature"], "its proof is kept"
    noted = partners.Asked.objects.get()
    assert (noted.way, noted.body, noted.outcome) == ("out", MARKET.member, "answered")


def test_abroad_asks_what_another_node_holds_and_its_node_signs() -> None:
    harbour = Harbour()
    one, it = abroad.in_force(harbour.entered()), Instance(harbour, gated.city())
    status, told, error = it.came(it.inward(abroad.question(one)))
    assert (status, error) == (200, "") and told["rows"][0].keys() == {"enterprise.state"}
    read = abroad.newest("exchange.read")
    assert (read["consumer"], read["agreement"]) == ("HK/hk-registry", f"{one.number}-1")
    assert abroad.newest("partner.passed")["node"] == it.node.server
    assert it.log.kinds == ["message.relayed"] and it.city_log.kinds == ["message.answered"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"arrangement": "AZ-000000000000"}, "no arrangement"),
        ({"purpose": "population_statistics"}, "purpose"),
        ({"elements": ["enterprise.state", "enterprise_list.serious"]}, "elements"),
    ],
)
def test_beyond_the_arrangement_nothing_passes_either_way(
    changes: dict[str, Any], words: str
) -> None:
    harbour = Harbour()
    partner = harbour.entered()
    ours, theirs, it = out(partner), abroad.in_force(partner), Instance(harbour, gated.city())
    assert refused(it.left(it.outward(abroad.question(ours, **changes))), "AccessDenied", words)
    assert abroad.newest("partner.stopped")["way"] == "out"
    assert refused(it.came(it.inward(abroad.question(theirs, **changes))), "AccessDenied", words)
    assert abroad.newest("partner.stopped")["way"] == "in"
    outcomes = partners.Asked.objects.order_by("id").values_list("way", "outcome")
    assert list(outcomes) == [("out", "denied"), ("in", "denied")]
    assert not it.log.entries and not it.city_log.entries, "nobody was asked"


def test_an_arrangement_of_one_way_is_none_of_the_other_and_names_one_resource() -> None:
    harbour = Harbour()
    partner = harbour.entered()
    ours, theirs, it = out(partner), abroad.in_force(partner), Instance(harbour, gated.city())
    for said in (
        it.left(it.outward(abroad.question(theirs))), it.came(it.inward(abroad.question(ours))),
    ):  # fmt: skip
        assert refused(said, "AccessDenied", "no arrangement")
    other = it.inward(abroad.question(theirs), code="lists_of_person")
    assert refused(it.came(other), "AccessDenied", "resource")
    words = it.inward({"word": "over", "number": theirs.number})
    assert refused(it.came(words), "BadRequest", "not a question")


def test_who_signs_for_another_passes_nowhere() -> None:
    harbour = Harbour()
    partner = harbour.entered()
    ours, theirs, it = out(partner), abroad.in_force(partner), Instance(harbour, gated.city())
    ask, stranger = abroad.question(ours), Keeper(it.node.server, gated.city().key)
    assert refused(it.left(it.outward(ask, by=stranger)), "UnknownSigner", "no node")
    police = Identifier("CN-GD", "GOV", "gd-440300-police", "lingnan")
    assert refused(it.left(it.outward(ask, client=police)), "AccessDenied", "does not speak")
    foreign = it.outward(ask, client=abroad.REGISTRY, by=harbour.keeper)
    assert refused(it.left(foreign), "UnknownSigner", "no node")
    asks = abroad.question(theirs)
    assert refused(it.came(it.inward(asks, by=it.node)), "UnknownSigner", "no node")
    third = Identifier("MO", "GOV", "mo-registry", "lingnan")
    assert refused(it.came(it.inward(asks, client=third)), "AccessDenied", "nothing is exchanged")
    assert not partners.Asked.objects.exists() and not it.log.entries


def test_an_answer_by_another_than_who_was_asked_reaches_nobody() -> None:
    harbour = Harbour()
    one, it = out(harbour.entered()), Instance(harbour, gated.city())
    it.tied = Keeper(harbour.keeper.server, ec.generate_private_key(ec.SECP256R1()))
    assert refused(it.left(it.outward(abroad.question(one))), "UnknownSigner", "no node")
    it.tied = it.node
    assert refused(it.left(it.outward(abroad.question(one))), "UnknownSigner", "no node")


def test_a_message_passes_once() -> None:
    harbour = Harbour()
    partner = harbour.entered()
    ours, theirs, it = out(partner), abroad.in_force(partner), Instance(harbour, gated.city())
    message = it.outward(abroad.question(ours))
    assert it.left(message)[0] == 200 and it.left(message)[2] == "Replayed"
    message = it.inward(abroad.question(theirs))
    assert it.came(message)[0] == 200 and it.came(message)[2] == "Replayed"


def test_each_body_passes_so_many_times_a_day_whichever_node_answers() -> None:
    harbour = Harbour()
    partner = harbour.entered()
    ours, theirs = out(partner, per_day=2), abroad.in_force(partner, per_day=3)
    it, line = Instance(harbour, gated.city()), abroad.Line(harbour)
    ask = abroad.question(ours)
    assert [it.left(it.outward(ask))[0] for _n in range(2)] == [200, 200]
    assert refused(it.left(it.outward(ask)), "AccessDenied", "(rate)")
    assert line.ask(abroad.question(theirs))[0] == 200, "answered by the gate itself"
    # In this one process the node's own agreement counts by the same number once more.
    assert it.came(it.inward(abroad.question(theirs)))[0] == 200
    assert refused(it.came(it.inward(abroad.question(theirs))), "AccessDenied", "(rate)")


@pytest.mark.parametrize("how", ["partner", "held", "over"])
def test_what_ends_lets_nothing_more_through_and_withholds_what_is_on_its_way(how: str) -> None:
    harbour = Harbour()
    partner = harbour.entered()
    both, it = (out(partner), abroad.in_force(partner)), Instance(harbour, gated.city())

    def end(one: partners.Arrangement) -> None:
        if how == "held":
            partners.concluding.hold(one, "an official", "at once")
        elif how == "over":
            partners.concluding.over(one, "an official", "at once")
        else:
            partners.entering.end(partner, "an official", "at once")

    one = both[0]
    it.before = lambda: end(one)
    said = it.left(it.outward(abroad.question(one)))
    assert said[2] == "AccessDenied" and "rows" not in said[1], said
    assert it.log.kinds == ["message.relayed", "message.withheld"]
    assert partners.Asked.objects.get().why == "withheld"
    it.before = lambda: None
    words = "nothing is exchanged" if how == "partner" else "not in force"
    assert refused(it.left(it.outward(abroad.question(one))), "AccessDenied", words)
    if how == "partner":
        asked = it.came(it.inward(abroad.question(both[1])))
        assert refused(asked, "AccessDenied", words)
        return
    it.before = lambda: end(both[1])
    said = it.came(it.inward(abroad.question(both[1])))
    assert said[2] == "AccessDenied" and "rows" not in said[1], said
    assert it.log.kinds[-1] == "message.withheld"
    it.before = lambda: None
    assert refused(it.came(it.inward(abroad.question(both[1]))), "AccessDenied", words)


def test_a_node_takes_nothing_from_abroad_but_by_the_gate() -> None:
    harbour = Harbour()
    one, it = abroad.in_force(harbour.entered()), Instance(harbour, gated.city())
    message = it.inward(abroad.question(one))
    gate = own.services_of(it.here.server)
    other = Identifier("CN-GD", "GOV", "gd-440305-data", "exchange")
    assert gated.envelope(it, message, other)[2] == "AccessDenied"
    assert gated.envelope(it, message, own.services_of(it.node.server))[2] == "AccessDenied"
    made = it.city()
    assert made.answers is None, "what comes without an envelope is judged by no other directory"
    assert gated.envelope(it, message, gate)[0] == 200
    assert gated.envelope(it, message, gate)[2] == "Replayed"
    ours = it.inward(abroad.question(one), client=gated.ASKS, by=it.node)
    assert gated.envelope(it, ours, gate)[2] == "AccessDenied", "its own comes by itself"


def test_that_a_hop_does_not_answer_is_said_with_the_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    harbour = Harbour()
    one, it = out(harbour.entered()), Instance(harbour, gated.city())

    async def down(*_words: Any) -> Any:
        raise Refused("NetworkError", "127.0.0.1:1: refused", 503)

    monkeypatch.setattr(Instance, "send", down)
    status, told, kind = it.left(it.outward(abroad.question(one)))
    assert (status, kind) == (503, "NetworkError")
    assert told["message"].startswith(
        f"{it.here.server} on the way to {harbour.keeper.server}: 127.0.0.1:1"
    )
    assert partners.Asked.objects.get().outcome == "unavailable"


def test_the_gates_own_bodies_send_abroad_what_is_covered_and_nothing_else() -> None:
    """An information system may send whatever it likes to the gate's message port."""
    harbour = Harbour()
    one, it = out(harbour.entered()), Instance(harbour, gated.city())
    assert it.straight(it.outward(abroad.question(one)))[0] == 200
    beyond = [
        it.straight(it.outward(abroad.question(one, purpose="population_statistics"))),
        it.straight(it.outward(abroad.question(one, arrangement="AZ-000000000000"))),
    ]
    assert {kind for _status, _told, kind in beyond} == {"AccessDenied"}
    assert abroad.newest("partner.stopped")["node"] == it.here.server
    assert it.straight(it.outward({"everything": "that we know"}))[2] == "BadRequest"
    assert it.sent == 1, "the rest has not left"
    assert it.straight(it.outward({"tell": 1}, own.services_of(it.here.server)))[0] == 200
