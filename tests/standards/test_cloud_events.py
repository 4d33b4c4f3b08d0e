"""CloudEvents 1.0: the specification's own example, there and back, and what is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import cloud_events
from lingnan.standards.cloud_events import BATCHED, STRUCTURED, Event, NotAnEvent

# CloudEvents JSON format 1.0.2, §3.2.
EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "type": "com.example.someevent",
    "source": "/mycontext",
    "subject": None,
    "id": "C234-1234-1234",
    "time": "2018-04-05T17:31:00Z",
    "comexampleextension1": "value",
    "comexampleothervalue": 5,
    "datacontenttype": "application/json",
    "data": {"appinfoA": "abc", "appinfoB": 123, "appinfoC": True},
}
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT, lambda one: st.lists(one, max_size=3)
)
EVENTS = st.builds(
    Event,
    id=TEXT,
    source=TEXT,
    type=TEXT,
    subject=TEXT | st.just(""),
    time=st.sampled_from(["", "2026-03-02T00:00:00+08:00", "2026-03-02T00:00:00.123456Z"]),
    data=JSON | st.binary(max_size=20),
    extensions=st.dictionaries(
        st.from_regex(r"ext[a-z0-9]{1,8}", fullmatch=True),
        TEXT | st.booleans() | st.integers(-(2**31), 2**31 - 1),
        max_size=3,
    ),
)


def test_the_specifications_example() -> None:
    (found,) = cloud_events.read(f"{STRUCTURED}; charset=UTF-8", json.dumps(EXAMPLE).encode())
    assert (found.id, found.subject, found.data) == ("C234-1234-1234", "", EXAMPLE["data"])
    assert found.extensions == {"comexampleextension1": "value", "comexampleothervalue": 5}
    assert json.loads(cloud_events.written(found)) == {
        name: value for name, value in EXAMPLE.items() if value is not None
    }


@given(st.lists(EVENTS, max_size=4))
def test_what_is_written_is_read_again(events: list[Event]) -> None:
    assert cloud_events.read(BATCHED, cloud_events.batched(events)) == events
    for one in events:
        assert cloud_events.read(STRUCTURED, cloud_events.written(one)) == [one]


@given(st.binary(max_size=60))
def test_rubbish_is_refused(body: bytes) -> None:
    with pytest.raises(NotAnEvent):
        cloud_events.read(STRUCTURED, body)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", 7),
        ("source", None),
        ("type", "a\x00b"),
        ("time", "2026-03-02"),
        ("time", "2026-13-02T00:00:00Z"),
        ("datacontenttype", "json"),
        ("dataschema", "schema.json"),
        ("Big", "x"),
        ("with-dash", "x"),
        ("x" * 21, "x"),
        ("fraction", 1.5),
        ("big", 2**31),
        ("list", ["x"]),
        ("data_base64", "AA=="),
        ("data_base64", "?"),
    ],
)
def test_an_event_that_is_none_is_refused(name: str, value: Any) -> None:
    with pytest.raises(NotAnEvent):
        cloud_events.event(EXAMPLE | {name: value})


def test_a_batch_is_a_list_and_other_types_are_not_read() -> None:
    with pytest.raises(NotAnEvent):
        cloud_events.read(BATCHED, json.dumps(EXAMPLE).encode())
    with pytest.raises(NotAnEvent):
        cloud_events.read("application/json", json.dumps(EXAMPLE).encode())
    with pytest.raises(NotAnEvent):
        cloud_events.read(STRUCTURED, b'{"specversion":"1.0","id":"a","source":"b","data":NaN}')
