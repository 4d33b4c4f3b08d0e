"""The tree against RFC 9162 written down naively, and against its proofs' verifiers."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.evidence import merkle

SIZES = st.integers(1, 700)


def leaf(number: int) -> bytes:
    return merkle.leaf_hash(str(number).encode())


def naive_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    joined = naive_root(leaves[:middle]) + naive_root(leaves[middle:])
    return hashlib.sha256(b"\x01" + joined).digest()


class Kept:
    """What a store keeps of a tree, and reads back."""

    def __init__(self, size: int) -> None:
        self.frontier = merkle.Frontier()
        self.nodes: dict[tuple[int, int], bytes] = {}
        for number in range(size):
            self.nodes[0, number] = leaf(number)
            for level, position, node in self.frontier.push(leaf(number)):
                self.nodes[level, position] = node

    def read(self, level: int, first: int, count: int) -> list[bytes]:
        return [self.nodes[level, position] for position in range(first, first + count)]


def test_published_hashes() -> None:
    """Roots of the test vectors of RFC 6962's reference implementation (same hashing)."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    frontier = merkle.Frontier()
    assert frontier.root().hex().startswith("e3b0c44298fc1c14")
    for data in inputs:
        frontier.push(merkle.leaf_hash(bytes.fromhex(data)))
    assert frontier.root().hex().startswith("ddb89be403809e32")


@given(st.integers(0, 700))
def test_root_is_the_naive_root(size: int) -> None:
    kept = Kept(size)
    expected = naive_root([leaf(number) for number in range(size)])
    assert kept.frontier.root() == expected == merkle.root(size, kept.read)
    assert kept.frontier.peaks == merkle.peaks(size, kept.read)


def test_higher_stored_levels() -> None:
    kept = Kept(70_000)
    assert {level for level, _ in kept.nodes} == {0, 8, 16}
    assert merkle.root(70_000, kept.read) == kept.frontier.root()
    proof = merkle.inclusion_proof(12_345, 70_000, kept.read)
    assert merkle.verify_inclusion(leaf(12_345), 12_345, 70_000, proof, kept.frontier.root())


@given(SIZES, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    kept = Kept(size)
    root = kept.frontier.root()
    proof = merkle.inclusion_proof(index, size, kept.read)
    assert merkle.verify_inclusion(leaf(index), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf(size), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf(index), index, size, [*proof, root], root)
    if proof:
        broken = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:broken], leaf(-1), *proof[broken + 1 :]]
        assert not merkle.verify_inclusion(leaf(index), index, size, wrong, root)
        assert not merkle.verify_inclusion(leaf(index), index, size, proof[:-1], root)


@given(SIZES, st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    kept = Kept(size)
    root, old_root = kept.frontier.root(), merkle.root(old, kept.read)
    proof = merkle.consistency_proof(old, size, kept.read)
    assert merkle.verify_consistency(old, size, old_root, root, proof)
    assert not merkle.verify_consistency(old, size, leaf(-1), root, proof)
    assert not merkle.verify_consistency(old, size, old_root, leaf(-1), proof)
    if proof:
        broken = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:broken], leaf(-1), *proof[broken + 1 :]]
        assert not merkle.verify_consistency(old, size, old_root, root, wrong)


def test_out_of_range() -> None:
    kept = Kept(3)
    with pytest.raises(ValueError):
        merkle.inclusion_proof(3, 3, kept.read)
    with pytest.raises(ValueError):
        merkle.consistency_proof(0, 3, kept.read)
    assert not merkle.verify_inclusion(leaf(0), 5, 3, [], kept.frontier.root())
