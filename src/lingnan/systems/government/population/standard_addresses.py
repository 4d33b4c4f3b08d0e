"""Standard addresses, which the register of addresses holds: searched for, and read by code."""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Reading:
    """What an address is read for: the purpose and the legal basis of an agreement."""

    purpose: str
    basis: str


RESOURCE, CONSUMER = "geography.address", "gd-440000-police"
NAMES = "《地名管理条例》（2022-03-30）第十七条"
CORRECTION = Reading(
    purpose("address_correction", Title("更正登记地址", "Correcting an address on record")),
    f"《户口登记条例》（1958-01-09）第十七条；{NAMES}",
)
REGISTRATION = Reading(
    purpose("address_registration", Title("登记住址", "Registering where somebody lives")),
    f"《户口登记条例》（1958-01-09）第六条、第十三条、第十九条；{NAMES}",
)
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


def read(code: str, why: Reading, who: Actor) -> Place | None:
    """The standard address with a code, while it holds. A use: evidence first, in no action."""
    found = resources().get(RESOURCE)
    key = found.find(code) if found is not None and found.find is not None else None
    if key is None:
        return None
    use = Use(
        resource=RESOURCE,
        consumer=who.body,
        purpose=why.purpose,
        basis=why.basis,
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
