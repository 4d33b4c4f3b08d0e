"""Over HTTP: what a firm publishes itself, in time or late, and corrects in sight of all."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.legal_persons.models import Enterprise, Publication
from tests.firms import COUNTY, on_the_day, until
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

CAPITAL = {
    "act": "publish",
    "kind": "capital",
    "subject": "何某",
    "content": "2026年2月20日实缴",
    "came_about_on": "2026-02-20",
    "subscribed": "100000",
    "paid": "40000",
    "means": "money",
}
PENALTY = {
    "act": "publish",
    "kind": "penalty",
    "subject": "穗荔市监罚〔2026〕1号",
    "content": "罚款五百元",
    "came_about_on": "2026-01-05",
}


def publish_at(firm: Enterprise, number: str = "") -> str:
    last = f"{number}/" if number else ""
    return f"/enterprises/mine/{firm.credit_code}/publish/{last}"


def test_what_came_about_is_published_in_time_or_marked_late(
    founder: Person, firm: Enterprise
) -> None:
    assert "公示信息" in founder.get(f"/enterprises/mine/{firm.credit_code}/")
    founder.post(publish_at(firm), **CAPITAL)
    assert founder.status == 200 and founder.url == f"/enterprises/mine/{firm.credit_code}/"
    made = Publication.objects.get(company=firm.credit_code)
    # Nobody works until 23 February; Saturday 28 February is worked.
    assert made.published_on == legal_time.today() and made.due_on == date(2026, 3, 20)
    page = Person("resident-440106").get(f"/enterprises/{firm.credit_code}/")
    assert "100,000" in page and "40,000" in page and "按时" in page and "逾期" not in page
    founder.post(publish_at(firm), **PENALTY)
    late = Publication.objects.get(company=firm.credit_code, kind="penalty")
    assert late.due_on == date(2026, 2, 2) and late.late
    page = Person("resident-440106").get(f"/enterprises/{firm.credit_code}/")
    assert "罚款五百元" in page and "逾期" in page and "更正" not in page


def test_the_last_working_day_is_in_time_and_the_next_is_late(
    founder: Person, firm: Enterprise
) -> None:
    # The Spring Festival, 15 to 23 February, lies between; both Saturdays around it are worked.
    for day in ("2026-01-27", "2026-01-26"):
        founder.post(publish_at(firm), **(PENALTY | {"came_about_on": day}))
    rows = Publication.objects.filter(company=firm.credit_code).order_by("key")
    assert [(one.due_on, one.late) for one in rows] == [
        (date(2026, 3, 2), False),
        (date(2026, 2, 28), True),
    ]


def test_a_correction_keeps_what_was_published_before(founder: Person, firm: Enterprise) -> None:
    founder.post(publish_at(firm), **CAPITAL)
    made = Publication.objects.get(company=firm.credit_code)
    form = founder.get(publish_at(firm, made.number))
    assert 'value="40000"' in form and CAPITAL["content"] in form
    founder.post(publish_at(firm, made.number), **CAPITAL)
    assert founder.status == 409 and "与已公示内容相同" in founder.text
    founder.post(publish_at(firm, made.number), **(CAPITAL | {"paid": "45000"}))
    assert founder.status == 200
    page = Person("resident-440106").get(f"/enterprises/{firm.credit_code}/")
    assert "45,000" in page and "更正前" in page and "40,000" in page
    assert Publication.objects.filter(company=firm.credit_code).count() == 1


def test_a_correction_makes_nothing_late_timely_and_is_dated(
    founder: Person, firm: Enterprise
) -> None:
    founder.post(publish_at(firm), **PENALTY)
    made = Publication.objects.get(company=firm.credit_code)
    assert made.late and made.corrected_on is None
    until(date(2026, 3, 5))
    founder = on_the_day(founder)
    founder.post(publish_at(firm, made.number), **(PENALTY | {"came_about_on": "2026-02-27"}))
    assert founder.status == 200, founder.text
    now = Publication.objects.get(key=made.key)
    assert now.late and now.published_on == date(2026, 3, 2)
    assert now.corrected_on == date(2026, 3, 5)
    page = Person("resident-440106").get(f"/enterprises/{firm.credit_code}/")
    assert "逾期" in page and "2026年3月5日更正" in page and "2026年1月5日" in page


def test_a_correction_may_show_that_it_was_late(founder: Person, firm: Enterprise) -> None:
    founder.post(publish_at(firm), **CAPITAL)
    made = Publication.objects.get(company=firm.credit_code)
    assert not made.late
    founder.post(publish_at(firm, made.number), **(CAPITAL | {"came_about_on": "2026-01-05"}))
    assert Publication.objects.get(key=made.key).late


def test_many_publications_are_shown_page_by_page(founder: Person, firm: Enterprise) -> None:
    for place in range(28):
        founder.post(publish_at(firm), **(PENALTY | {"subject": f"罚字第{place:02d}号"}))
    for url in (f"/enterprises/{firm.credit_code}/", f"/enterprises/mine/{firm.credit_code}/"):
        page = founder.get(url)
        assert "罚字第27号" in page and "罚字第03号" in page and "罚字第02号" not in page
        more = re.search(r'rel="next" href="([^"]*published=[^"]*)"', page)
        assert more, page
        page = founder.get(url + more[1])
        assert "罚字第02号" in page and "罚字第00号" in page and "罚字第03号" not in page
        assert 'rel="next"' not in page


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"kind": "wishes"}, 422, "请选择"),
        ({"subject": ""}, 422, "请填写"),
        ({"content": "长" * 401}, 422, "400"),
        ({"came_about_on": "2026-03-03"}, 422, "至2026年3月2日"),
        ({"came_about_on": "soon"}, 422, "至2026年3月2日"),
        ({"subscribed": "-1"}, 422, "请填写整数"),
        ({"paid": "９"}, 422, "请填写整数"),
        ({"means": ""}, 422, "请选择"),
        ({"paid": "100001"}, 409, "不能超过认缴"),
        ({"came_about_on": "2019-05-05"}, 409, "2014年10月"),
    ],
)
def test_what_is_faulty_is_refused_and_nothing_is_lost(
    founder: Person, firm: Enterprise, changes: dict[str, str], status: int, said: str
) -> None:
    page = founder.post(publish_at(firm), **(CAPITAL | changes))
    assert founder.status == status and said in page, page
    assert changes.get("subject", "何某") in page and changes.get("content", "实缴") in page
    assert not Publication.objects.filter(company=firm.credit_code).exists()


def test_only_who_represents_the_firm_publishes(founder: Person, firm: Enterprise) -> None:
    founder.post(publish_at(firm), **CAPITAL)
    made = Publication.objects.get(company=firm.credit_code)
    stranger = Person("resident-440106")
    for url in (publish_at(firm), publish_at(firm, made.number)):
        stranger.post(url, **PENALTY)
        assert stranger.status == 404
        registrar = Person(f"{COUNTY}-market-reviewer")
        registrar.get(url)
        assert registrar.status == 403
    founder.get(publish_at(firm, "GS-none-001"))
    assert founder.status == 404
    assert Publication.objects.filter(company=firm.credit_code).count() == 1


def test_many_publications_cost_no_more_queries(founder: Person, firm: Enterprise) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            founder.get(f"/enterprises/{firm.credit_code}/")
        return len(counted)

    def corrected(paid: str) -> None:
        founder.post(publish_at(firm), **CAPITAL)
        made = Publication.objects.filter(company=firm.credit_code).order_by("-key")[0]
        founder.post(publish_at(firm, made.number), **(CAPITAL | {"paid": paid}))

    corrected("1")
    before = queries()
    for paid in ("2", "3", "4"):
        corrected(paid)
    assert queries() == before
