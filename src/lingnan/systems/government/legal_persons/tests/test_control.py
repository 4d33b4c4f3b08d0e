"""Who owns and controls a company in the end: examples, and what is true of every graph."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.legal_persons.rules.control import (
    Effective,
    Ground,
    effective,
    verdict,
)
from lingnan.systems.government.legal_persons.rules.drawing import Sheet, closing_stakes, draw
from lingnan.systems.government.legal_persons.rules.holdings import (
    Graph,
    HoldingsFault,
    InvalidHoldings,
    Stake,
)
from lingnan.systems.government.legal_persons.rules.paths import round_about, ways


def graph(*said: tuple[str, str, int]) -> Graph:
    """Stakes in percent."""
    return Graph.of(Stake(holder, company, F(share, 100)) for holder, company, share in said)


def controls(held: Graph, company: str) -> tuple[list[tuple[str, Ground]], bool]:
    found = verdict(held, company, effective(held, company))
    return [(one.holder, one.ground) for one in found.controllers], found.open


def test_shares_multiply_along_a_chain_and_add_up_over_ways() -> None:
    held = graph(("p", "a", 60), ("q", "a", 40), ("a", "t", 50), ("p", "t", 50))
    assert effective(held, "t") == Effective({"p": F(4, 5), "q": F(1, 5)}, F(0))
    assert controls(held, "t") == ([("p", Ground.MAJORITY)], False)
    found = ways(held, "t")
    assert [(way.nodes, way.share) for way in found] == [
        (("p", "t"), F(1, 2)),
        (("p", "a", "t"), F(3, 10)),
        (("q", "a", "t"), F(1, 5)),
    ]
    assert found[0].direct and not found[1].direct


def test_a_ring_of_two_is_solved_to_its_last_fraction() -> None:
    # a holds 40 % of b, b holds 30 % of a: what p has of a is 0.7 / (1 - 0.12).
    held = graph(("p", "a", 70), ("b", "a", 30), ("a", "b", 40), ("q", "b", 60))
    assert effective(held, "a") == Effective({"p": F(70, 88), "q": F(18, 88)}, F(0))
    rest = round_about(effective(held, "a").shares, ways(held, "a"))
    assert rest == {"p": F(70, 88) - F(7, 10), "q": F(18, 88) - F(18, 100)}
    assert closing_stakes(held, "a") == {Stake("a", "b", F(2, 5))}


def test_what_nobody_is_named_for_is_unknown() -> None:
    held = graph(("p", "t", 40))
    assert effective(held, "t") == Effective({"p": F(2, 5)}, F(3, 5))
    assert controls(held, "t") == ([], True)
    assert effective(graph(), "t") == Effective({}, F(1))
    assert controls(graph(), "t") == ([], True)


def test_votes_at_each_step_and_the_larger_part_may_be_in_two_hands() -> None:
    held = graph(("p", "b", 51), ("q", "b", 49), ("b", "t", 51), ("q", "t", 49))
    assert controls(held, "t") == ([("q", Ground.MAJORITY), ("p", Ground.CHAIN)], False)


def test_an_unknown_majority_on_the_way_leaves_the_verdict_open() -> None:
    held = graph(("q", "b", 49), ("b", "t", 51), ("q", "t", 49))
    assert controls(held, "t") == ([("q", Ground.MAJORITY)], True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("p", "t", 40), ("q", "t", 35), ("r", "t", 25)], ([("p", Ground.LARGEST)], False)),
        ([("p", "t", 50), ("q", "t", 50)], ([], False)),
        ([("p", "t", 29), ("q", "t", 28), ("r", "t", 28), ("s", "t", 15)], ([], False)),
        ([("p", "t", 40), ("q", "t", 35)], ([], True)),
        ([("p", "t", 45), ("q", "t", 40), ("r", "t", 11)], ([("p", Ground.LARGEST)], False)),
        ([("p", "t", 51)], ([("p", Ground.MAJORITY)], False)),
    ],
)
def test_without_a_majority(
    said: list[tuple[str, str, int]], expected: tuple[list[tuple[str, Ground]], bool]
) -> None:
    assert controls(graph(*said), "t") == expected


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ([("t", "t", 10)], HoldingsFault.OWN_SHARES),
        ([("p", "t", 60), ("q", "t", 41)], HoldingsFault.OVER_WHOLE),
        ([("p", "t", 101)], HoldingsFault.OVER_WHOLE),
        ([("p", "t", 0)], HoldingsFault.NOT_A_SHARE),
        ([("a", "b", 100), ("b", "a", 100)], HoldingsFault.CLOSED_RING),
        ([("a", "t", 10), ("a", "b", 100), ("b", "a", 100)], HoldingsFault.CLOSED_RING),
    ],
)
def test_what_cannot_be_true_is_refused(
    said: list[tuple[str, str, int]], fault: HoldingsFault
) -> None:
    with pytest.raises(InvalidHoldings) as refused:
        graph(*said)
    assert refused.value.fault is fault and refused.value.companies


COMPANIES, ENDS = [f"c{n}" for n in range(6)], [f"p{n}" for n in range(4)]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any companies hold any; each leaves at least 1 % to an end or unknown."""
    stakes: list[Stake] = []
    for company in COMPANIES:
        left = 100 - draw(st.integers(0, 20))
        others = [one for one in COMPANIES if one != company] + ENDS
        for holder in draw(st.lists(st.sampled_from(others), unique=True, max_size=5)):
            share = draw(st.integers(1, 60))
            room = left if holder in ENDS else left - 1
            if share <= room:
                stakes.append(Stake(holder, company, F(share, 100)))
                left -= share
    return Graph.of(stakes)


@given(graphs())
def test_effective_shares_and_the_unknown_make_the_whole(held: Graph) -> None:
    for company in COMPANIES:
        found = effective(held, company)
        assert all(0 <= share <= 1 for share in found.shares.values())
        assert 0 <= found.unknown <= 1 and sum(found.shares.values()) + found.unknown == 1


@given(graphs(), st.permutations(COMPANIES + ENDS))
def test_names_make_no_difference(held: Graph, names: list[str]) -> None:
    called = dict(zip(COMPANIES + ENDS, [f"n-{name}" for name in names], strict=True))
    renamed = Graph.of(
        Stake(called[s.holder], called[s.company], s.share)
        for stakes in held.owners.values()
        for s in stakes
    )
    before, after = effective(held, "c0"), effective(renamed, called["c0"])
    assert after.shares == {called[holder]: share for holder, share in before.shares.items()}
    assert after.unknown == before.unknown


@given(graphs(), st.integers(1, 99))
def test_a_ring_put_on_top_changes_who_shares_but_never_the_whole(held: Graph, cut: int) -> None:
    stakes = [stake for stakes in held.owners.values() for stake in stakes]
    ring = [
        Stake("x", "p0", F(cut, 100)),
        Stake("p0", "x", F(99, 100)),
        Stake("y", "x", F(1, 100)),
    ]
    before, after = effective(held, "c0"), effective(Graph.of(stakes + ring), "c0")
    assert sum(after.shares.values()) + after.unknown == 1
    had = before.shares.get("p0", F(0))
    assert after.shares.get("y", F(0)) + after.unknown - before.unknown == had


@given(graphs())
def test_ways_explain_no_more_than_there_is(held: Graph) -> None:
    found = effective(held, "c0")
    assert sum(way.share for way in ways(held, "c0", 1000)) <= sum(found.shares.values())
    if not closing_stakes(held, "c0"):
        assert round_about(found.shares, ways(held, "c0", 10_000)) == {}


@given(graphs())
def test_every_holding_is_drawn_once_and_holders_stand_above(held: Graph) -> None:
    for sheet in (Sheet(5, 172), Sheet(2, 142, gap=12, margin=10)):
        drawn = draw(held, "c0", sheet)
        at = {box.node: box for box in drawn.boxes}
        assert len(at) == len(drawn.boxes)
        stakes = {stake for node in at for stake in held.owners.get(node, ())}
        assert {line.stake for line in drawn.lines} == stakes
        assert len(drawn.lines) == len(stakes)
        for line in drawn.lines:
            if not line.circular:
                assert at[line.stake.holder].y < at[line.stake.company].y
        assert all(0 <= box.x <= drawn.width - sheet.box for box in drawn.boxes)
        assert len({(box.x, box.y) for box in drawn.boxes}) == len(drawn.boxes)


def test_a_long_chain_and_a_large_ring_are_no_trouble() -> None:
    chain = [Stake(f"c{n + 1}", f"c{n}", F(1)) for n in range(3000)]
    assert effective(Graph.of(chain), "c0").shares == {"c3000": 1}
    ring = [Stake(f"c{(n + 1) % 60}", f"c{n}", F(9, 10)) for n in range(60)]
    ring += [Stake("p", "c7", F(1, 10))]
    found = effective(Graph.of(ring), "c0")
    assert sum(found.shares.values()) + found.unknown == 1
