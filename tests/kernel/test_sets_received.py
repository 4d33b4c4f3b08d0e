"""A set that another node's body asks for, at the holder's: what comes, in which order, altered.

The messages come in by the services of the gateway; two real nodes stand in `tests/node`.
"""

import json
from typing import Any

import pytest

from lingnan.kernel.exchange import elsewhere, rates
from lingnan.kernel.exchange.api import (
    Part,
    SetUse,
    agreements,
    conclude,
    give,
    subjects_of,
)
from lingnan.kernel.exchange.introducing import telling
from lingnan.kernel.exchange.messages.calls import Call
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.set_services import SetServices
from lingnan.kernel.exchange.models import UseSet
from lingnan.kernel.exchange.sets import across, index, received, tree, values
from lingnan.kernel.registry.reading import PSEUDONYM
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.runtime.keys import shortened
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from tests.kernel import uses
from tests.kernel.test_exchange_elsewhere import MARKET, at_once, driven
from tests.kernel.uses import BUSINESSES, FIRE, IDENTITY

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASIS, PURPOSE, SMALL = "《某条例》第一条", "set_test", 8
SERVICES = SetServices(
    "CN-GD", {"legal_persons": MARKET.member, "population": "gd-440000-police"}, at_once
)
POLICE = Identifier("CN-GD", "GOV", "gd-440000-police", "population")
KEYS = range(10**15, 10**15 + 20)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (values, across, received):
        monkeypatch.setattr(module, "PART_AFAR", SMALL)
    monkeypatch.setattr(across, "_whole", set())
    rates.forget()


class Asked:
    """A set of synthetic people as an asking node sends it."""

    def __init__(self, request: str = "r-1", at: Identifier = MARKET, **changes: Any) -> None:
        self.at, self.client = at, FIRE
        self.use = SetUse(BUSINESSES, FIRE, PURPOSE, BASIS, "", "a test", ("business.name",),
                          request).plain() | changes  # fmt: skip
        self.names = list(give("person", FIRE, list(KEYS)).values())
        self.known = list(give("person", "legal_persons", list(KEYS)).values())

    def send(self, code: str, question: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer; of what the gateway refuses 0 and its kind."""
        called = xroad.called(f"/r1/{xroad.Service(self.at, code)}")
        body = question if isinstance(question, bytes) else json.dumps(question).encode()
        call = Call(Identifier("CN-GD", "GOV", self.client, "x"), called, "POST", [], body, "n")

        async def answer() -> Any:
            return await (await SERVICES.served(call)).answer(call)

        try:
            said = driven(answer())
        except Refused as refused:
            return 0, {"kind": refused.kind}
        return said.status, json.loads(said.body)

    @property
    def manifest(self) -> dict[str, Any]:
        roots = [
            tree.root(tree.leaves(bytes.fromhex("".join(self.names[n : n + SMALL]))))
            for n in range(0, len(self.names), SMALL)
        ]
        root, parts = tree.root(b"".join(roots)).hex(), [one.hex() for one in roots]
        return {"use": self.use, "count": len(self.names), "size": SMALL, "known": True,
                "root": root, "parts": parts}  # fmt: skip

    def open(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        return self.send(across.OPEN, self.manifest | changes)

    def part(self, at: int, **changes: Any) -> dict[str, Any]:
        some = slice(at * SMALL, (at + 1) * SMALL)
        return {"request": self.use["request"], "part": at, "subjects": "".join(self.names[some]),
                "known": "".join(self.known[some])} | changes  # fmt: skip

    def bring(self, at: int, **changes: Any) -> tuple[int, dict[str, Any]]:
        return self.send(across.SUBJECTS, self.part(at, **changes))

    def fetch(self, at: int) -> tuple[int, dict[str, Any]]:
        return self.send(across.ANSWERS, {"request": self.use["request"], "part": at})

    def less(self) -> "Asked":
        self.names = self.names[:9]
        return self

    def whole(self) -> "Asked":
        assert self.open()[0] == 200
        assert [self.bring(at)[0] for at in range(3)] == [200] * 3
        return self


def agreed(resource: str = BUSINESSES, **changes: Any) -> Any:
    said: dict[str, Any] = {"uses": ["set"]} | changes
    elements = ["person.name"] if resource == IDENTITY else ["business.name"]
    number = said.pop("number", "SET-N")
    return conclude(number, resource, FIRE, PURPOSE, BASIS, elements, "a test", **said)


def business(operator: str, name: str) -> None:
    with action(by="a test", reason="the holder's record") as act:
        act.create(
            IndividualBusiness, credit_code="92440191MA0000000X", name=name, operator=operator,
            operator_name="某人", scope="餐饮服务", premises="隔岸一号", division="440103",
            registered_on=legal_time.today(),
        )  # fmt: skip


def test_parts_come_in_any_order_and_twice_and_each_is_answered_and_bound() -> None:
    agreed()
    asked, before = Asked(), uses.size()
    business(asked.known[9], "隔岸粥店")
    assert asked.open()[1]["missing"] == [0, 1, 2]
    assert [asked.bring(at)[1]["missing"] for at in (2, 0, 2)] == [[0, 1], [1], [1]]
    assert uses.size() == before, "written down when it is whole, and before it is answered"
    manifest = asked.bring(1)[1]["manifest"]
    assert uses.size() == before + 1
    assert asked.open()[1] == {"set": manifest["number"], "missing": [], "manifest": manifest}
    status, said = asked.fetch(1)
    found = Part.read(said)
    assert status == 200 and found.subjects == asked.names[8:16]
    told = [one.values() for one in found.answers()]
    assert told == [{}, {"business.name": "隔岸粥店"}, *[{}] * 6]
    entry = node_evidence.reader().by_seq(found.evidence)
    assert entry and entry.payload and entry.payload["digest"] == found.digest
    assert asked.fetch(1)[1] == said and uses.size() == before + 2


def test_the_holders_index_finds_each_by_the_name_that_it_has_for_them() -> None:
    agreed()
    asked = Asked().whole()
    made = UseSet.objects.get(consumer=FIRE)
    assert index.holds(made)
    for known in asked.known:
        whom = [(PSEUDONYM, shortened(known))]
        assert [one.seq for one in index.looked(whom, None, 5)] == [made.evidence]
        shown = index.proof(int(made.evidence or 0), whom)
        assert shown is not None and shown.holds and shown.root.hex() == made.root
    assert index.looked([(PSEUDONYM, shortened(asked.names[0]))], None, 5) == []


FAULTS: dict[str, Any] = {
    "an altered part": lambda a: a.bring(0, subjects="0" * 32 + "".join(a.names[1:SMALL])),
    "a part of another place": lambda a: a.bring(0, subjects="".join(a.names[8:16])),
    "a part with one less": lambda a: a.bring(0, subjects="".join(a.names[: SMALL - 1])),
    "a part that is not there": lambda a: a.bring(3),
    "a part of another set": lambda a: a.bring(0, request="r-2"),
    "answers before it is whole": lambda a: a.fetch(0),
    "the same request for less": lambda a: a.less().open(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_as_the_manifest_says_is_denied(fault: str) -> None:
    agreed()
    asked = Asked()
    asked.open()
    status, said = FAULTS[fault](asked)
    assert (status, said["term"]) == (403, "request"), said
    assert not UseSet.objects.get(consumer=FIRE).parts.exclude(keys=b"").exists()


CROOKED: dict[str, Any] = {
    "another root": (across.OPEN, {"root": "0" * 64}),
    "one root too few": (across.OPEN, {"parts": ["0" * 64] * 2}),
    "parts of another size": (across.OPEN, {"size": 7}),
    "nobody": (across.OPEN, {"count": 0}),
    "no hexadecimal": (across.OPEN, {"parts": ["zz"] * 3}),
    "no use": (across.OPEN, {"use": []}),
    "names of another length": (across.SUBJECTS, {"part": 0, "known": "00"}),
    "a part by name": (across.SUBJECTS, {"part": "0"}),
    "names that are numbers": (across.SUBJECTS, {"part": 0, "subjects": 5}),
    "a request that is a number": (across.ANSWERS, {"part": 0, "request": 5}),
    "a deadline of never": (across.ANSWERS, {"part": 0, "deadline": "soon"}),
    "a list": (across.ANSWERS, b"[]"),
    "half a text": (across.ANSWERS, b"{"),
}


@pytest.mark.parametrize("kind", CROOKED)
def test_what_is_no_question_is_refused(kind: str) -> None:
    agreed()
    asked, (code, changes) = Asked(), CROOKED[kind]
    if code != across.OPEN:
        asked.open()
    plain = {across.OPEN: asked.manifest, across.SUBJECTS: asked.part(0),
             across.ANSWERS: {"request": "r-1", "part": 0}}[code]  # fmt: skip
    said = asked.send(code, changes if isinstance(changes, bytes) else plain | changes)
    assert said == (0, {"kind": "BadRequest"})


def test_another_member_or_system_does_not_get_at_the_set() -> None:
    agreed()
    asked = Asked().whole()
    asked.client = uses.MARKET
    assert asked.open() == (0, {"kind": "AccessDenied"})
    assert asked.fetch(0)[1]["term"] == "request"
    asked.client, asked.at = FIRE, POLICE
    assert asked.open() == (0, {"kind": "AccessDenied"})
    assert asked.fetch(0)[1]["term"] == "request"


@pytest.mark.parametrize(("limits", "term"), [
    ({"uses": ["single"]}, "uses"), ({"consent": True}, "consent"), (None, "agreement"),
])  # fmt: skip
def test_without_right_it_is_not_opened(limits: Any, term: str) -> None:
    if limits is not None:
        agreed(**limits)
    status, said = Asked().open()
    assert (status, said["failure"], said["term"]) == (403, "denied", term)
    assert not UseSet.objects.exists()


def test_revoked_in_mid_stream_the_next_part_is_refused() -> None:
    agreement = agreed()
    asked = Asked().whole()
    assert asked.fetch(0)[0] == 200
    agreements.end(agreement, "a test")
    assert asked.fetch(1)[1]["term"] == "agreement"
    assert asked.bring(2)[1]["term"] == "agreement"


def test_the_rate_counts_subjects() -> None:
    agreed(rate="12 subjects/day")
    asked = Asked().whole()
    assert [asked.fetch(at)[0] for at in (0, 0)] == [200, 200]
    assert asked.fetch(1)[1]["term"] == "rate"


SERVER = "CN-GD/GOV/gd-440300-data/shenzhen"


def test_whom_this_node_introduced_there_are_found_by_its_own_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agreed()
    agreed(IDENTITY, number="SET-I")
    key = uses.key_of(uses.resident())
    monkeypatch.setattr(elsewhere, "node_of", lambda body: SERVER if body == FIRE else None)
    told = give("person", telling.member_of(SERVER), [key])[key]
    business(give("person", "legal_persons", [key])[key], "介绍来的店")
    mixed = Asked()
    mixed.known[3] = told
    found = Part.read(mixed.whole().fetch(0)[1])
    assert (found.places, found.values["business.name"]) == ([3], ["介绍来的店"])
    alone = Asked("r-2", POLICE, resource=IDENTITY, elements=["person.name"])
    alone.names, alone.known = alone.names[:1], [told]
    assert [alone.open()[0], alone.bring(0)[0]] == [200, 200]
    found = Part.read(alone.fetch(0)[1])
    assert found.places == [0] and found.subjects == alone.names
    seen = index.looked(subjects_of(uses.resident().subject), None, 5)
    opened = UseSet.objects.order_by("number").values_list("evidence", flat=True)
    assert {one.seq for one in seen} == set(opened) and all(map(index.holds, UseSet.objects.all()))
    other = Asked("r-3", POLICE, resource=IDENTITY, elements=["person.name"])
    other.names, other.known = other.names[:2], [told, other.known[1]]
    assert other.open()[0] == 200
    assert other.bring(0)[1]["term"] == "subjects", "a register knows whom it has introduced alone"


def test_a_holder_that_knows_the_people_finds_them_itself() -> None:
    agreed(IDENTITY)
    asked = Asked(at=POLICE, resource=IDENTITY, elements=["person.name"])
    key = uses.key_of(uses.resident())
    asked.names = list(uses.introduced([key, *KEYS], FIRE))
    asked.open(known=False)
    assert [asked.bring(at, known="")[0] for at in range(3)] == [200] * 3
    found = Part.read(asked.fetch(0)[1])
    assert found.places == [0]
    assert uses.resident().subject and index.looked([("person", key)], None, 5)
    stranger = Asked("r-2", POLICE, resource=IDENTITY, elements=["person.name"])
    stranger.names = [f"{n:032x}" for n in range(20)]
    stranger.open(known=False)
    assert stranger.bring(0, known="")[1]["term"] == "subjects"
