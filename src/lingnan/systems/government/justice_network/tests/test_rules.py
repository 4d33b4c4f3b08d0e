"""The clocks of criminal procedure, the stages and who sees what, as an official can read them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.justice_network.rules import periods, sight, stages, terms
from lingnan.systems.government.justice_network.rules.periods import Length
from lingnan.systems.government.justice_network.rules.terms import Granted

CASES = Path(__file__).parent / "cases"
LAW = date(2026, 3, 2)
MOMENTS = st.integers(0, 40 * 365 * 24 * 60).map(
    lambda minutes: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def rows(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


def cases(name: str) -> Any:
    return pytest.mark.parametrize("case", rows(name), ids=lambda case: case["what"])


@cases("terms")
def test_a_clock_ends_as_the_article_says(case: dict[str, Any]) -> None:
    rule = terms.rule(case["term"], LAW)
    start = datetime.fromisoformat(str(case["start"]).replace(" ", "T")).replace(tzinfo=UTC)
    granted = [Granted(**one) for one in case.get("granted", ())]
    told = (rule, start, granted, case.get("held", False), case.get("excluded", 0))
    if case.get("refused"):
        with pytest.raises(terms.NotAllowed):
            terms.due(*told)
        return
    due = terms.due(*told)
    if "until" in case:
        until = datetime.fromisoformat(str(case["until"]).replace(" ", "T"))
        assert due == until.replace(tzinfo=UTC)
    else:
        assert (due - timedelta(seconds=1)).date() == case["last"]


def test_every_clock_and_extension_has_a_case_and_a_basis() -> None:
    told = [one for one in rows("terms") if not one.get("refused")]
    assert {one["term"] for one in told} == set(terms.codes())
    shown = {(one["term"], way["code"]) for one in told for way in one.get("granted", ())}
    for code in terms.codes():
        rule = terms.rule(code, LAW)
        assert "《" in rule.basis and "条" in rule.basis
        for way in rule.extensions.values():
            assert (code, way.code) in shown and "条" in way.basis
    with pytest.raises(LookupError):
        terms.rule("detention", date(2018, 10, 25))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.lists(st.integers(1, 7), max_size=4))
def test_what_is_prolonged_is_never_longer_than_counted_at_once(
    day: date, months: list[int]
) -> None:
    chained = periods.last_day(day, [Length(months=one) for one in months])
    assert chained <= periods.months_after(day, sum(months))
    assert chained >= day + timedelta(days=28 * sum(months))


@given(MOMENTS, st.integers(1, 48))
def test_hours_begin_with_the_next_full_hour(start: datetime, hours: int) -> None:
    over = periods.last_hour(start, hours)
    assert over.minute == over.second == over.microsecond == 0
    assert timedelta(hours=hours) < over - start <= timedelta(hours=hours + 1)


@given(st.sampled_from(sorted(terms.codes())), MOMENTS, st.booleans(), st.integers(0, 40))
def test_custody_never_grows_by_a_day_off(
    code: str, start: datetime, held: bool, excluded: int
) -> None:
    rule = terms.rule(code, date(2026, 3, 2))
    due = terms.due(rule, start, (), held, excluded)
    strict = terms.due(rule, start, (), held, excluded, lambda day: False)
    fixed = rule.by_hours or rule.counts in ("custody", "limit")
    if fixed or (rule.counts == "held" and held):
        assert due == strict
    else:
        assert strict <= due <= strict + timedelta(days=2)
        assert (due - timedelta(seconds=1)).weekday() < 5
    assert all(start < one < due or rule.by_hours for one in terms.warnings(rule, due)[1:])


@given(st.text("0123456789hdm", max_size=8))
def test_a_length_is_read_whole_or_refused(text: str) -> None:
    try:
        found = Length.read(text)
    except ValueError:
        return
    parts = [(found.months, "m"), (found.days, "d"), (found.hours, "h")]
    again = [f"{n}{u}" for n, u in parts if n]
    assert Counter(again) == Counter(_split(text))


def _split(text: str) -> list[str]:
    found, part = [], ""
    for sign in text:
        part += sign
        if sign in "hdm":
            found.append(part)
            part = ""
    return found


def test_every_act_leads_somewhere_and_every_stage_can_be_left() -> None:
    acts = stages.acts().values()
    assert {one.to for one in acts} | {stages.FIRST} == set(stages.STAGES)
    left = {stage for one in acts for stage in one.stages}
    assert left == set(stages.STAGES) - stages.ENDED
    for one in acts:
        assert "条" in one.basis or one.code == "withdraw_charge"
        assert {*one.ends, *one.starts} <= set(terms.codes())


def test_a_file_is_returned_twice_at_most_and_a_trial_remanded_once() -> None:
    def offered(stage: str, function: str, role: str, done: list[str]) -> set[str]:
        return {one.code for one in stages.allowed(stage, function, role, done)}

    where = ("prosecution_review", "procuratorate", "prosecutor")
    assert "return_file" in offered(*where, ["return_file"])
    assert "return_file" not in offered(*where, ["return_file"] * 2)
    assert "remand" in offered("second_instance", "court", "judge", [])
    assert "remand" not in offered("second_instance", "court", "judge", ["remand"])
    with pytest.raises(stages.WrongStage):
        stages.demand(stages.acts()["return_file"], "first_instance", [])


def test_who_sees_which_part_is_the_table_that_officials_approved() -> None:
    """Each post × standing, part by part; whatever the file does not name sees nothing."""
    approved = {
        (one["function"], role, standing): set(one["sees"])
        for one in rows("sight")
        for role in one["roles"]
        for standing in one["standings"]
    }
    functions = {key[0] for key in approved} | {"market", "supervision"}
    roles = {key[1] for key in approved} | {"clerk", "records_officer", "data_officer", "operator"}
    for function in functions:
        for role in roles:
            for standing in sight.STANDINGS:
                seen = sight.parts(function, role, standing)
                assert seen == approved.get((function, role, standing), set()), (
                    function, role, standing,
                )  # fmt: skip
                assert seen <= set(sight.PARTS)


HANDED = st.lists(
    st.builds(
        sight.Handed, st.sampled_from("abc"), st.sampled_from("abc"), st.booleans(),
        st.sampled_from(("sent", "received", "refused")),
    ),
    max_size=8,
)  # fmt: skip


@given(HANDED)
def test_only_who_took_a_package_or_opened_the_case_stands_near_it(
    packages: list[sight.Handed],
) -> None:
    found = sight.standings("a", packages)
    took = {one.receiver for one in packages if one.state == "received"}
    sent = {one.sender for one in packages if one.state == "received"}
    for body, standing in found.items():
        assert body == "a" or body in took | sent or standing == "offered"
    assert not any(found.get(one.receiver) == "holding" and one.receiver not in took | {"a"}
                   for one in packages)  # fmt: skip


@given(st.sampled_from(sight.PARTS), st.booleans(), st.booleans())
def test_internal_volumes_are_seen_by_who_made_them_alone(
    volume: str, own: bool, handed: bool
) -> None:
    seen = sight.sees(volume, frozenset(sight.PARTS), own, handed)
    assert seen is (own or (handed and volume not in sight.INTERNAL))
    assert not sight.sees(volume, frozenset(), own, handed)
    if volume in sight.INTERNAL:
        assert not sight.may_travel(volume)
