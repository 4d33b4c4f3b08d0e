"""Rules of quality find what is wrong, count it where it is, and keep what was measured."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.registry.api import (
    Applies,
    Filled,
    NotAhead,
    Ordered,
    QualityRule,
    Shaped,
    Unique,
)
from lingnan.kernel.registry.models import Score
from lingnan.kernel.registry.projection import building
from lingnan.kernel.registry.projection.rounds import Rounds
from lingnan.kernel.registry.quality import expressions, measuring
from lingnan.kernel.registry.quality.declaration import Check
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Household, Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HEAD = "440103-police-head"


@pytest.fixture(autouse=True)
def copy(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA = tmp_path
    yield


def residents(division: str = "440103") -> list[Resident]:
    return list(Resident.objects.filter(division=division, ended=False).order_by("key"))


def share(rule: str, division: str = "440103") -> measuring.Share:
    return measuring.shares(Resident, division, legal_time.today())[rule]


def test_the_demonstration_is_good_and_every_rule_was_measured() -> None:
    Rounds().run()
    for model in measuring.ruled_types():
        found = measuring.shares(model, "440000", legal_time.today())
        if model.objects.filter(ended=False).exists():
            assert set(found) == {rule.code for rule in model.record.rules}, model
    assert share("number_valid").percent == 100.0
    assert share("number_valid").applied == len(residents())


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("number_valid", {"resident_number": "440103199001010000"}),
        ("birth_agrees", {"birth_date": "1901-02-03"}),
        ("sex_agrees", {}),
        ("household_known", {"household": "nowhere"}),
    ],
)
def test_each_rule_finds_what_breaks_it(rule: str, wrong: dict[str, str]) -> None:
    Rounds().run()
    before, first = share(rule), residents()[0]
    with action(by="a test", reason="something wrong") as act:
        act.change(first, **(wrong or {"sex": "1" if first.sex == "2" else "2"}))
    Rounds().run()
    assert share(rule).bad == before.bad + 1
    assert share(rule, "440104").bad == 0


SHARED = Counter[str]()
ADULT = Applies("education")
CHECKS = [
    (Unique("household"), None, lambda r: SHARED[r.household] == 1),
    (Shaped("name", ".{2}"), None, lambda r: len(r.name) == 2),
    (Filled("education"), None, lambda r: r.education != ""),
    (Filled("nation"), ADULT, lambda r: not r.education or r.nation != ""),
    (NotAhead("birth_date"), Applies("sex", ("1",)), lambda r: True),
    (Ordered("division", "domicile"), None, lambda r: r.division <= r.domicile),
]


@pytest.mark.parametrize(("check", "applies", "good"), CHECKS)
def test_a_check_counts_what_python_counts(
    check: Check, applies: Applies | None, good: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = residents()
    SHARED.update(Resident.objects.filter(ended=False).values_list("household", flat=True))
    rule = QualityRule("tried", Title("试", "Tried"), check, applies)
    monkeypatch.setattr(Resident, "record", replace(Resident.record, rules=(rule,)))
    building.bring_up_to_date(Resident)
    measuring.measure(Resident, legal_time.today())
    broken = sum(not good(row) for row in rows)
    assert share("tried").bad == broken
    SHARED.clear()


def test_examples_are_references_and_lead_to_the_record_by_way_of_evidence() -> None:
    first = residents()[0]
    with action(by="a test", reason="something wrong") as act:
        act.change(first, household="nowhere")
    Rounds().run()
    head = Person(HEAD)
    page = head.get("/desk/quality/population/resident/?rule=household_known")
    links = re.findall(r'href="(/desk/records/population/resident/[0-9a-f]+/)"', page)
    assert head.status == 200 and links and str(first.key) not in page
    assert first.resident_number not in page
    payload = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert payload is not None and payload["rule"] == "household_known"
    assert first.name in head.get(links[0])


def test_a_course_over_days_and_the_counties() -> None:
    Rounds().run()
    legal_time.move_to(legal_time.now() + timedelta(days=3))
    with action(by="a test", reason="something wrong") as act:
        act.change(residents()[0], household="nowhere")
    Rounds().run()
    days = measuring.course(Resident, "440103")
    assert len(days) == 2 and days[1][1].percent < days[0][1].percent
    province = Person("440000-police-head")
    page = province.get("/desk/quality/population/resident/")
    assert "按县级" in page and "荔湾区" in page


def test_measuring_again_changes_no_number() -> None:
    Rounds().run()
    before = sorted(Score.objects.values_list("record_type", "rule", "division", "good", "applied"))
    Rounds().run()
    after = sorted(Score.objects.values_list("record_type", "rule", "division", "good", "applied"))
    assert before == after and before


def test_officials_see_the_registers_that_they_read() -> None:
    Rounds().run()
    head, stranger = Person(HEAD), Person("440103-market-head")
    assert "居民" in head.get("/desk/quality/") and "个体工商户" not in head.text
    assert "个体工商户" in stranger.get("/desk/quality/")
    stranger.get("/desk/quality/population/resident/")
    assert stranger.status == 403
    head.get("/desk/quality/population/nothing/")
    assert head.status == 404


def test_rules_read_projected_fields_only() -> None:
    for model in measuring.ruled_types():
        for rule in model.record.rules:
            assert expressions.fields(rule) <= set(model.record.projected), (model, rule.code)
    building.bring_up_to_date(Household)
