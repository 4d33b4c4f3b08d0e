"""What an agreement limits: cases that an official can read, and the grammar of its limits."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange import catalogue, limited, rates, rows, terms
from lingnan.kernel.exchange.api import Denied, NotATerm, Use, agreements, conclude, single
from lingnan.kernel.exchange.models import Agreement, AgreementUse
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.kernel.uses import FIRE, IDENTITY, MARKET, introduced, key_of, resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "agreements.yaml").read_text("utf-8"))
ELEMENTS = ("person.name", "person.sex", "person.birth_date", "person.residence_division")
BASIS, PURPOSE = "《某条例》第一条", "limits_test"


@pytest.fixture(autouse=True)
def no_shares() -> None:
    rates.forget()


def agreed(number: str = "LIMIT-1", **limits: Any) -> Agreement:
    return conclude(number, IDENTITY, "gd-440100-market", PURPOSE, BASIS, ELEMENTS, "a test",
                    **limits)  # fmt: skip


def use(*keys: int, **changes: Any) -> Use:
    names = introduced(keys or [key_of(resident())], changes.get("consumer", MARKET))
    plain = Use(IDENTITY, MARKET, PURPOSE, BASIS, "", "a test", names, ("person.name",))
    return replace(plain, **changes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    who = Resident.objects.get(key=key_of(resident()))
    with action(by="a test", reason="as the case says") as act:
        act.change(who, **case.get("resident", {}))
    for limits in case["agreements"]:
        agreed(f"CASE-{case['agreements'].index(limits)}", **limits)
    outcome = ""
    for _time in range(case.get("times", 1)):
        try:
            outcome = "answered" if single(use(who.key))[0].found else "nothing"
        except Denied as denied:
            outcome = f"denied: {denied.term}"
            assert f"({denied.term})" in denied.detail
    assert outcome == case["outcome"]


def test_with_each_answer_it_is_told_to_whom_it_may_be_passed_on() -> None:
    agreed(onward=[FIRE])
    answer = single(use())[0]
    assert answer.onward == (FIRE,)
    assert uses.entries_about(key_of(resident())).__next__().payload["onward"] == [FIRE]


def test_what_is_derived_goes_no_further_than_the_source_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A register worked out from residents: its holder may pass on to the fire service alone."""
    derived = replace(catalogue.resource(IDENTITY), code="population.derived", derived=[IDENTITY])
    monkeypatch.setitem(catalogue.resources(), derived.code, derived)
    for number, consumer in (("D-1", FIRE), ("D-2", MARKET)):
        conclude(number, derived.code, consumer, PURPOSE, BASIS, ELEMENTS, "a test")
    police = "gd-440000-police"
    source = conclude("D-3", IDENTITY, police, PURPOSE, BASIS, ELEMENTS, "a test", onward=[FIRE])
    names = introduced([key_of(resident())], FIRE)
    asked = use(resource=derived.code, consumer=FIRE, subjects=names)
    assert single(asked)[0].found
    with pytest.raises(Denied) as denied:
        single(use(resource=derived.code))
    assert denied.value.term == "onward"
    agreements.end(source, "a test")
    with pytest.raises(Denied):
        single(asked)


def test_a_rate_holds_after_a_restart_and_between_processes() -> None:
    agreed(rate="200 subjects/day")
    single(use())
    taken = AgreementUse.objects.get(agreement="LIMIT-1")
    assert taken.count == 4  # a share of a fiftieth; the next uses write nothing
    single(use())
    assert AgreementUse.objects.filter(agreement="LIMIT-1").count() == 1
    rates.forget()
    single(use())
    assert AgreementUse.objects.filter(agreement="LIMIT-1").count() == 2


@given(most=st.integers(1, 60), asked=st.lists(st.integers(1, 20), max_size=12),
       restarts=st.sets(st.integers(0, 12)))  # fmt: skip
def test_never_more_than_the_rate_passes(most: int, asked: list[int], restarts: set[int]) -> None:
    AgreementUse.objects.filter(agreement="RATE").delete()
    one = Agreement(key=1, number="RATE", rate=f"{most} subjects/day")
    rates.forget()
    passed = 0
    for time, count in enumerate(asked):
        if time in restarts:
            rates.forget()
        try:
            rates.take(one, count)
        except Denied:
            assert restarts or passed + count > most
        else:
            passed += count
    assert passed <= most


def test_the_text_that_is_signed_says_the_limits_and_one_without_says_what_it_always_did() -> None:
    plain = terms.said(Agreement(resource=IDENTITY, consumer=MARKET, purpose="p", basis="b",
                                 elements=["person.name"]))  # fmt: skip
    assert set(plain) == {*terms.DECISIVE, "elements", "holders"}
    found = agreed(consent=True, uses=["set", "single"], rows="person.sex = 2", onward=[FIRE],
                   rate="5 uses/minute", subjects="territory")  # fmt: skip
    assert agreements.holds(found)
    told = terms.document(found)
    assert told["rows"] == "person.sex = 2" and told["rate"] == "5 uses/minute"
    before = terms.digest(found)
    changed = agreements.change(found, "a test", rate="6 uses/minute")
    assert terms.digest(changed) == before and agreements.holds(changed)
    changed = agreements.change(changed, "a test", onward=[])
    assert terms.digest(changed) != before and agreements.holds(changed)


WRONG: list[tuple[str, Any]] = [
    ("uses", []), ("uses", ["single", "single"]), ("uses", ["all"]), ("rows", "1 = 1"),
    ("rows", "person.sex == 2 or"), ("rows", "person.secret = 1"), ("rows", "person.sex"),
    ("rows", "__import__('os')"), ("subjects", "44"), ("subjects", "everywhere"),
    ("rate", "0 uses/day"), ("rate", "5 uses/hour"), ("rate", "-1 subjects/day"),
    ("volume", "5 MB/file"),
    ("onward", [""]), ("onward", ["x" * 41]), ("onward", [1]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_is_no_limit_is_refused(field: str, value: Any) -> None:
    with pytest.raises(NotATerm) as fault:
        agreed(**{field: value})
    assert fault.value.field == field
    assert not Agreement.objects.filter(number="LIMIT-1").exists()


@pytest.mark.parametrize("text", [
    "1 MB/file, 2 MB/file", "0 MB/day", "5 files/file", "1 MB/day,2 files/day", "1 MB", "-1 MB/day",
    "65 GB/file",
])  # fmt: skip
def test_no_volume_is_agreed_on_that_cannot_be_kept_or_is_more_than_the_nodes(text: str) -> None:
    found = agreed(uses=["files"], volume="64 GB/file, 900 TB/day, 5 files/day")
    with pytest.raises(NotATerm) as fault:
        agreements.change(found, "a test", volume=text)
    assert fault.value.field == "volume"
    assert Agreement.objects.get(number="LIMIT-1").volume == found.volume


names = st.from_regex(r"[a-z][a-z0-9_]{0,8}\.[a-z][a-z0-9_]{0,8}", fullmatch=True)
word = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=";|"), min_size=1,
               max_size=12).filter(lambda text: text[0] not in "=<>!")  # fmt: skip
conditions = st.builds(
    rows.Condition, names, st.sampled_from(["=", "!=", ">=", "<=", "under"]),
    st.lists(word, min_size=1, max_size=3).map(tuple),
)  # fmt: skip


@given(st.lists(conditions, max_size=4))
def test_conditions_are_read_as_they_are_written(said: list[rows.Condition]) -> None:
    assert list(rows.read("; ".join(map(str, said)))) == said


@given(st.text(max_size=60), st.one_of(st.none(), st.integers(), st.text(max_size=5)))
def test_no_text_does_more_than_judge(text: str, value: Any) -> None:
    try:
        found = rows.read(text)
    except NotATerm:
        return
    asker = rows.Asker("2026-03-02", "4401")
    assert rows.let_through(found, asker, {one.element: value for one in found}) in (True, False)
    assert rows.let_through(found, asker, {}) is not bool(found)


def test_a_limit_that_the_resource_cannot_keep_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = replace(catalogue.resource(IDENTITY), division="")
    monkeypatch.setitem(catalogue.resources(), IDENTITY, bare)
    with pytest.raises(NotATerm):
        limited.check(IDENTITY, {"subjects": "territory"})
