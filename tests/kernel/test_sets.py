"""Set uses: many subjects under one root, each of whom sees it; part by part, and once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange import rates
from lingnan.kernel.exchange.api import (
    Denied,
    InsideTransaction,
    Manifest,
    Part,
    SetUse,
    Unavailable,
    agreements,
    conclude,
    looked,
    membership,
    opened,
    part,
    parts,
    subjects_of,
)
from lingnan.kernel.exchange.models import Agreement, SetBlock, Traffic, UseSet
from lingnan.kernel.exchange.sets import answering, index, opening, tree, values
from lingnan.kernel.exchange.traffic import counting, keeping
from lingnan.kernel.exchange.traffic.counting import counter
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence
from lingnan.kernel.trust.evidence import merkle
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.kernel.uses import FIRE, IDENTITY, MARKET, introduced, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASIS, PURPOSE = "《某条例》第一条", "set_test"
SMALL = 8


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of eight: a small province has many."""
    for module in (values, opening):
        monkeypatch.setattr(module, "PART", SMALL)
    rates.forget()


def agreed(**changes: Any) -> Agreement:
    said: dict[str, Any] = {"uses": ["set"]} | changes
    return conclude("SET-1", IDENTITY, MARKET, PURPOSE, BASIS,
                    ["person.name", "person.identity_number"], "a test", **said)  # fmt: skip


def asked(request: str = "r-1", **changes: Any) -> SetUse:
    plain = SetUse(IDENTITY, MARKET, PURPOSE, BASIS, "", "a test", ("person.name",), request)
    return replace(plain, **changes)


def everybody(count: int = 20) -> tuple[list[int], tuple[str, ...]]:
    mine = key_of(resident())
    rows = Resident.objects.filter(ended=False).exclude(key=mine).order_by("-key")
    keys = [*rows.values_list("key", flat=True)[: count - 1], mine]
    return keys, introduced(keys, MARKET)


def test_each_is_answered_in_the_order_asked_with_what_was_asked_for_alone() -> None:
    agreed()
    keys, names = everybody()
    found = list(parts(opened(asked(), names)))
    answers = [answer for one in found for answer in one.answers()]
    assert [one.subject for one in answers] == list(names)
    told = dict(Resident.objects.filter(key__in=keys).values_list("key", "name"))
    assert [one.values() for one in answers] == [{"person.name": told[key]} for key in keys]
    assert [len(one.subjects) for one in found] == [8, 8, 4]


def test_it_is_written_down_once_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed()
    before = uses.size()
    uses.answering(monkeypatch, IDENTITY, lambda keys: pytest.fail("it was read"))
    _keys, names = everybody()
    manifest = opened(asked(), iter(names)).manifest
    entry = node_evidence.reader().by_seq(manifest.evidence)
    assert uses.size() == before + 1 and entry is not None and entry.payload is not None
    leaves = tree.leaves(bytes.fromhex("".join(names)))
    said = {"set": manifest.number, "count": 20, "parts": 3, "root": tree.root(leaves).hex(),
            "consumer": MARKET, "agreement": "SET-1", "elements": ["person.name"]}  # fmt: skip
    assert entry.payload.items() >= said.items()
    assert names[0] not in str(entry.payload)


def test_everybody_of_it_sees_it_and_is_shown_to_be_of_it() -> None:
    agreed()
    _keys, names = everybody()
    manifest = opened(asked(), names).manifest
    account = resident()
    assert looked(account.subject)[0].seq == manifest.evidence
    assert looked(account.subject, before=manifest.evidence)[:1] != looked(account.subject)[:1]
    shown = membership(manifest.evidence, subjects_of(account.subject))
    assert shown is not None and shown.place == 19
    assert shown.root.hex() == manifest.root
    leaf = merkle.leaf_hash(bytes.fromhex(names[19]))
    assert leaf == shown.leaf
    assert merkle.verify_inclusion(leaf, shown.place, shown.count, list(shown.path), shown.root)
    stranger = Resident.objects.exclude(key__in=_keys).values_list("key", flat=True)[0]
    assert membership(manifest.evidence, [("person", stranger)]) is None


def test_the_person_reads_it_in_who_looked_with_its_proof() -> None:
    agreed()
    manifest = opened(asked(), everybody()[1]).manifest
    person = Person("resident-440103")
    row = person.get("/looked/").partition('<table class="stack"')[2].split("<tr")[2]
    assert "荔湾区市场监督管理局" in row and "20" in row
    page = person.get(f"/looked/sets/{manifest.evidence}/")
    assert manifest.root in page
    other = Person("owner-440103")
    other.get(f"/looked/sets/{manifest.evidence}/")
    assert other.status == 404


def test_asked_again_the_same_set_answers_and_nothing_is_written_twice() -> None:
    agreed()
    _keys, names = everybody()
    first = opened(asked(), names).manifest
    before = uses.size()
    assert opened(asked(), names).manifest == first
    assert uses.size() == before
    once = part(first.number, 1)
    assert uses.size() == before + 1
    again = part(first.number, 1)
    assert (again, uses.size()) == (once, before + 1)


@pytest.mark.parametrize("change", ["other subjects", "another order", "other elements"])
def test_another_set_under_the_same_request_is_denied(change: str) -> None:
    agreed()
    _keys, names = everybody()
    opened(asked(), names)
    use = asked(elements=("person.identity_number",)) if change == "other elements" else asked()
    changed = {"other subjects": names[:-1], "another order": names[::-1]}.get(change, names)
    with pytest.raises(Denied) as denied:
        opened(use, changed)
    assert denied.value.term == "request"


def test_a_part_whose_records_have_changed_is_written_down_anew() -> None:
    agreed()
    keys, names = everybody()
    number = opened(asked(), names).number
    first = part(number, 0)
    with action(by="a test", reason="renamed") as act:
        act.change(Resident.objects.get(key=keys[0]), name="改名")
    second = part(number, 0)
    assert second.evidence != first.evidence
    assert next(second.answers()).values() == {"person.name": "改名"}
    assert part(number, 0).evidence == second.evidence


def test_a_crash_after_the_evidence_leaves_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed()
    before, written = uses.size(), node_evidence.write

    def lost(entries: Any, request: str | None = None) -> Any:
        written(entries, request=request)
        raise EvidenceUnavailable("the answer was lost")

    _keys, names = everybody()
    with monkeypatch.context() as patch:
        patch.setattr(node_evidence, "write", lost)
        with pytest.raises(Unavailable):
            opened(asked(), names)
    assert UseSet.objects.get(request="r-1").evidence is None
    manifest = opened(asked(), names).manifest
    assert (uses.size(), manifest.evidence) == (before + 1, before + 1)
    with monkeypatch.context() as patch:
        patch.setattr(node_evidence, "write", lost)
        with pytest.raises(Unavailable):
            part(manifest.number, 2)
    assert part(manifest.number, 2).evidence == before + 2 == uses.size()


def test_nothing_is_answered_without_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed()
    _keys, names = everybody()

    def down(entries: Any, request: str | None = None) -> Any:
        raise EvidenceUnavailable("down")

    opened_before = opened(asked(), names)
    with monkeypatch.context() as patch:
        patch.setattr(node_evidence, "write", down)
        with pytest.raises(Unavailable):
            opened(asked("r-2"), names)
        with pytest.raises(Unavailable):
            part(opened_before.number, 0)


def test_an_agreement_that_ends_stops_the_next_part() -> None:
    agreement = agreed()
    found = parts(opened(asked(), everybody()[1]))
    next(found)
    agreements.end(agreement, "a test")
    with pytest.raises(Denied):
        next(found)


@pytest.mark.parametrize("term", ["uses", "elements", "basis", "a stranger", "twice", "nobody"])
def test_a_set_without_right_is_denied_and_not_kept(term: str) -> None:
    agreed(uses=["single"] if term == "uses" else ["set", "single"])
    _keys, names = everybody()
    wrong: dict[str, Any] = {"elements": {"elements": ("person.birth_date",)},
                             "basis": {"basis": "《某法》"}}  # fmt: skip
    asked_names: Sequence[str] = {
        "a stranger": (*names, "0" * 32), "twice": (*names, names[0]), "nobody": (),
    }.get(term, names)  # fmt: skip
    with pytest.raises(Denied) as denied:
        opened(asked(**wrong.get(term, {})), asked_names)
    assert denied.value.term == (term if term in ("uses", "elements", "basis") else "subjects")
    assert not UseSet.objects.exists()


def test_names_of_another_body_are_denied() -> None:
    agreed()
    keys, _names = everybody()
    with pytest.raises(Denied):
        opened(asked(), introduced(keys, FIRE))


def test_it_is_not_called_inside_a_transaction() -> None:
    agreed()
    _keys, names = everybody()
    with pytest.raises(InsideTransaction), transaction.atomic():
        opened(asked(), names)
    number = opened(asked(), names).number
    with pytest.raises(InsideTransaction), transaction.atomic():
        part(number, 0)


def test_who_has_not_consented_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(consent=True)
    monkeypatch.setattr(answering.consents, "covered", lambda asking, givers: {})
    found = part(opened(asked(), everybody()[1]).number, 0)
    assert found.refused == dict.fromkeys(range(SMALL), "consent") and not found.places


def test_the_rate_counts_each_part_once() -> None:
    agreed(rate="12 subjects/day")
    number = opened(asked(), everybody()[1]).number
    part(number, 0)
    part(number, 0)
    with pytest.raises(Denied) as denied:
        part(number, 1)
    assert denied.value.term == "rate"


def test_the_index_is_what_the_entry_says_and_can_be_erased() -> None:
    agreed()
    _keys, names = everybody()
    number = opened(asked(), names).number
    made = UseSet.objects.get(pk=number)
    assert index.holds(made)
    SetBlock.objects.filter(of=made).update(places=b"\x00" * 80)
    assert not index.holds(made)
    index.erase(made, "a test", "a test")
    made.refresh_from_db()
    assert index.holds(made) and not SetBlock.objects.filter(of=made).exists()
    assert number not in [(e.payload or {}).get("set") for e in looked(resident().subject)]
    with pytest.raises(Denied):
        part(number, 0)


def test_what_travels_is_read_back_the_same() -> None:
    agreed()
    use = asked()
    assert SetUse.read(use.plain()) == use
    opened_ = opened(use, everybody()[1])
    assert Manifest.read(opened_.manifest.plain()) == opened_.manifest
    found = part(opened_.number, 0)
    assert list(Part.read(found.plain()).answers()) == list(found.answers())
    with pytest.raises(ValueError, match="nobody"):
        Part.read(found.plain() | {"places": [99] * len(found.places)})


@given(st.integers(1, 70), st.data())
def test_the_tree_is_that_of_the_log(size: int, data: st.DataObject) -> None:
    names = b"".join(number.to_bytes(16) for number in range(size))
    leaves = tree.leaves(names)
    growing = merkle.Frontier()
    for at in range(size):
        growing.push(leaves[at * 32 : at * 32 + 32])
    assert tree.root(leaves) == growing.root()
    at = data.draw(st.integers(0, size - 1))
    # By parts, as a set is kept: the path within the part, and among the parts.
    width = 1 << data.draw(st.integers(0, 5))
    pieces = [tree.leaves(names[n : n + 16 * width]) for n in range(0, len(names), 16 * width)]
    roots = b"".join(map(tree.root, pieces))
    path = [*tree.path(pieces[at // width], at % width), *tree.path(roots, at // width)]
    leaf = leaves[at * 32 : at * 32 + 32]
    assert tree.root(roots) == growing.root()
    assert merkle.verify_inclusion(leaf, at, size, path, growing.root())


def test_opening_and_each_part_are_counted_as_traffic() -> None:
    counter.take()
    agreed()
    list(parts(opened(asked(), everybody()[1])))
    with pytest.raises(Denied):
        opened(asked("r-2", purpose="none"), everybody()[1])
    keeping.flush()
    rows = Traffic.objects.filter(client=MARKET, service=IDENTITY)
    assert {row.outcome: row.number for row in rows} == {counting.OK: 1 + 3, counting.DENIED: 1}
