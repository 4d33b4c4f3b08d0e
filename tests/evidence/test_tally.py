"""Counting what was done with data, without reading about whom."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust.evidence.api import Entry, Subject
from lingnan.kernel.trust.evidence.store import SqlStore

NIGHT = datetime(2026, 11, 20, 2, tzinfo=UTC)
WHOM = (Subject("person", 7),)
BEGINNING = "2000-01-01T00:00:00+00:00"


def at(minutes: int) -> str:
    return (NIGHT + timedelta(minutes=minutes)).isoformat(timespec="microseconds")


def read(minute: int, resource: str, consumer: str, kind: str = "exchange.read") -> Entry:
    payload = {"resource": resource, "consumer": consumer, "versions": []}
    return Entry(kind, payload, WHOM, at(minute))


def test_counts_by_what_the_payloads_say(store: SqlStore) -> None:
    store.append([read(0, "a.b", "fire"), read(1, "a.b", "tax"), read(2, "a.b", "fire")])
    store.append([read(3, "a_b", "fire"), read(4, "a.b", "fire", kind="record.opened")])
    said = {"resource": "a.b"}
    assert store.tally("exchange.read", said, ["consumer"], BEGINNING) == {
        ("fire",): 2,
        ("tax",): 1,
    }
    # An underscore is a letter here, not a wildcard.
    assert store.tally("exchange.read", {"resource": "a_b"}, ["consumer"], BEGINNING) == {
        ("fire",): 1
    }
    assert store.tally("exchange.read", {}, ["resource", "absent"], BEGINNING) == {
        ("a.b", ""): 3,
        ("a_b", ""): 1,
    }


def test_counts_from_a_moment_on_and_only_the_newest(store: SqlStore) -> None:
    store.append([read(minute, "a.b", str(minute)) for minute in range(40)])
    for first in (0, 1, 17, 39, 40):
        found = store.tally("exchange.read", {}, ["consumer"], at(first))
        assert found == Counter((str(minute),) for minute in range(first, 40))
    newest = store.tally("exchange.read", {}, ["consumer"], BEGINNING, limit=3)
    assert set(newest) == {("37",), ("38",), ("39",)}


def test_an_erased_entry_is_counted_no_more(store: SqlStore) -> None:
    store.append([read(0, "a.b", "fire"), read(1, "a.b", "tax")])
    store.erase([1], "a test")
    assert store.tally("exchange.read", {}, ["consumer"], BEGINNING) == {("tax",): 1}


def test_what_a_text_says_is_never_mistaken_for_a_name(store: SqlStore) -> None:
    pretended = {"consumer": '","resource":"a.b"', "resource": "c.d"}
    nested = {"resource": "c.d", "more": {"resource": "a.b"}}
    store.append([Entry("exchange.read", payload, WHOM, at(0)) for payload in (pretended, nested)])
    assert not store.tally("exchange.read", {"resource": "a.b"}, ["consumer"], BEGINNING)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(st.text(alphabet='ab!%_\\" "é岭', max_size=4), min_size=1, max_size=6))
def test_every_text_is_found_as_itself(store: SqlStore, said: list[str]) -> None:
    kind = f"k{store.size()}"
    store.append([Entry(kind, {"resource": text}, WHOM, at(0)) for text in said])
    for text in said:
        found = store.tally(kind, {"resource": text}, ["resource"], BEGINNING)
        assert found == {(text,): said.count(text)}
