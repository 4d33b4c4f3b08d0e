"""The operators' pages of the exchange, by HTTP: health, who with whom, for monitors."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lingnan.kernel.exchange.api import Denied, single
from lingnan.kernel.exchange.models import Traffic
from lingnan.kernel.exchange.traffic import buckets, counting, exchanges, keeping, reading
from lingnan.kernel.exchange.traffic.counting import counter
from lingnan.kernel.exchange.traffic.exchanges import REST, End, Flow
from tests.kernel.uses import identity
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OPERATOR = "440000-data-operator"
PAGES = ["traffic/", "exchanges/", "trace/", "queues/", "keys/", "alerts/", "metrics"]
HERE, THERE = "CN-GD/GOV/gd-440000-data/province", "CN-GD/GOV/gd-440300-data/shenzhen"
FIRE, MARKET = "gd-440103-fire", "gd-440103-market"


@pytest.fixture(autouse=True)
def nothing_before() -> None:
    counter.take()


def went(number: int, outcome: str = counting.OK, *, client: str = FIRE,
         service: str = "credit/standing", micro: int = 20_000, ago: float = 10,
         way: str = counting.OUT, ends: tuple[str, str] = (HERE, THERE)) -> None:  # fmt: skip
    at = datetime.now(UTC) - timedelta(minutes=ago)
    Traffic.objects.create(
        at=at.replace(second=0, microsecond=0), span=60, way=way,
        client=f"CN-GD/GOV/{client}/desk", service=f"CN-GD/GOV/gd-440000-market/{service}",
        consumer_node=ends[0], provider_node=ends[1], outcome=outcome, number=number,
        size=number * 100, last=at, durations=buckets.plain({buckets.bucket(micro): number}),
    )  # fmt: skip


def row(person: Person, name: str) -> str:
    found = [one for one in re.findall(r"<tr.*?</tr>", person.text, re.S) if name in one]
    assert found, name
    return re.sub(r"<[^>]+>", " ", found[0])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("login", ["resident-440103", "440000-data-data_officer"])
def test_the_pages_are_the_operators_alone(page: str, login: str) -> None:
    person = Person(login)
    person.get(f"/operating/{page}")
    assert person.status == 403
    answer = Client().get(f"/operating/{page}")
    assert answer.status_code == 302 and "/signin/" in answer.headers["Location"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_operator_opens_each_where_nothing_has_happened(page: str, language: str) -> None:
    person = Person(OPERATOR, language)
    person.get(f"/operating/{page}")
    assert person.status == 200
    if page in ("traffic/", "exchanges/"):
        assert ("没有交换" if language == "zh-hans" else "Nothing was exchanged") in person.text


def test_what_a_member_used_is_seen_by_service_and_by_member() -> None:
    single(identity())
    with pytest.raises(Denied):
        single(identity(purpose="none"))
    keeping.flush()
    person = Person(OPERATOR)
    person.get("/operating/traffic/?period=hour")
    assert "居民身份信息" in person.text
    told = row(person, "荔湾区市场监督管理局")
    assert "正常" in told and "0.0 %" in told, "a lawful refusal is no error"
    assert "依法依协议拒绝 1 次" in person.text


def test_what_fails_is_slow_or_silent_stands_first_and_out() -> None:
    went(100, service="credit/well", client=MARKET)
    went(80, service="credit/failing", micro=5_000)
    went(20, counting.FAILED, service="credit/failing")
    went(50, service="credit/slow", micro=9_000_000)
    went(5, service="credit/silent", ago=60 * 48)
    went(9, way=counting.THROUGH, service="credit/passed")
    person = Person(OPERATOR)
    person.get("/operating/traffic/")
    names = re.findall(r"credit\.(\w+)</th>", person.text)
    assert names[:4] == ["failing", "slow", "silent", "well"]
    assert "出错" in row(person, "credit.failing") and "20.0 %" in row(person, "credit.failing")
    assert "过慢" in row(person, "credit.slow") and "没有往来" in row(person, "credit.silent")
    assert "credit.passed" not in person.text, "what is only passed on is counted apart"


def test_filters_narrow_and_nonsense_in_them_harms_nothing() -> None:
    went(7, service="credit/one", client=FIRE)
    went(3, service="credit/two", client=MARKET)
    went(2, counting.UNAVAILABLE, service="credit/two", client=MARKET)
    person = Person(OPERATOR)
    person.get(f"/operating/traffic/?member={FIRE}")
    assert "credit.one" in person.text and "credit.two</th>" not in person.text
    person.get("/operating/traffic/?service=credit.two&outcome=unavailable")
    assert "100.0 %" in row(person, "credit.two</th>")
    for query in ("period=x&outcome=y", "member=%00", "service=" + "x" * 3000, "member=%27%22%3C"):
        person.get(f"/operating/traffic/?{query}")
        assert person.status in (200, 400), query
        person.get(f"/operating/exchanges/?{query}&by=z")
        assert person.status in (200, 400), query


def test_the_course_of_a_period_adds_up_over_the_names_of_one_member() -> None:
    went(100, ago=10)
    went(7, counting.UNAVAILABLE, ago=10)
    went(40, client=f"{FIRE}/other", micro=300_000, ago=60 * 5)
    went(3, client=MARKET, ago=60 * 5)
    until = datetime.now(UTC)
    wanted = reading.Wanted(until - timedelta(hours=24), until, member=FIRE)
    found = reading.figures(wanted)
    assert list(found.members) == [FIRE] and found.total.number == 147
    health = found.members[FIRE]
    assert (health.faults, health.size, sum(health.durations.values())) == (7, 14_700, 147)
    assert (health.percentile(0.7), health.percentile(0.8)) == (0.020479, 0.327679)
    course = reading.courses("client", found.members, wanted)[FIRE]
    assert {slot: n for slot, n in enumerate(course.number) if n} == {18: 40, 23: 107}
    assert {slot: n for slot, n in enumerate(course.faults) if n} == {23: 7}
    assert reading.courses("service", found.services, wanted)["credit.standing"] == course


def test_who_with_whom_is_drawn_and_stands_in_a_table() -> None:
    went(90, service="credit/standing")
    went(10, counting.UNAVAILABLE, service="credit/standing")
    went(4, client=MARKET, service="population/identity", ends=(THERE, HERE), way=counting.IN)
    person = Person(OPERATOR)
    person.get("/operating/exchanges/")
    assert person.text.count('class="ribbon late"') == 1 and 'class="ribbon "' in person.text
    assert "10.0 %" in row(person, "消防") and "shenzhen" in row(person, "消防")
    person.get("/operating/exchanges/?by=node")
    assert "province" in row(person, "shenzhen") and person.text.count("<path class=") == 2


def test_what_a_node_asks_of_itself_by_its_gateway_is_counted_once() -> None:
    for way in (counting.OUT, counting.IN):
        went(5, way=way, ends=(HERE, HERE), service="credit/own")
    person = Person(OPERATOR)
    person.get("/operating/traffic/")
    assert row(person, "credit.own").split()[3] == "5", row(person, "credit.own")


def test_of_many_the_busiest_are_drawn_and_no_message_is_left_out() -> None:
    flows = [Flow(End("n", f"m{i}"), End("p", f"s{i % 40}"), 1 + i, i % 3) for i in range(1600)]
    found = exchanges.drawn(flows, 12)
    assert sum(one.number for one in found) == sum(one.number for one in flows)
    assert sum(one.faults for one in found) == sum(one.faults for one in flows)
    assert len({one.asks for one in found}) == len({one.answers for one in found}) == 13
    assert any(one.asks.node == REST for one in found)
    assert End("n", "m1599") in {one.asks for one in found}


def test_monitors_read_the_same_as_openmetrics() -> None:
    went(7, client='x"y', service="credit/one")
    person = Person(OPERATOR)
    person.get("/operating/metrics")
    lines = person.text.splitlines()
    assert lines[-1] == "# EOF" and lines[0] == "# TYPE lingnan_messages counter"
    labels = '{way="out",member="x\\"y",service="credit.one",outcome="ok"}'
    assert f"lingnan_messages_total{labels} 7" in lines
    assert f"lingnan_message_bytes_total{labels} 700" in lines
    assert 'lingnan_waiting{queue="dead"} 0' in lines and "lingnan_open_alerts 0" in lines


def test_of_an_unknown_message_it_is_said_that_nothing_is_written_down() -> None:
    person = Person(OPERATOR)
    person.get("/operating/trace/?id=no%20such/one")
    assert person.status == 404 or "没有该编号的记载" in person.text
    person.get("/operating/trace/no-such-one/")
    assert person.status == 404 and "没有该编号的记载" in person.text
