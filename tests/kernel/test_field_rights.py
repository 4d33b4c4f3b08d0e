"""A field that is withheld from a post is withheld everywhere."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lingnan.kernel.registry import rights
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence, official
from lingnan.systems.government.population.models import Resident
from tests.kernel.editing import HEAD, OFFICER, RESIDENTS, entry, fresh, one, page_of
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
API = "/api/records/population/resident"
# Withheld from the head: the other readers of the register see it.
ONLY = official("records_officer", functions=("police",))
WORDS = "不在本岗位权限内"


@pytest.fixture(autouse=True)
def withheld(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The register of residents as a declaration would withhold two of its facts."""
    declared = replace(Resident.record, withheld={"address": ONLY, "nation": ONLY},
                       search=("address", "name"))  # fmt: skip
    monkeypatch.setattr(Resident, "record", declared)
    yield


def secret() -> Resident:
    resident = one()
    with action(by="a test", reason="to see") as act:
        return act.change(resident, address="密址77号", nation="08")


def test_the_pages_say_so_and_keep_it() -> None:
    resident, head, officer = secret(), Person(HEAD), Person(OFFICER)
    for url in (page_of(resident), f"{page_of(resident)}history/"):
        assert "密址77号" in officer.get(url), url
        page = head.get(url)
        assert head.status == 200 and "密址77号" not in page and WORDS in page, url
    assert "密址77号" not in head.post(RESIDENTS, q=resident.name)
    assert "密址77号" in officer.post(RESIDENTS, q=resident.name)


def test_nothing_is_found_chosen_or_sorted_by_it() -> None:
    resident, head, officer = secret(), Person(HEAD), Person(OFFICER)
    assert page_of(resident) in officer.post(RESIDENTS, q="密址77")
    assert page_of(resident) not in head.post(RESIDENTS, q="密址77")
    assert 'name="f_nation"' in officer.get(RESIDENTS)
    assert 'name="f_nation"' not in head.get(RESIDENTS)
    # A filter of a withheld field chooses nothing: the list is that without it.
    told = [head.client.get(f"{API}?f_nation={n}").json()["records"] for n in ("08", "12")]
    assert told[0] == told[1]
    told = [officer.client.get(f"{API}?f_nation={n}").json()["records"] for n in ("08", "12")]
    assert told[0] != told[1]


def test_the_api_leaves_it_out_and_says_which() -> None:
    resident, head = secret(), Person(HEAD)
    ref = page_of(resident).split("/")[-2]
    answer = head.client.get(f"{API}/{ref}").json()
    code = "person.residence_address"
    assert answer["elements"][code] is None and answer["withheld"] == [code]
    entry_of = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert entry_of is not None and code not in entry_of["elements"]
    for version in head.client.get(f"{API}/{ref}/history").json():
        assert version["elements"][code] is None and version["withheld"] == [code]
    for row in head.client.get(API).json()["records"]:
        assert row["elements"][code] is None


def test_a_file_has_no_column_for_it() -> None:
    secret()
    head = Person(HEAD)
    answer = head.client.post(f"{RESIDENTS}export/", {"purpose": "统计核对"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "姓名" in text and "地址" not in text.splitlines()[0] and "密址77号" not in text


def test_a_doubt_and_a_proposal_do_not_tell_it() -> None:
    resident, officer, head = secret(), Person(OFFICER), Person(HEAD)
    assert 'value="person.residence_address"' not in head.get(f"{page_of(resident)}doubt/")
    told = entry(fresh(resident), nation="03", education="primary")
    officer.post(f"{page_of(resident)}change/", **told)
    page = head.get(officer.url)
    assert "小学" in page and "回族" not in page and WORDS in page
    head.post(officer.url, act="confirm", reason="同意")
    assert head.status == 403  # nobody confirms what they do not see


def test_what_names_a_record_cannot_be_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = replace(Resident.record, withheld={"name": ONLY, "division": ONLY})
    monkeypatch.setattr(Resident, "record", bad)
    assert len(list(rights.faults(Resident))) == 2
