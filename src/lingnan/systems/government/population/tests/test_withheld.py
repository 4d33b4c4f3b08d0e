"""A resident's education is for who enters it: the head's post meets it nowhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.runtime.api import action
from lingnan.systems.government.population.models import Resident
from tests.kernel.editing import HEAD, OFFICER, RESIDENTS, entry, fresh, one, page_of
from tests.kernel.govstack import HEAD as HEAD_CLIENT
from tests.kernel.govstack import Caller, enrolled
from tests.kernel.sending import CITY_HEAD, send, table
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
SAID, HIDDEN = "大学（大专以上）", "不在本岗位权限内"
API = "/api/records/population/resident"


def schooled() -> Resident:
    """Somebody whose education has changed once, so that the history tells of it."""
    with action(by="a test", reason="a lower level first") as act:
        act.change(one(), education="primary")
    with action(by="a test", reason="a degree") as act:
        return act.change(one(), education="college")


def test_the_pages_say_so_and_keep_it() -> None:
    resident, officer, head = schooled(), Person(OFFICER), Person(HEAD)
    for url in (page_of(resident), f"{page_of(resident)}history/"):
        assert SAID in officer.get(url), url
        page = head.get(url)
        assert head.status == 200 and HIDDEN in page, url
        assert SAID not in page and "小学" not in page, url
    assert 'name="f_education"' in officer.get(RESIDENTS)
    assert 'name="f_education"' not in head.get(RESIDENTS)


def test_it_chooses_nothing_in_a_list_a_search_or_the_api() -> None:
    resident, officer, head = schooled(), Person(OFFICER), Person(HEAD)
    for who, tells in ((officer, True), (head, False)):
        found = [_chosen(who, resident, level) for level in ("college", "junior")]
        assert (found[0] != found[1]) is tells
        told = [who.client.get(f"{API}?f_education={n}").json() for n in ("college", "junior")]
        assert (told[0] != told[1]) is tells


def _chosen(who: Person, resident: Resident, level: str) -> bool:
    """Whether a search for somebody, narrowed to a level, finds them."""
    return page_of(resident) in who.post(RESIDENTS, q=resident.name, f_education=level)


def test_no_file_has_it_or_is_chosen_by_it() -> None:
    schooled()
    files = []
    for level in ("college", "junior"):
        told = {"purpose": "统计核对", "f_education": level}
        answer: Any = Person(HEAD).client.post(f"{RESIDENTS}export/", told)
        files.append(b"".join(answer.streaming_content).decode())
    assert files[0] == files[1] and SAID not in files[0] and "教育程度" not in files[0]


def test_nobody_counts_by_it_who_does_not_see_it() -> None:
    page = f"{RESIDENTS}statistics/"
    officer, head = Person(OFFICER), Person(HEAD)
    assert 'value="education"' in officer.get(page) and 'value="education"' not in head.get(page)
    for by in ("by=education", "by=sex&and=education", "by=sex&and=urban&also=education"):
        head.get(f"{page}?{by}")
        assert head.status == 422, by
        assert head.client.get(f"{API}/statistics?{by}").status_code == 422, by
        assert head.client.get(f"{page}table.csv?{by}").status_code == 422, by
    assert officer.client.get(f"{API}/statistics?by=education").status_code in (200, 503)


@pytest.fixture
def clients(settings: Any, tmp_path: Path) -> Iterator[None]:
    enrolled(settings, tmp_path)
    file = Path(settings.GOVSTACK_CLIENTS)
    text = file.read_text(encoding="utf-8").replace(OFFICER, HEAD_CLIENT)
    file.write_text(text.replace('"records_officer"', '"head"'), encoding="utf-8")
    yield


@pytest.mark.usefixtures("clients")
def test_the_other_interface_has_no_such_field() -> None:
    resident, caller = schooled(), Caller()
    ref = page_of(resident).split("/")[-2]
    asked = {"query": {"content": {"id": ref}}}
    said = caller.send("post", "/population.resident/1.0/read", asked)
    assert caller.status == 200 and said["content"]["name"] == resident.name
    assert "education" not in said["content"] and "college" not in str(said)
    caller.get(f"/population.resident/1.0/{ref}/readValue/education.json")
    assert caller.status == 404


def test_a_file_of_who_does_not_see_it_changes_it_not() -> None:
    resident, head = schooled(), Person(HEAD)
    names = "resident_number,name,sex,birth_date,division,address,domicile,household,education"
    held = [str(getattr(resident, name)) for name in names.split(",")]
    sent = send(head, table(",".join([*held[:-1], "junior"]), names=names), "人口.csv", RESIDENTS)
    sent.checked(changes="1")
    assert "受教育程度：不在您的岗位权限内" in sent.errors()[2]
    new = ["440103199001010017", "新来（合成）", "1", "1990-01-01", *held[4:-1], "junior"]
    sent = send(head, table(",".join(new), names=names), "人口.csv", RESIDENTS).checked()
    sent.taken(confirmed_by=CITY_HEAD)
    assert Resident.objects.get(resident_number=new[0]).education == "junior"
    assert fresh(resident).education == "college"


def test_who_enters_it_does_so_alone() -> None:
    resident, officer = schooled(), Person(OFFICER)
    officer.post(f"{page_of(resident)}change/", **entry(resident, education="senior"))
    assert fresh(resident).education == "senior"
    assert SAID in officer.get(f"{page_of(resident)}history/")
