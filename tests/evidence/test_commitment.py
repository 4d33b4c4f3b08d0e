"""What binds an entry: the rule of today, that of before, and what may be shown to a stranger."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.bundles import showing
from lingnan.kernel.trust.evidence import merkle
from lingnan.kernel.trust.evidence.api import Closed, Disclosed, Entry, ShownEntry, Subject
from lingnan.kernel.trust.evidence.entry import Prepared, commitment, prepare
from lingnan.kernel.trust.evidence.store import Group, SqlStore

NIGHT = "2026-11-20T02:00:00+00:00"
ZHANG = Subject("population", 7)


def before(number: int) -> Prepared:
    """An entry as releases until 2026-11-28 wrote it, put together by hand."""
    salt, payload = bytes([number]) * 32, f'{{"n":{number}}}'
    bound = salt + f'[{payload},"CASE-1",[["population",7]]]'.encode()
    committed = hashlib.sha256(bound).digest()
    return Prepared("a.b", NIGHT, committed, salt, payload, "CASE-1", (("population", 7),))


def with_two_salts() -> Prepared:
    """As the release of 2026-11-29 wrote it."""
    subjects = hashlib.sha256(b"s" * 32 + b'[["population",7]]').hexdigest()
    bound = b"p" * 32 + f'[{{"n":2}},"CASE-1","{subjects}"]'.encode()
    committed, salt = hashlib.sha256(bound).digest(), b"p" * 32 + b"s" * 32
    return Prepared("a.b", NIGHT, committed, salt, '{"n":2}', "CASE-1", (("population", 7),))


def test_a_store_of_before_goes_on(store: SqlStore) -> None:
    store.commit([Group((before(1), with_two_salts()))])
    store.append([Entry("a.b", {"n": 3}, (ZHANG,), NIGHT, "CASE-1")])
    assert store.verify() == []
    assert store.shown(1) is None, "its one salt would show whom it concerns"
    second, third = store.shown(2), store.shown(3)
    assert isinstance(second, ShownEntry) and isinstance(third, Disclosed)
    own = {ZHANG}
    assert [type(store.disclosed(seq, {"n"}, own)) for seq in (1, 2, 3)] == [
        Closed, Closed, Disclosed,
    ]  # fmt: skip
    store._database.rows("UPDATE payloads SET payload = '{\"n\":9}' WHERE seq IN (2, 3)")
    assert [(fault.table, fault.seq) for fault in store.verify()] == [
        ("payloads", 2), ("payloads", 3),
    ]  # fmt: skip


def test_an_entry_is_shown_without_its_subjects(store: SqlStore) -> None:
    receipts = store.append([Entry("a.b", {"名": "x"}, (ZHANG,), NIGHT, "C-1"), Entry("a.b", {})])
    shown = store.shown(1)
    assert isinstance(shown, Disclosed)
    assert shown.payload == '{"名":"x"}' and shown.reference == "C-1"
    assert shown.leaf_hash == receipts[0].leaf_hash and shown.parts.holds
    for other in ({"at": "x"}, {"kind": "a.c"}, {"seq": 2}):
        assert replace(shown, **other).leaf_hash != receipts[0].leaf_hash
    for changed in ({"count": 2}, {"subjects": b"0" * 32}, {"fields": ()}):
        assert replace(shown.parts, **changed).commitment != shown.parts.commitment
    bare = store.shown(2)
    assert bare and bare.leaf_hash == receipts[1].leaf_hash and bare.reference is None
    store.erase([1], "x")
    assert store.shown(1) is None and store.shown(99) is None and store.verify() == []


def test_one_of_many_is_shown_what_is_theirs_and_no_more(store: SqlStore) -> None:
    """Members of the payload that are not theirs, the reference and the others stay digests."""
    many = tuple(Subject("population", number) for number in range(2_000))
    said = {"body": "market", "actor": "李某 reviewer", "search": "王某"}
    (receipt,) = store.append([Entry("a.b", said, many, NIGHT, "CASE-9")])
    for own in (many[0], many[1_234], many[-1]):
        shown = store.disclosed(1, {"body"}, {own, Subject("credit", 1)})
        assert isinstance(shown, Disclosed) and shown.parts.holds
        assert shown.leaf_hash == receipt.leaf_hash and shown.payload == '{"body":"market"}'
        written = showing.told(shown)
        assert showing.read(written) == shown
        for hidden in ("李某", "王某", "CASE-9", "actor", "search", "population"):
            assert hidden not in written.decode()
        stranger = replace(shown.parts.own, digest=b"0" * 32) if shown.parts.own else None
        assert not replace(shown.parts, own=stranger).holds
    assert store.disclosed(1, {"body"}, {Subject("population", 9_999)}) is None


NAMES = st.text("abc", min_size=1, max_size=3)


@given(
    payload=st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=3),
    subjects=st.lists(st.tuples(NAMES, st.integers(0, 2**63 - 1)), max_size=3),
    reference=st.none() | NAMES,
)
def test_every_entry_is_bound_part_by_part(
    payload: dict[str, object], subjects: list[tuple[str, int]], reference: str | None
) -> None:
    """What is prepared is what the rule says, written out; no two entries have one seed."""
    whom = tuple(Subject(*one) for one in subjects)
    made = prepare(Entry("a.b", payload, whom, NIGHT, reference))

    def digest(what: bytes, number: int, value: object) -> bytes:
        drawn = hashlib.shake_256(what + made.salt).digest(32 * (number + 1))
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(drawn[-32:] + text.encode()).digest()

    pairs = [list(one) for one in sorted(set(subjects))]
    leaves = sorted(digest(b"subjects\n", at, one) for at, one in enumerate(pairs))
    fields = [[name, payload[name]] for name in sorted(payload)]
    tree = merkle.Frontier()
    for leaf in leaves:
        tree.push(merkle.leaf_hash(leaf))
    told = {
        "count": len(leaves),
        "fields": [digest(b"payload\n", at, one).hex() for at, one in enumerate(fields, 1)],
        "reference": digest(b"payload\n", 0, [reference]).hex(),
        "subjects": tree.root().hex(),
    }
    text = json.dumps(told, separators=(",", ":"))
    assert len(made.salt) == 48
    assert made.commitment == hashlib.sha256(b"lingnan.entry/3\n" + text.encode()).digest()
    assert prepare(Entry("a.b", payload, whom, NIGHT, reference)).commitment != made.commitment


@pytest.mark.parametrize("length", [0, 31, 33, 47, 49, 63, 65, 128])
def test_a_salt_of_another_length_binds_nothing(length: int) -> None:
    with pytest.raises(ValueError):
        commitment(b"s" * length, "{}", None, ())
