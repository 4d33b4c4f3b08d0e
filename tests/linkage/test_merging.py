"""Merges and un-merges: nothing is lost, nothing goes round, what is undone is as it was."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.registry.linkage import finding, merging, unmerging
from lingnan.kernel.registry.linkage.following import merged_into, survivors
from lingnan.kernel.registry.linkage.merging import Refused
from lingnan.kernel.registry.linkage.models import LinkageRun, Merge, Pair
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.population.models import Resident
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def copy(resident: Resident, **values: Any) -> Resident:
    """The same person on the register again, under a number that is none."""
    names = [f.name for f in Resident._meta.concrete_fields]
    said = {n: getattr(resident, n) for n in names if n not in (
        "key", "version", "valid_from", "recorded_at", "ended")}  # fmt: skip
    with action(by="a test", reason="entered twice") as act:
        return act.create(Resident, **(said | {"resident_number": "1"} | values))


def first() -> Resident:
    found = Resident.objects.filter(ended=False).order_by("key").first()
    assert found is not None
    return found


def facts(key: int) -> dict[str, Any]:
    own = {"version", "valid_from", "recorded_at"}
    row = Resident.objects.get(key=key)
    return {
        f.name: getattr(row, f.name) for f in Resident._meta.concrete_fields if f.name not in own
    }


def join(one: Resident, other: Resident, *chosen: str) -> Merge:
    asked = merging.propose(one, other, chosen, account=1, by="one", reason="same person")
    return merging.confirm(asked, account=2, by="two")


def part(merge: Merge) -> list[str]:
    asked = unmerging.ask(merge, account=1, by="one", reason="two people after all")
    return unmerging.confirm(asked, account=2, by="two")


def test_who_asks_by_the_old_pseudonym_gets_the_survivor_until_they_are_two_again() -> None:
    one = first()
    other = copy(one, address="新港中路1号")
    old = pseudonyms.give("person", "fire", [other.key])[other.key]
    before = facts(one.key), facts(other.key)
    done = join(one, other, "address")
    assert Resident.objects.get(key=one.key).address == "新港中路1号"
    assert Resident.objects.get(key=other.key).ended
    assert pseudonyms.resolve("person", "fire", [old]) == {old: one.key}
    assert old in pseudonyms.names_of("person", one.key)
    assert part(done) == []
    assert (facts(one.key), facts(other.key)) == before
    assert pseudonyms.resolve("person", "fire", [old]) == {old: other.key}
    assert merged_into("person", one.key) == []


def test_what_was_learnt_since_stays_with_the_survivor() -> None:
    one = first()
    done = join(one, copy(one, address="旧址", township=""), "address")
    with action(by="a test", reason="moved") as act:
        act.change(Resident.objects.get(key=one.key), address="新址")
    assert part(done) == ["address"]
    assert Resident.objects.get(key=one.key).address == "新址"


def test_one_official_alone_merges_nothing_and_two_people_are_never_one() -> None:
    one, twin = Resident.objects.filter(ended=False).order_by("key")[:2]
    with pytest.raises(Refused):
        merging.propose(one, twin, [], account=1, by="one", reason="same name")
    asked = merging.propose(one, copy(one), [], account=1, by="one", reason="same person")
    with pytest.raises(Refused, match="own"):
        merging.confirm(asked, account=1, by="one")
    with action(by="a test", reason="moved") as act:
        act.change(one, address="新址")
    with pytest.raises(Refused, match="changed"):
        merging.confirm(asked, account=2, by="two")
    assert not Resident.objects.get(key=asked.other).ended


STEPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=12)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_random_merges_and_unmerges_lose_nothing(steps: list[tuple[int, int, bool]]) -> None:
    with transaction.atomic():
        made = [copy(first(), resident_number=str(n), address=f"{n}号") for n in range(5)]
        keys = [row.key for row in made]
        before, done = {key: facts(key) for key in keys}, []
        for left, right, back in steps:
            try:
                if back and done:
                    part(done[left % len(done)])
                    done.pop(left % len(done))
                else:
                    rows = [Resident.objects.get(key=keys[n]) for n in (left, right)]
                    done.append(join(rows[0], rows[1], "address"))
            except Refused:
                pass
            standing = survivors("person", keys)
            assert all(not Resident.objects.get(key=into).ended for into in standing.values())
            assert all((key == into) != Resident.objects.get(key=key).ended
                       for key, into in standing.items())  # fmt: skip
        for merge in reversed(done):
            part(merge)
        assert {key: facts(key) for key in keys} == before
        transaction.set_rollback(True)


def test_a_run_goes_on_after_its_last_block_and_a_decision_is_remembered(
    tmp_path: Any, settings: Any
) -> None:
    settings.DATA = tmp_path
    one = first()
    other = copy(one, resident_number=one.resident_number[:-1])
    run = finding.begin(Resident, "a test")
    run.done = 1
    run.save()
    finding.run_waiting()
    assert LinkageRun.objects.get(pk=run.pk).state == "done"
    finding.begin(Resident, "a test")
    finding.run_waiting()
    pair = Pair.objects.get(left=min(one.key, other.key), right=max(one.key, other.key))
    assert pair.state == "open" and pair.levels["name"] == "exact"
    pair.state = "different"
    pair.save()
    finding.begin(Resident, "a test")
    finding.run_waiting()
    assert Pair.objects.get(pk=pair.pk).state == "different"
    with action(by="a test", reason="mended") as act:
        act.change(other, address=other.address + "A")
    finding.begin(Resident, "a test")
    finding.run_waiting()
    assert Pair.objects.get(pk=pair.pk).state == "open"
