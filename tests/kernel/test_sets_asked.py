"""A set whose holder is at another node, at the asking one: what it says before it names anybody,
and a holder that does not keep to what was agreed. Two real nodes stand in `tests/node`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.api import Denied, Part, SetUse, Unavailable, give, opened, part
from lingnan.kernel.exchange.introducing import asking
from lingnan.kernel.exchange.models import Introduced, UseSet
from lingnan.kernel.exchange.outward import Said
from lingnan.kernel.exchange.sets import across, index
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards.xroad import Identifier
from tests.kernel import uses
from tests.kernel.test_exchange_elsewhere import MARKET
from tests.kernel.uses import BUSINESSES, FIRE

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASIS, PURPOSE = "《某条例》第一条", "set_test"
KEYS = range(10**15, 10**15 + 5)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What another node says to each service; `sent` are the questions."""
    monkeypatch.setattr(across, "_whole", set())
    told: dict[str, Any] = {across.OPEN: {"missing": [0]}, across.SUBJECTS: {}, "sent": []}
    home = elsewhere.Elsewhere(MARKET, "CN-GD/GOV/gd-440000-market/registry", "0" * 64)
    monkeypatch.setattr(elsewhere, "of_system", lambda system: home)
    monkeypatch.setattr(
        elsewhere, "member", lambda body, system: Identifier("CN-GD", "GOV", body, system)
    )

    def ask(question: Any, deadline: float) -> Said:
        told["sent"].append((question.service.code, question.body))
        answer = told[question.service.code]
        return answer if isinstance(answer, Said) else Said(200, answer)

    monkeypatch.setattr(outward, "ask", ask)
    yield told


def mine(request: str = "a-1") -> Any:
    use = SetUse(BUSINESSES, FIRE, PURPOSE, BASIS, "", "a test", ("business.name",), request)
    return opened(use, list(give("person", FIRE, list(KEYS)).values()))


def told_of(set_: Any, **changes: Any) -> dict[str, Any]:
    names = set_.names.hex()
    subjects = [names[n : n + 32] for n in range(0, len(names), 32)]
    plain = Part("PL-THERE", 0, subjects, [1], {"business.name": ["隔岸粥店"]}, ["x.y"], [1],
                 ["2026-03-02"], {}, 7, 6).plain()  # fmt: skip
    return plain | changes


def test_the_asking_node_writes_down_the_set_before_it_names_anybody(said: Any) -> None:
    set_, known = mine(), give("person", "legal_persons", list(KEYS))
    (first, manifest), (second, sent) = said["sent"]
    assert (first, second) == (across.OPEN, across.SUBJECTS)
    assert manifest["root"] == set_.manifest.root and "subjects" not in manifest
    assert sent["known"] == "".join(known.values())
    whom = [("person", KEYS[3])]
    assert [one.seq for one in index.looked(whom, None, 5)] == [set_.manifest.evidence]
    said[across.ANSWERS] = told_of(set_)
    found = part(set_.number, 0)
    entry = node_evidence.reader().by_seq(found.evidence)
    assert entry and entry.payload
    assert (entry.payload["digest"], entry.payload["there_evidence"]) == (found.digest, 7)
    assert part(set_.number, 0) == found


def test_whom_another_node_introduced_is_named_as_the_registers_node_does(
    said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, third = "CN-GD/GOV/gd-440000-market/registry", "CN-GD/GOV/gd-440000-data/province"
    for key, server in ((KEYS[1], here), (KEYS[2], third), (KEYS[4], third)):
        Introduced.objects.create(kind="person", server=server, name=f"{key:032x}", key=key,
                                  by="a test", at=legal_time.now())  # fmt: skip
    with pytest.raises(Unavailable):
        mine("a-2")
    assert [code for code, _body in said["sent"]] == [across.OPEN], "nobody was named"
    own = Identifier("CN-GD", "GOV", "gd-440300-data", "exchange")
    monkeypatch.setattr(elsewhere, "node", lambda server: elsewhere.Node(server, own, "0" * 64))
    monkeypatch.setattr(elsewhere, "own_services", lambda: own)
    monkeypatch.setattr(asking, "MOST", 1)

    def translated(node: Any, client: Any, code: str, question: Any, actor: str) -> Any:
        assert (node.server, code, len(question["names"])) == (third, asking.TRANSLATE, 1)
        return {"names": {name: name[::-1] for name in question["names"]}}

    monkeypatch.setattr(asking, "_asked", translated)
    mine("a-2")
    own_names = give("person", "legal_persons", list(KEYS))
    register, two, four = (f"{KEYS[at]:032x}" for at in (1, 2, 4))
    known = [own_names[KEYS[0]], register, two[::-1], own_names[KEYS[3]], four[::-1]]
    assert said["sent"][-1][1]["known"] == "".join(known)


NONSENSE: dict[str, dict[str, Any]] = {
    "nothing": {}, "another part": {"part": 1}, "other subjects": {"subjects": ["0" * 32] * 5},
    "another element": {"values": {"business.scope": ["x"]}}, "a row of nobody": {"places": [9]},
    "columns of different lengths": {"versions": []},
}  # fmt: skip


@pytest.mark.parametrize("kind", NONSENSE)
def test_a_holder_that_talks_nonsense_is_unavailable(said: Any, kind: str) -> None:
    set_ = mine()
    said[across.ANSWERS] = told_of(set_, **NONSENSE[kind]) if NONSENSE[kind] else {}
    before = uses.size()
    with pytest.raises(Unavailable):
        part(set_.number, 0)
    assert uses.size() == before
    said[across.OPEN] = {"missing": [5]}
    with pytest.raises(Unavailable):
        mine("a-2")


def test_a_refused_part_is_written_down_here_too_and_an_unopened_set_is_not_kept(said: Any) -> None:
    set_ = mine()
    no = Said(403, {"failure": "denied", "detail": "no", "term": "agreement"})
    said[across.ANSWERS] = no
    with pytest.raises(Denied) as denied:
        part(set_.number, 0)
    assert denied.value.term == "agreement"
    (entry,) = node_evidence.reader().entries(kind="exchange.denied")[:1]
    assert entry.payload and entry.payload["set"] == set_.number
    said[across.OPEN] = no
    with pytest.raises(Denied):
        mine("a-2")
    assert not UseSet.objects.filter(request="a-2").exists()
