"""Over HTTP: who is late is ordered to publish; who lets the period pass is listed for it."""

from datetime import date, timedelta

import pytest

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.legal_persons import ordering
from lingnan.systems.government.legal_persons.daily import daily
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    ListEntry,
    Publication,
    PublicationOrder,
)
from tests.firms import on_the_day, until
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ORDER = {
    "act": "order",
    "kind": "penalty",
    "subject": "穗荔市监罚〔2026〕1号",
    "came_about_on": "2026-01-05",
    "found": "处罚决定已生效，公示系统无记录",
    "reference": "责改〔2026〕3号",
}
PENALTY = {
    "act": "publish",
    "kind": "penalty",
    "subject": "穗荔市监罚〔2026〕1号",
    "content": "罚款五百元",
    "came_about_on": "2026-01-05",
}


def acts(firm: Enterprise) -> str:
    return f"/desk/enterprises/{firm.credit_code}/acts/?act=order"


def ordered(registrar: Person, firm: Enterprise, **changes: str) -> PublicationOrder:
    registrar.post(acts(firm), **(ORDER | changes))
    assert registrar.status == 200, registrar.text
    return PublicationOrder.objects.filter(company=firm.credit_code).order_by("-key")[0]


def publish(founder: Person, made: PublicationOrder, **changes: str) -> str:
    url = f"/enterprises/mine/{made.company}/publish/?order={made.number}"
    return founder.post(url, **(PENALTY | changes))


def test_an_order_is_carried_out_by_publishing(
    founder: Person, firm: Enterprise, registrar: Person
) -> None:
    made = ordered(registrar, firm)
    assert made.until == legal_time.today() + timedelta(days=10)
    clock = Clock.objects.get(reference=made.number, code=ordering.CLOCK)
    assert (clock.unit, clock.statutory) == ("calendar_day", 10)
    assert "责令限期公示通知" in founder.get("/messages/")
    page = founder.get(f"/enterprises/mine/{firm.credit_code}/")
    assert f"publish/?order={made.number}" in page
    form = founder.get(f"/enterprises/mine/{firm.credit_code}/publish/?order={made.number}")
    assert ORDER["subject"] in form and 'value="2026-01-05"' in form and "责改〔2026〕3号" in form
    publish(founder, made, kind="other")
    assert founder.status == 409 and "另一类信息" in founder.text
    publish(founder, made)
    assert founder.status == 200, founder.text
    made = PublicationOrder.objects.get(key=made.key)
    published = Publication.objects.get(company=firm.credit_code)
    assert (made.state, made.publication) == ("done", published.number) and published.late
    assert clocks.read(clock).state == "stopped"
    until(made.until + timedelta(days=1))
    assert not ListEntry.objects.filter(company=firm.credit_code).exists()


def test_a_period_that_passes_leads_to_the_list_and_publishing_leads_off_it(
    founder: Person, firm: Enterprise, registrar: Person
) -> None:
    made = ordered(registrar, firm)
    assert daily() == 0 or not ListEntry.objects.filter(company=firm.credit_code).exists()
    until(made.until)
    assert not ListEntry.objects.filter(company=firm.credit_code).exists()
    until(made.until + timedelta(days=1))
    entry = ListEntry.objects.get(company=firm.credit_code)
    assert (entry.ground, entry.state) == ("no_publication", "noticed")
    made = PublicationOrder.objects.get(key=made.key)
    assert (made.state, made.entry) == ("lapsed", entry.number)
    until(entry.heard_until + timedelta(days=1))
    founder, registrar = on_the_day(founder), on_the_day(registrar)
    desk = f"/desk/registration/entries/{entry.number}/"
    registrar.post(desk, act="decide", outcome="enter", words="列异决〔2026〕7号")
    assert registrar.status == 200, registrar.text
    own = f"/enterprises/mine/{firm.credit_code}/"
    founder.post(f"{own}?act=remedy", act="remedy", words="已改正")
    assert ListEntry.objects.get(key=entry.key).state == "entered"
    publish(founder, made)
    assert founder.status == 200, founder.text
    assert ListEntry.objects.get(key=entry.key).state == "remedied"
    registrar.post(desk, act="decide", outcome="remove", words="移出决〔2026〕7号")
    assert ListEntry.objects.get(key=entry.key).state == "left"


def test_only_what_is_overdue_is_ordered_and_once(firm: Enterprise, registrar: Person) -> None:
    for changes, said in (
        ({"came_about_on": "2026-02-20"}, "尚未届满"),
        ({"came_about_on": "2019-01-01"}, "2014年10月"),
    ):
        registrar.post(acts(firm), **(ORDER | changes))
        assert registrar.status == 409 and said in registrar.text
    registrar.post(acts(firm), **(ORDER | {"found": ""}))
    assert registrar.status == 422 and ORDER["subject"] in registrar.text
    ordered(registrar, firm)
    registrar.post(acts(firm), **ORDER)
    assert registrar.status == 409 and "已就该信息责令" in registrar.text
    # What lies further back than the calendar reaches is overdue for certain.
    assert ordered(registrar, firm, came_about_on="2020-05-05").number.endswith("-002")


def test_an_order_is_lifted_while_its_period_runs(
    founder: Person, firm: Enterprise, registrar: Person
) -> None:
    made = ordered(registrar, firm)
    url = f"/desk/registration/orders/{made.number}/"
    stranger = Person("440106-market-reviewer")
    stranger.get(url)
    assert stranger.status == 404
    registrar.post(url, act="lift", words="")
    assert registrar.status == 422
    registrar.post(url, act="lift", words="处罚决定已撤销")
    assert registrar.status == 200 and "已撤销" in registrar.text
    registrar.post(url, act="lift", words="再次")
    assert registrar.status == 409
    until(made.until + timedelta(days=1))
    assert not ListEntry.objects.filter(company=firm.credit_code).exists()
    assert "立即公示" not in on_the_day(founder).get(f"/enterprises/mine/{firm.credit_code}/")


def test_a_notice_without_an_order_is_not_offered(firm: Enterprise, registrar: Person) -> None:
    page = registrar.get(f"/desk/enterprises/{firm.credit_code}/acts/?act=notice")
    assert "hidden_facts" in page and "no_publication" not in page


def test_what_came_about_before_the_calendar_is_late(founder: Person, firm: Enterprise) -> None:
    url = f"/enterprises/mine/{firm.credit_code}/publish/"
    founder.post(url, **(PENALTY | {"came_about_on": "2020-05-05"}))
    assert Publication.objects.get(company=firm.credit_code).late
    assert date(2020, 5, 5) < legal_time.today()
