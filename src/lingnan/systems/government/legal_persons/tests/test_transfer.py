"""What a transfer leaves: nothing is made, nothing is lost, and nobody gives what he has not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.legal_persons.rules.transfer import (
    Capital,
    Transfer,
    TransferFault,
    TransferRefused,
    after,
)

HELD = {"p": Capital(600, 300), "q": Capital(400, 400)}


def test_several_transfers_follow_one_another() -> None:
    said = [Transfer("p", "r", Capital(600, 300)), Transfer("r", "q", Capital(100, 0))]
    assert after("t", HELD, said) == {
        "p": Capital(0, 0),
        "q": Capital(500, 400),
        "r": Capital(500, 300),
    }


@pytest.mark.parametrize(
    ("seller", "buyer", "subscribed", "paid", "fault"),
    [
        ("p", "r", 0, 0, TransferFault.NOTHING),
        ("p", "p", 1, 0, TransferFault.TO_ITSELF),
        ("p", "t", 1, 0, TransferFault.OWN_SHARES),
        ("x", "r", 1, 0, TransferFault.NOT_A_HOLDER),
        ("p", "r", 601, 0, TransferFault.TOO_MUCH),
        ("p", "r", 500, 301, TransferFault.TOO_MUCH_PAID),
        ("p", "r", 10, 11, TransferFault.TOO_MUCH_PAID),
        ("q", "r", 10, 9, TransferFault.TOO_LITTLE_PAID),
    ],
)
def test_what_is_refused(
    seller: str, buyer: str, subscribed: int, paid: int, fault: TransferFault
) -> None:
    good = Transfer("p", "q", Capital(1, 1))
    with pytest.raises(TransferRefused) as refused:
        after("t", HELD, [good, Transfer(seller, buyer, Capital(subscribed, paid))])
    assert (refused.value.fault, refused.value.line) == (fault, 1)
    with pytest.raises(TransferRefused):
        after("t", HELD, [])


ONE = st.builds(
    Transfer,
    st.sampled_from("pqrs"),
    st.sampled_from("pqrs"),
    st.builds(Capital, st.integers(1, 500), st.integers(0, 200)),
)


@given(st.lists(ONE, min_size=1, max_size=4))
def test_the_whole_stays_the_same(said: list[Transfer]) -> None:
    try:
        left = after("t", HELD, said)
    except TransferRefused:
        return
    assert sum(one.subscribed for one in left.values()) == 1000
    assert sum(one.paid for one in left.values()) == 700
    assert all(0 <= one.paid <= one.subscribed for one in left.values())
