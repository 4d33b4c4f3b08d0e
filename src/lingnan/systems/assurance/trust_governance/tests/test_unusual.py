"""The rules of unusual access, case by case as an official can read them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.assurance.trust_governance.accesses import official_of
from lingnan.systems.assurance.trust_governance.rules.kinship import Known, kinship
from lingnan.systems.assurance.trust_governance.rules.unusual import (
    OF_OFFICIAL,
    OPENED,
    RULES,
    Access,
    Found,
    parameters,
    unusual,
)

KIN = yaml.safe_load((Path(__file__).parent / "cases" / "kinship.yaml").read_text("utf-8"))
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "unusual.yaml").read_text("utf-8"))


def done(lines: list[dict[str, Any]]) -> Iterator[Access]:
    """The accesses that the lines of a case say."""
    seq = 0
    for line in lines:
        for number in range(line.get("repeat", 1)):
            seq += 1
            gap = timedelta(seconds=line.get("seconds", 60)) * number
            subject = line.get("subject")
            yield Access(
                seq=seq,
                at=datetime.fromisoformat(line["at"]) + gap,
                kind=line["kind"],
                body=line.get("body", "x"),
                official=line.get("official", "a"),
                subjects=() if subject is None else (subject + number * line.get("step", 1),),
                number=line.get("number", 1),
                for_case=line.get("for_case", False),
                outside=line.get("outside", 0),
                own=line.get("own", ""),
                marked=line.get("marked", 0),
                own_case=line.get("own_case", False),
                clock=datetime.fromisoformat(line["clock"]) if "clock" in line else None,
            )


def judged(accesses: list[Access], working: Mapping[str, bool]) -> list[Found]:
    """Each access judged with what was before it, as the scan does."""
    found: list[Found] = []
    for place, access in enumerate(accesses):
        before = accesses[:place]
        by = [
            one for one in before
            if one.official == access.official and one.at >= access.at - OF_OFFICIAL
        ]  # fmt: skip
        of = [one for one in before if set(one.subjects) & set(access.subjects)]

        def works(day: date) -> bool | None:
            return working.get(day.isoformat())

        found += unusual(access, by, of, works)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_an_access_is_found_as_the_rules_say(case: dict[str, Any]) -> None:
    found: dict[str, set[int]] = {}
    for one in judged(list(done(case["accesses"])), case.get("working", {})):
        found.setdefault(one.rule, set()).update(one.seqs)
    wanted = {
        rule: set(range(seqs[0], seqs[1] + 1)) if len(seqs) == 2 else set(seqs)
        for rule, seqs in case["found"].items()
    }
    assert found == wanted


@pytest.mark.parametrize("case", KIN, ids=lambda case: case["what"])
def test_what_an_official_is_to_somebody(case: dict[str, Any]) -> None:
    official, subject = (
        Known(**(said | {"bodies": frozenset(said.get("bodies", ()))}))
        for said in (case["official"], case["subject"])
    )
    assert kinship(official, "x", subject) == case["is"]


def test_who_acted_under_a_lent_post_is_the_official_and_not_nobody() -> None:
    own, lent = "gd-440103-police/head 01234567", " for 89abcdef"
    assert official_of(f"某人 ({own})") == official_of(f"某人 ({own}{lent})") == ("某人", own)
    assert official_of("resident 01234567") == ("", "")


def test_every_rule_has_parameters_a_title_and_a_weight() -> None:
    known = parameters()["rules"]
    assert set(known) == set(RULES)
    for rule in known.values():
        assert rule["title"]["zh"] and rule["title"]["en"] and 0 < rule["score"] <= 100
    assert parameters()["unverified"] is True


MONDAY = datetime.fromisoformat("2026-03-02T00:00")
ACCESS = st.builds(
    Access,
    seq=st.integers(1, 10**6),
    at=st.integers(9 * 60, 17 * 60).map(lambda n: MONDAY + timedelta(minutes=n)),
    kind=st.sampled_from(["exchange.read", OPENED, "record.listed", "case.opened"]),
    body=st.sampled_from("xyz"),
    official=st.sampled_from("abcdef"),
    subjects=st.tuples(st.integers(1, 5)),
    for_case=st.just(True),
    outside=st.integers(0, 1),
    own=st.sampled_from(["", "self", "colleague"]),
)


@given(st.lists(ACCESS, max_size=30))
def test_no_rule_finds_what_was_for_a_case_in_working_hours(accesses: list[Access]) -> None:
    assert judged(sorted(accesses, key=lambda one: one.at), {"2026-03-02": True}) == []


@given(st.integers(15, 60), st.integers(15, 60))
def test_more_openings_in_a_row_never_make_a_finding_go_away(some: int, others: int) -> None:
    line = {"at": "2026-03-02 10:00", "kind": OPENED, "subject": 1, "seconds": 5}
    fewer, more = sorted((some, others))
    rules = [
        {one.rule for one in judged(list(done([line | {"repeat": number}])), {})}
        for number in (fewer, more)
    ]
    assert "sequential" in rules[0] and rules[0] <= rules[1]
