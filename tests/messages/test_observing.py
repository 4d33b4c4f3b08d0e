"""The count of messages: what is read from its buckets, and what is counted as whose."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange.messages import witnessing
from lingnan.kernel.exchange.traffic import buckets, counting
from lingnan.kernel.exchange.traffic.counting import Count, Counter, Line
from lingnan.kernel.exchange.traffic.observing import Observed
from lingnan.standards import xroad
from tests.messages.nodes import MARKET, POLICE, POPULATION, directory
from tests.messages.passing import CITY, PROVINCE, Pair, asked, pair
from tests.messages.test_relaying import Through

DURATIONS = st.lists(st.integers(0, buckets.LONGEST), min_size=1, max_size=200)
SHARES = st.sampled_from([0.001, 0.5, 0.95, 0.99, 1.0])
SERVICE = f"{POPULATION}/identity"


@given(DURATIONS, SHARES)
def test_a_percentile_is_at_most_an_eighth_above_the_exact_one(
    durations: list[int], share: float
) -> None:
    exact = sorted(durations)[ceil(share * len(durations)) - 1]
    counts: dict[int, int] = {}
    for one in durations:
        counts[buckets.bucket(one)] = counts.get(buckets.bucket(one), 0) + 1
    found = buckets.percentile(counts, share)
    assert found is not None and exact <= found <= exact * (1 + buckets.ERROR)


@given(DURATIONS, DURATIONS, SHARES)
def test_histograms_added_up_are_that_of_all(one: list[int], two: list[int], share: float) -> None:
    def counted(several: list[int]) -> dict[int, int]:
        found = Counter()
        line = Line(counting.OUT, "c", "s", "a", "b", counting.OK)
        for each in several:
            found.add(line, each / 1e6)
        total = Count()
        for count in found.take().values():
            total.add(count)
        return buckets.read(buckets.plain(total.durations))

    apart = buckets.together((counted(one), counted(two)))
    assert apart == counted([*one, *two])
    assert buckets.percentile(apart, share) == buckets.percentile(counted([*two, *one]), share)


KEPT = st.dictionaries(st.integers(0, 300), st.integers(1, 10**12), max_size=20)


@given(st.lists(KEPT, max_size=8), st.sampled_from([None, (",", ":")]))
def test_what_is_strung_together_is_read_as_all_of_it(
    several: list[dict[int, int]], separators: tuple[str, str] | None
) -> None:
    texts = [json.dumps(buckets.plain(one), separators=separators) for one in several]
    assert buckets.of_texts(",".join(texts)) == buckets.together(several)


@given(st.integers(0, buckets.LONGEST - 1))
def test_buckets_are_in_order_without_gaps(value: int) -> None:
    here, after = buckets.bucket(value), buckets.bucket(value + 1)
    assert after in (here, here + 1)
    assert (after == here + 1) == (value == buckets.longest(here))


def test_nothing_counted_has_no_percentile() -> None:
    assert buckets.percentile({}, 0.5) is None
    assert buckets.bucket(-1) == 0 and buckets.bucket(10**12) == buckets.bucket(buckets.LONGEST)


def observed(one: Pair) -> tuple[Pair, Counter]:
    """The same gateways, counted."""
    known = directory(
        CITY.peer(MARKET, POLICE), PROVINCE.peer(POLICE), homes={POPULATION: PROVINCE.server}
    )
    count = Counter()
    made: Any = one
    made.consumer = Observed(one.consumer, CITY.server, lambda: known, False, count)
    made.wire.provider = Observed(one.provider, PROVINCE.server, lambda: known, True, count)
    return made, count


def lines(count: Counter) -> dict[Line, int]:
    return {line: found.number for (_minute, line), found in count.take().items()}


def test_a_message_is_counted_at_both_ends_as_whose_it_was() -> None:
    both, count = observed(pair())
    for _ in range(3):
        asyncio.run(both.ask(body=b"who?"))
    taken = count.take()
    client = f"{MARKET}/online_services"
    ends = (CITY.server, PROVINCE.server, counting.OK)
    assert {line: one.number for (_m, line), one in taken.items()} == {
        Line(counting.OUT, client, SERVICE, *ends): 3,
        Line(counting.IN, client, SERVICE, *ends): 3,
    }
    for one in taken.values():
        assert one.size >= 3 * len(b"echo:who?") and sum(one.durations.values()) == 3


@pytest.mark.parametrize(
    ("path", "outcome"),
    [("/broken", counting.UNAVAILABLE), ("/nobody", counting.OK)],
)
def test_how_it_ended_is_counted(path: str, outcome: str) -> None:
    both, count = observed(pair())
    asyncio.run(both.ask(f"/r1/{SERVICE}{path}"))
    assert {(line.way, line.outcome) for line in lines(count)} == {
        (counting.OUT, outcome), (counting.IN, outcome)
    }  # fmt: skip


def test_who_is_refused_by_law_is_no_fault_and_a_stranger_is_nobody() -> None:
    both, count = observed(pair())
    asyncio.run(both.ask(x_road_client=f"{POLICE}/other"))
    found = {line.way: line for line in lines(count)}
    assert found[counting.IN].outcome == found[counting.OUT].outcome == counting.DENIED
    assert found[counting.IN].outcome not in counting.FAULTS
    asyncio.run(both.ask(x_road_client="CN-GD/GOV/gd-440000-tax/x"))
    assert list(lines(count)) == [Line(counting.OUT, "", "", CITY.server, "", counting.DENIED)], (
        "whom a stranger names is not counted as asking"
    )


def test_what_is_not_signed_is_counted_as_nobodys() -> None:
    both, count = observed(pair())
    told = {xroad.CLIENT: str(MARKET), xroad.ID: "1", xroad.SERVER: PROVINCE.server}
    provider: Any = both.wire.provider
    asyncio.run(asked(provider, "POST", f"/r1/{SERVICE}", told, b"{}"))
    assert list(lines(count)) == [
        Line(counting.IN, "", "", "", PROVINCE.server, counting.FAILED)
    ]  # fmt: skip


def test_what_only_passes_is_counted_between_its_ends() -> None:
    through, count = Through(), Counter()
    from tests.messages.test_relaying import CITY as RELAY
    from tests.messages.test_relaying import COUNTY, known

    first: Any = through.first
    first.provider = Observed(first.provider, RELAY.server, known, True, count)
    asyncio.run(through.ask())
    (line,) = lines(count)
    assert (line.way, line.consumer_node, line.outcome) == ("through", COUNTY.server, "ok")
    assert line.service == SERVICE


def test_more_lines_than_are_told_apart_are_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counting, "MOST", 3)
    count = Counter()
    for number in range(10):
        count.add(Line(counting.HERE, f"client-{number}", "s", "", "", counting.OK), 0.001)
    found = lines(count)
    assert sum(found.values()) == 10
    assert sum(number for line, number in found.items() if line.client == counting.OTHERS) == 7


def test_what_could_not_be_written_is_given_back_and_nothing_is_counted_twice() -> None:
    count, line = Counter(), Line(counting.HERE, "c", "s", "", "", counting.OK)
    count.add(line, 0.001)
    taken = count.take()
    count.add(line, 0.001)
    count.give_back(taken)
    assert sum(one.number for one in count.take().values()) == 2
    assert not count.take()


def _kept(both: Pair) -> tuple[Mapping[str, Any], str]:
    _kind, told, reference = both.sent.entries[-1]
    return told, reference


def test_the_base_of_a_signature_is_made_again_from_the_evidence() -> None:
    both = pair()
    asyncio.run(both.ask(body=b"who?", x_road_userid="4401-7", x_road_issue="SP-1"))
    told, reference = _kept(both)
    assert witnessing.rebuilt(told, reference) == told["base"]
    assert not witnessing.rebuilt_answer(told, reference), "the service's own fields are not kept"
    received = next(told for _k, told, _r in both.received.entries)
    assert received["base"] == told["base"] and received["signature"] == told["signature"]
    asyncio.run(both.ask(f"/r1/{POPULATION}/listMethods"))
    described, reference_ = _kept(both)
    assert witnessing.rebuilt_answer(described, reference_) == described["answer_base"]
    for name in ("digest", "client", "service", "user"):
        altered = dict(told) | {name: "0" * 64 if name == "digest" else "CN-GD/GOV/x/y"}
        assert witnessing.rebuilt(altered, reference) != told["base"], name


def test_of_a_path_or_a_query_no_word_is_kept() -> None:
    both = pair()
    asyncio.run(both.ask(f"/r1/{SERVICE}/440103199001011234", query="name=secret"))
    told, reference = _kept(both)
    assert "440103199001011234" not in str(both.sent.entries + both.received.entries)
    assert "secret" not in str(both.sent.entries + both.received.entries)
    assert witnessing.rebuilt(told, reference) != told["base"], "only its digest is kept"


def test_a_message_that_is_signed_by_others_besides_has_the_same_base() -> None:
    both = pair()
    asyncio.run(both.ask())
    assert both.wire.last
    message = both.wire.last[0]
    more = {
        "signature-input": f'{message.fields["signature-input"]}, other=("@method");created=1',
        "signature": f"{message.fields['signature']}, other=:AAAA:",
    }
    beside = replace(message, fields={**message.fields, **more})
    assert witnessing.request(beside) == witnessing.request(message)
