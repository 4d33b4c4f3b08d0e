"""What binds an entry: the rule of today, that of before, and what may be shown to a stranger."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.evidence.api import Entry, Subject
from lingnan.kernel.trust.evidence.entry import Prepared, commitment, prepare
from lingnan.kernel.trust.evidence.store import Group, SqlStore

NIGHT = "2026-11-20T02:00:00+00:00"
ZHANG = Subject("population", 7)


def before(number: int) -> Prepared:
    """An entry as releases until 2026-11 wrote it, put together by hand."""
    salt, payload = bytes([number]) * 32, f'{{"n":{number}}}'
    bound = salt + f'[{payload},"CASE-1",[["population",7]]]'.encode()
    committed = hashlib.sha256(bound).digest()
    return Prepared("a.b", NIGHT, committed, salt, payload, "CASE-1", (("population", 7),))


def test_a_store_of_before_goes_on(store: SqlStore) -> None:
    store.commit([Group((before(1), before(2)))])
    store.append([Entry("a.b", {"n": 3}, (ZHANG,), NIGHT, "CASE-1")])
    assert store.verify() == []
    assert store.shown(1) is None, "its one salt would show whom it concerns"
    assert store.shown(3) is not None
    store._database.rows("UPDATE payloads SET payload = '{\"n\":9}' WHERE seq = 2")
    assert [(fault.table, fault.seq) for fault in store.verify()] == [("payloads", 2)]


def test_an_entry_is_shown_without_its_subjects(store: SqlStore) -> None:
    receipts = store.append([Entry("a.b", {"名": "x"}, (ZHANG,), NIGHT, "C-1"), Entry("a.b", {})])
    shown = store.shown(1)
    assert shown and shown.payload == '{"名":"x"}' and shown.reference == "C-1"
    assert shown.leaf_hash == receipts[0].leaf_hash
    for other in ({"payload": "{}"}, {"reference": None}, {"at": "x"}, {"kind": "a.c"}, {"seq": 2},
                  {"salt": b"0" * 32}, {"subjects": b"0" * 32}):  # fmt: skip
        assert replace(shown, **other).leaf_hash != receipts[0].leaf_hash
    bare = store.shown(2)
    assert bare and bare.leaf_hash == receipts[1].leaf_hash and bare.reference is None
    store.erase([1], "x")
    assert store.shown(1) is None and store.shown(99) is None and store.verify() == []


NAMES = st.text("abc", min_size=1, max_size=3)


@given(
    payload=st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=3),
    subjects=st.lists(st.tuples(NAMES, st.integers(0, 2**63 - 1)), max_size=3),
    reference=st.none() | NAMES,
)
def test_every_entry_is_bound_by_both_salts(
    payload: dict[str, object], subjects: list[tuple[str, int]], reference: str | None
) -> None:
    """What is prepared is what the rule says, written out; no two entries have one salt."""
    whom = tuple(Subject(*one) for one in subjects)
    made = prepare(Entry("a.b", payload, whom, NIGHT, reference))
    pairs = json.dumps(sorted(map(list, set(subjects))), separators=(",", ":"))
    told = hashlib.sha256(made.salt[32:] + pairs.encode()).hexdigest()
    rest = json.dumps([reference, told], separators=(",", ":"))
    bound = made.salt[:32] + f"[{made.payload},{rest[1:]}".encode()
    assert len(made.salt) == 64 and made.commitment == hashlib.sha256(bound).digest()
    assert prepare(Entry("a.b", payload, whom, NIGHT, reference)).commitment != made.commitment


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65, 128])
def test_a_salt_of_another_length_binds_nothing(length: int) -> None:
    with pytest.raises(ValueError):
        commitment(b"s" * length, "{}", None, ())
