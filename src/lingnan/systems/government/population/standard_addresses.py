"""Standard addresses, which the register of addresses holds: searched for, and read by code."""

from collections.abc import Sequence

from lingnan.kernel.exchange.api import (
    ExchangeFailure,
    Use,
    give,
    purpose,
    resources,
    single,
)
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts.addresses import Place

RESOURCE, CONSUMER = "geography.address", "gd-440000-police"
PURPOSE = purpose("address_correction", Title("更正登记地址", "Correcting an address on record"))
BASIS = "《户口登记条例》（1958-01-09）第十七条；《地名管理条例》（2022-03-30）第十七条"
ELEMENTS = ("place.standard_address", "place.division", "place.township")
SUGGESTED = 8


def suggestions(words: str, division: str) -> Sequence[tuple[str, str]]:
    """(code, standard address) of what the words may mean in a county.

    Nothing where this node has no register of addresses.
    """
    found = resources().get(RESOURCE)
    if found is None or found.suggest is None or len(words) < 2:
        return []
    return found.suggest(words[:60], division, SUGGESTED)


def read(code: str, who: Actor) -> Place | None:
    """The standard address with a code, while it holds. A use: evidence first, in no action."""
    found = resources().get(RESOURCE)
    key = found.find(code) if found is not None and found.find is not None else None
    if key is None:
        return None
    use = Use(
        resource=RESOURCE,
        consumer=who.body,
        purpose=PURPOSE,
        basis=BASIS,
        case="",
        actor=who.signature,
        subjects=(give("place", who.body, [key])[key],),
        elements=ELEMENTS,
    )
    try:
        rows = single(use)[0].rows
    except ExchangeFailure:
        return None
    if not rows:
        return None
    said = rows[0]["values"]
    text, division, township = (str(said[name] or "") for name in ELEMENTS)
    return Place(text, division, township, code)
