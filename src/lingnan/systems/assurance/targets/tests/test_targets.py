"""The plan's figures, and what is computed of them, case by case and over HTTP."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from lingnan.kernel.duty.api import Clock, Standing
from lingnan.kernel.insight.api import (
    PROVINCE,
    Figure,
    by_division,
    compute_all,
    indicators,
    latest,
)
from lingnan.kernel.matters.api import Case, CaseEvent, find, published
from lingnan.kernel.matters.models import Application
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.systems.assurance.targets.plan import aims, groups
from tests.clockwork import advance
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "indicators.yaml").read_text("utf-8"))


def made(row: dict[str, Any]) -> Case:
    """A case as the sheet describes it."""
    today, key, body = legal_time.today(), keys.new_key(), f"gd-{row['at']}-market"
    number, definition = f"{row['at']}-T{key}", find("individual_business")
    assert definition is not None
    application = Application.objects.create(
        reference=f"{key:x}",
        account=0,
        definition=definition[0],
        body=body,
        subject=f"{key:032x}",
        started_at=legal_time.now(),
    )
    sources = ["record"] * row.get("record", 0) + ["typed"] * row.get("typed", 0)
    case = Case.objects.create(
        key=key,
        number=number,
        definition=definition[0],
        matter="individual_business",
        body=body,
        applicant=f"{key:032x}",
        account=0,
        application=application,
        about="",
        declared={f"f{n}": {"value": "x", "source": source} for n, source in enumerate(sources)},
        state=row.get("state", "delivered" if "decided" in row else "in_review"),
        received_on=today - timedelta(days=row["received"]),
    )
    by = "resident 0f" if row.get("online", True) else f"某人 ({body}/clerk 00000000)"
    CaseEvent.objects.create(
        case=case, number=1, kind="received", at=legal_time.now(), by=by, by_name="", evidence=0
    )
    if "decided" in row:
        decided(case, row)
    return case


def decided(case: Case, row: dict[str, Any]) -> None:
    limit = {"statutory": row["statutory"], "promised": row["promised"]}
    clock = Clock.objects.create(
        key=keys.new_key(),
        reference=case.number,
        code="decision",
        unit="working_day",
        basis="a basis",
        started_on=case.received_on,
        **limit,
    )
    Standing.objects.create(
        clock=clock,
        reference=case.number,
        code="decision",
        body=case.body,
        about=case.matter,
        state="stopped",
        started_on=case.received_on,
        used=row["used"],
        stopped_on=legal_time.today() - timedelta(days=row["decided"]),
        **limit,
    )


@pytest.mark.parametrize("sheet", CASES, ids=lambda sheet: sheet["what"])
def test_an_indicator_counts_as_the_sheet_says(sheet: dict[str, Any]) -> None:
    for row in sheet["cases"]:
        made(row)
    compute_all()
    for code, expected in sheet["province"].items():
        assert by_division(code)[PROVINCE] == Figure(*expected), code
    for city, figures in sheet.get("cities", {}).items():
        for code, expected in figures.items():
            assert by_division(code)[city] == Figure(*expected), (city, code)


def test_the_cities_add_up_to_the_province() -> None:
    for sheet in CASES:
        for row in sheet["cases"]:
            made(row)
    compute_all()
    counted = 0
    for code in indicators():
        figures = by_division(code)
        cities = [figure for place, figure in figures.items() if place != PROVINCE]
        if cities:
            assert sum(cities[1:], cities[0]) == figures[PROVINCE], code
            counted += 1
    assert counted >= 5


def test_matters_are_counted_from_the_catalogue() -> None:
    compute_all()
    licences = [m for _d, m in published() if m.kind == "licence"]
    others = [m for _d, m in published() if m.kind != "licence"]
    assert licences and others
    assert by_division("licence_matters_online")[PROVINCE].denominator == len(licences)
    assert by_division("service_matters_online")[PROVINCE].denominator == len(others)


def test_a_filed_case_moves_the_figures_on_the_next_day() -> None:
    advance("1d")
    before = latest("fields_prefilled")
    number = file_business(Person("resident-440103"))
    declared = Case.objects.get(number=number).declared
    filled = sum(answer["source"] == "record" for answer in declared.values())
    assert filled
    advance("1d")
    found = latest("fields_prefilled")
    assert before is not None and found is not None and found[0] == before[0] + timedelta(days=1)
    assert found[1].numerator == before[1].numerator + filled
    page = Client().get("/targets/?show=fields_prefilled").content.decode()
    assert f"{found[1].numerator} / {found[1].denominator}" in page and "广州市" in page


def test_the_plan_is_stated_and_what_is_not_measured_says_so() -> None:
    page = Client().get("/targets/").content.decode()
    for one in aims():
        assert one.title.zh in page and one.source.zh in page
    for words in ("90%", "80%", "55.3%", "51.0%", "18 / 21"):
        assert words in page, words
    assert page.count("这里尚未测算") == sum(not one.indicator for one in aims())
    assert {one.group for one in aims()} == {code for code, _title in groups()}
    assert {one.indicator for one in aims() if one.indicator} <= set(indicators())


def test_the_page_before_anything_was_computed() -> None:
    page = Client().get("/targets/").content.decode()
    assert "尚无可计数的内容" in page and "各市尚无数值" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_in_both_languages(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    page = client.get("/targets/").content.decode()
    words = {"zh-hans": "互联网普及率", "en": "Internet penetration"}
    assert words.pop(language) in page and not any(word in page for word in words.values())
    client.get("/targets/?show=%22%3E")
