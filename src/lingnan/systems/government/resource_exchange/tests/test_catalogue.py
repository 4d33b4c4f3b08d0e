"""The catalogue of entries: codes that stay, what is declared, searching, and other catalogues."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.exchange.api import resources
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.standards import resource_code
from lingnan.systems.government.resource_exchange import dcat_pages, entries, finding
from lingnan.systems.government.resource_exchange.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DCAT = "/catalogue/dcat.jsonld"


def entry(resource: str) -> Entry:
    return Entry.objects.get(resource=resource)


def made(number: int, title: str, **values: Any) -> Entry:
    """An entry of some other system, as a province has thousands."""
    plain: dict[str, Any] = {
        "code": f"399{number:03}/1", "category": f"399{number:03}", "resource": f"other.r{number}",
        "title_zh": title, "title_en": f"Resource {number}", "provider": "gd-440000-data",
        "subject": "thing", "way": "table", "sharing": "unconditional",
        "elements": [{"code": "other.value", "zh": "数值", "en": "Value"}],
        "condition_zh": "无条件", "condition_en": "none", "basis": "《水法》（2016-07-02）第十六条",
        "opened": "open", "cycle": "month", "published_on": legal_time.today(), "words": "",
    }  # fmt: skip
    with action(by="a test", reason="an entry") as act:
        return act.create(Entry, **(plain | values))


def test_every_declared_resource_has_an_entry_with_a_code_of_its_own() -> None:
    found = {one.resource: one for one in Entry.objects.filter(ended=False)}
    assert set(found) == set(resources())
    codes = [resource_code.code(one.code) for one in found.values()]
    assert len(set(codes)) == len(codes)
    for one in found.values():
        declared = resources()[one.resource]
        assert str(resource_code.code(one.code).category) == declared.category
        assert (one.sharing, one.basis) == (declared.sharing, declared.basis)
        assert {said["code"] for said in one.elements} == set(declared.elements)
        assert one.provider
    assert entry("population.identity").provider.endswith("-police")


def test_keeping_it_again_writes_nothing_and_a_change_is_a_version() -> None:
    assert entries.keep() == 0
    one = entry("credit.standing")
    with action(by="a test", reason="it says something else") as act:
        act.change(one, condition_zh="别的条件")
    assert entries.keep() == 1
    again = entry("credit.standing")
    assert again.condition_zh == resources()["credit.standing"].condition.zh
    assert (again.code, again.version) == (one.code, one.version + 2)


def test_a_resource_that_comes_back_keeps_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = entry("credit.standing").code
    gone = made(1, "别的系统", resource="gone_system.things")
    assert entries.keep() == 1
    assert Entry.objects.get(key=gone.key).ended
    with action(by="a test", reason="its system was taken off") as act:
        act.end(entry("credit.standing"))
    assert "/catalogue/credit.standing/" not in Client().get("/catalogue/").content.decode()
    assert Client().get("/catalogue/credit.standing/").status_code == 404
    assert entries.keep() == 1
    assert (entry("credit.standing").code, entry("credit.standing").ended) == (before, False)


def test_what_a_system_shares_no_more_leaves_the_catalogue() -> None:
    dropped = made(2, "信用的旧资源", resource="credit.dropped")
    assert entries.keep() == 1
    assert Entry.objects.get(key=dropped.key).ended


def test_the_nearest_comes_first_and_pages_follow() -> None:
    for number in range(60):
        made(number + 1, f"水质监测数据{number}")
    made(90, "水质")
    made(91, "地下水", words="含水质评价")
    first = finding.find(finding.Asked("水质"))
    assert (first.total, first.more) == (62, False)
    assert first.entries[0].title_zh == "水质"
    second = finding.find(finding.Asked("水质"), first.following)
    last = finding.find(finding.Asked("水质"), second.following)
    assert last.entries[-1].title_zh == "地下水" and last.following == ""
    seen = [one.code for page in (first, second, last) for one in page.entries]
    assert len(seen) == len(set(seen)) == 62


def test_all_are_gone_through_by_code_and_narrowed() -> None:
    for number in range(40):
        made(number + 1, f"资源{number}")
    start, seen = "", []
    while True:
        page = finding.find(finding.Asked(), start)
        seen += [one.code for one in page.entries]
        start = page.following
        if not start:
            break
    assert seen == sorted(seen) and len(seen) == 40 + len(resources())
    base = finding.find(finding.Asked(kind="1"))
    assert {one.category[0] for one in base.entries} == {"1"}
    text = Client().get("/catalogue/?category=3&sharing=unconditional").content.decode()
    assert 'rel="next"' in text and "/catalogue/other.r1/" in text


def test_a_bad_page_or_choice_is_the_first_or_none() -> None:
    for query in ("from=x&q=水质", "from=99999999999&q=水质", "category=9", "q=,"):
        assert Client().get(f"/catalogue/?{query}").status_code == 200


def pages() -> Iterator[dict[str, Any]]:
    """All pages of the export, by its own links."""
    where = DCAT
    while where:
        answer = Client().get(where)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/ld+json"
        said = json.loads(answer.content)
        yield said
        views = [one for one in said["@graph"] if one["@type"] == "hydra:PartialCollectionView"]
        where = views[0]["hydra:next"]["@id"].removeprefix("http://testserver") if views else ""


def test_other_catalogues_read_every_entry_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dcat_pages, "PAGE", 5)
    found = list(pages())
    assert len(found) > 2
    named: list[str] = []
    for said in found:
        sets = [one for one in said["@graph"] if one["@type"] == "dcat:Dataset"]
        (catalogue,) = [one for one in said["@graph"] if one["@type"] == "dcat:Catalog"]
        assert {one["@id"] for one in sets} == {one["@id"] for one in catalogue["dcat:dataset"]}
        named += [one["dct:identifier"] for one in sets]
    assert sorted(named) == sorted(Entry.objects.values_list("code", flat=True))
