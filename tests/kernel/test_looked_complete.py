"""“Who looked” is complete: whatever was done with somebody's data stands there, once each."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.exchange.api import introduce, single
from lingnan.kernel.registry.api import reading, record_type
from lingnan.kernel.trust.api import Account, Actor, actor_of
from tests.examples import examples
from tests.kernel import uses
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COUNTIES = ("440103", "440106")
ACTS = ("read", "opened", "listed", "exported")


def official(county: str) -> Actor:
    found = actor_of(Account.objects.get(login=f"{county}-police-head"))
    assert found is not None
    return found


def do(act: str, county: str) -> list[int]:
    """Do it to the resident of a county; the numbers of the evidence that it wrote about them."""
    model, account = record_type("population", "resident"), uses.resident(county)
    key, before = uses.key_of(account), uses.size()
    who, everybody = official(county), reading.Reading()
    if act == "read":
        consumer = uses.MARKET
        single(uses.identity(subjects=(introduce(account.subject, to=consumer),)))
    elif act == "opened":
        assert reading.opened(model, who, reading.reference_of(model, key))
    elif act == "listed":
        after, seen = "", False
        while not seen:
            rows, after = reading.page(model, who, everybody, after)
            seen = key in [row.key for row in rows] or not after
    else:
        list(reading.exported(model, who, everybody, "a test", 1000))
    return [seq for seq in uses.about(key) if seq > before]


def shown(county: str, since: int) -> list[int]:
    """The numbers of evidence on all the pages of a resident, newer than a number."""
    person, found, address = Person(f"resident-{county}"), [], "/looked/"
    while address:
        listed = person.get(address).partition('<table class="stack"')[2]
        found += [int(n.replace(",", "")) for n in re.findall(r"存证编号 ([\d,]+)", listed)]
        following = re.search(r'rel="next" href="\?([^"]*)"', listed)
        address = f"/looked/?{following[1]}" if following else ""
        if found and found[-1] <= since:
            break
    return [seq for seq in found if seq > since]


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(COUNTIES)), max_size=12))
def test_every_use_stands_on_the_page_once(done: list[tuple[str, str]]) -> None:
    since = uses.size()
    wanted: dict[str, list[int]] = {county: [] for county in COUNTIES}
    for act, county in done:
        written = do(act, county)
        assert written, act
        wanted[county] += written
    for county in COUNTIES:
        assert sorted(shown(county, since)) == sorted(wanted[county])


def test_filters_show_what_fits_and_nothing_is_lost_between_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from lingnan.portal import looked

    monkeypatch.setattr(looked, "BATCH", 7)
    monkeypatch.setattr(looked, "MOST", 14)
    since = uses.size()
    read, opened = [], []
    for _time in range(30):
        opened += do("opened", "440103")
        read += do("read", "440103")
    person = Person("resident-440103")
    found: list[int] = []
    address = f"/looked/?body={uses.MARKET}"
    pages: list[Any] = []
    while address:
        listed = person.get(address)
        pages.append(listed)
        part = listed.partition("</form>\n")[2] if "stack" not in listed else listed
        part = part.partition('<table class="stack"')[2] or part
        found += [int(n.replace(",", "")) for n in re.findall(r"存证编号 ([\d,]+)", part)]
        following = re.search(r'rel="next" href="(\?[^"]*)"', listed)
        older = bool(found) and found[-1] <= since
        address = f"/looked/{following[1].replace('&amp;', '&')}" if following and not older else ""
    assert [seq for seq in found if seq > since] == sorted(read, reverse=True)
    assert len(pages) > 2
    person.get("/looked/?since=nonsense")
    assert person.status == 422
    assert not re.search(r"存证编号", person.get("/looked/?until=2000-01-01").partition("stack")[2])
