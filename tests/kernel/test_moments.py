"""A register read as it held on a day, by what was known on a day; and a record's whole history."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from lingnan.kernel.runtime.api import action, as_of, keys, legal_time
from lingnan.kernel.runtime.temporal.history import course
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
RESIDENTS = "/desk/records/population/resident/"
API = "/api/records/population/resident"
LIWAN, TIANHE, CITY = (f"{code}-police-records_officer" for code in ("440103", "440106", "440100"))


def advance(days: int) -> date:
    return legal_time.move_to(legal_time.now() + timedelta(days=days)).date()


@pytest.fixture
def moved() -> Iterator[Resident]:
    """A resident of Liwan who moves to Tianhe, three days after the beginning; and a correction."""
    resident = Resident.objects.filter(division="440103").order_by("key").first()
    assert resident is not None
    advance(3)
    with action(by="登记员", reason="迁移") as act:
        act.change(resident, division="440106", address="天河路1号")
    yield Resident.objects.get(key=resident.key)


def ref(resident: Resident) -> str:
    return keys.veil(resident.key, "population.resident")


def payload() -> dict[str, object]:
    found = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert found is not None
    return dict(found)


def test_a_record_is_shown_as_it_held_on_a_day(moved: Resident) -> None:
    before = (legal_time.today() - timedelta(days=1)).isoformat()
    officer = Person(CITY)
    today = officer.get(f"{RESIDENTS}{ref(moved)}/")
    assert "天河路1号" in today and "回到今天" not in today
    then = officer.get(f"{RESIDENTS}{ref(moved)}/?on={before}")
    assert "天河路1号" not in then and "当日记载" in then and "回到今天" in then
    assert payload()["valid"] == before and payload()["known"] == ""


def test_what_was_known_is_not_what_held(moved: Resident) -> None:
    """A correction of the past changes what held, not what was known of it."""
    known = legal_time.today()
    advance(2)
    past = known - timedelta(days=2)
    with action(by="登记员", reason="门牌更正") as act:
        act.correct(moved, valid_from=past, valid_to=known, address="龙津东路99号")
    officer, at = Person(CITY), f"{RESIDENTS}{ref(moved)}/?on={past.isoformat()}"
    assert "龙津东路99号" in officer.get(at)
    assert "龙津东路99号" not in officer.get(f"{at}&known={known.isoformat()}")


def test_a_list_of_the_past_is_that_days_register(moved: Resident) -> None:
    """The old county's list has who has moved away; the new county's list of then has not."""
    before = (legal_time.today() - timedelta(days=1)).isoformat()
    number = moved.resident_number
    for officer, now, then in ((Person(LIWAN), False, True), (Person(TIANHE), True, False)):
        shown = f"{RESIDENTS}{ref(moved)}/"
        assert (shown in officer.post(RESIDENTS, q=number)) is now
        assert (shown in officer.post(RESIDENTS, q=number, on=before)) is then
    page = Person(LIWAN).post(RESIDENTS, q=number, on=before)
    assert f'{RESIDENTS}{ref(moved)}/?on={before}"' in page and "当日记载" in page


def test_who_had_it_in_sight_then_sees_that_day_and_not_the_rest(moved: Resident) -> None:
    before = (legal_time.today() - timedelta(days=1)).isoformat()
    liwan = Person(LIWAN)
    assert moved.name in liwan.get(f"{RESIDENTS}{ref(moved)}/?on={before}")
    liwan.get(f"{RESIDENTS}{ref(moved)}/")
    assert liwan.status == 404
    liwan.get(f"{RESIDENTS}{ref(moved)}/history/")
    assert liwan.status == 404
    tianhe = Person(TIANHE)
    assert moved.name in tianhe.get(f"{RESIDENTS}{ref(moved)}/?on={before}")


def test_pages_of_a_list_of_the_past_go_on_and_show_each_once(moved: Resident) -> None:
    before = (legal_time.today() - timedelta(days=1)).isoformat()
    officer, seen, url = Person(CITY), [], f"{RESIDENTS}?on={before}"
    while url:
        page = officer.get(url)
        seen += re.findall(rf'<th[^>]*><a href="{RESIDENTS}([\w-]+)/\?on={before}"', page)
        following = re.search(r'href="([^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"', page)
        url = ""
        if following:
            url = RESIDENTS + (following[1] or following[2]).replace("&amp;", "&")
    day = legal_time.today() - timedelta(days=1)
    rows = [as_of(Resident, key, day) for key in Resident.objects.values_list("key", flat=True)]
    held = [row for row in rows if row is not None and row.division.startswith("4401")]  # type: ignore[attr-defined]
    assert len(seen) == len(set(seen)) == len(held)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("on=2026-13-01", "请按年、月、日填写"),
        ("on=morgen", "请按年、月、日填写"),
        ("on=1776-07-04", "1900"),
        ("known=2999-01-01", "没有人能"),
    ],
)
def test_a_day_that_cannot_be_is_asked_for_again(query: str, words: str) -> None:
    officer = Person(LIWAN)
    page = officer.get(f"{RESIDENTS}?{query}")
    assert officer.status == 422 and words in page
    answer = officer.client.get(f"{API}?{query}")
    assert answer.status_code == 422 and words in answer.json()["detail"]


def test_the_api_travels_too(moved: Resident) -> None:
    before = (legal_time.today() - timedelta(days=1)).isoformat()
    client = Person(CITY).client
    now = client.get(f"{API}/{ref(moved)}").json()["elements"]
    then = client.get(f"{API}/{ref(moved)}?on={before}").json()["elements"]
    assert now["person.residence_division"] == "440106"
    assert then["person.residence_division"] == "440103"
    told = client.get(f"{API}/{ref(moved)}/history").json()
    assert [one["version"] for one in told] == [1, 2] and told[1]["reason"] == "迁移"
    assert Person(LIWAN).client.get(f"{API}/{ref(moved)}/history").status_code == 404


def test_a_history_says_what_held_when_and_how_it_came_to_be_known(moved: Resident) -> None:
    known = legal_time.today()
    advance(2)
    with action(by="登记员", reason="门牌更正") as act:
        act.correct(
            moved, valid_from=known - timedelta(days=2), valid_to=known, address="龙津东路99号"
        )
    officer = Person(TIANHE)
    page = officer.get(f"{RESIDENTS}{ref(moved)}/history/")
    assert payload()["history"] is True
    for words in ("门牌更正", "迁移", "龙津东路99号", "天河路1号", "批量导入"):
        assert words in page, words
    lanes = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "龙津东路99号" in lanes
    earlier = officer.get(f"{RESIDENTS}{ref(moved)}/history/?known=2")
    lanes = earlier.split("<tbody>")[1].split("</tbody>")[0]
    assert "龙津东路99号" not in lanes and "天河路1号" in lanes


def test_an_ended_record_keeps_its_history(moved: Resident) -> None:
    with action(by="登记员", reason="死亡注销") as act:
        act.end(moved)
    officer = Person(TIANHE)
    officer.get(f"{RESIDENTS}{ref(moved)}/")
    assert officer.status == 404
    page = officer.get(f"{RESIDENTS}{ref(moved)}/history/")
    assert "记载终止" in page and "未记载" in page
    before = (legal_time.today() - timedelta(days=1)).isoformat()
    assert moved.name in Person(CITY).get(f"{RESIDENTS}{ref(moved)}/?on={before}")


def test_a_course_leaves_out_days_on_which_nothing_held() -> None:
    class Row:
        def __init__(self, version: int, start: date, until: date | None) -> None:
            self.version, self.valid_from, self.valid_to = version, start, until
            self.recorded_at = legal_time.now()

    first, second = date(2020, 1, 1), date(2021, 1, 1)
    rows = [Row(1, first, second), Row(2, date(2022, 1, 1), None), Row(3, second, date(2021, 6, 1))]
    found = [(p.start, p.until, p.version.version) for p in course(rows)]
    assert found == [
        (first, second, 1),
        (second, date(2021, 6, 1), 3),
        (date(2022, 1, 1), None, 2),
    ]
