"""Who may do what: the data authority of the node that founded the instance concludes, holders
draft, bodies that an arrangement names ask."""

from collections.abc import Collection

from django.http import Http404

from lingnan.kernel.exchange.api import Resource, federation, partners, resources, wishes
from lingnan.kernel.trust.api import Actor, official

OFFICIALS = official("clerk", "data_officer", "head")
DRAFTERS = official("data_officer")
CONCLUDERS = official("data_officer", "head", functions=("data",))
PERSONS, FIRMS = "person", "organisation"


def here() -> "federation.Own | None":
    """Who this node is within its instance."""
    return federation.membership()


def founder() -> "federation.Own | None":
    """Who this node is, where it may conclude arrangements."""
    here = federation.membership()
    return here if here is not None and here.founded else None


def is_authority(who: Actor) -> bool:
    """Whether an official is of the body that answers for the instance."""
    own = founder()
    return own is not None and who.body == own.owner and CONCLUDERS.permits(who)


def may_sign(who: Actor) -> bool:
    return is_authority(who) and who.role == "head"


def offered_by(who: Actor) -> dict[str, Resource]:
    """What an official may draft an arrangement of: what the own body holds; the authority any."""
    found = {
        code: one
        for code, one in resources().items()
        if one.sharing != "refused" and one.subject in (PERSONS, FIRMS) and not one.body
    }
    if is_authority(who):
        return found
    return {code: one for code, one in found.items() if who.function in wishes.holders_of(one)}


def seen(who: Actor) -> list[partners.Arrangement]:
    """The arrangements that an official sees: of the authority all; else those of which the own
    body holds the data, or under which it asks."""
    rows = list(partners.Arrangement.objects.order_by("-key"))
    if is_authority(who):
        return rows
    mine: Collection[str] = offered_by(who)
    own = here()
    if own is None:
        return []
    found = []
    for one in rows:
        said = partners.documents.read(one.document)
        ours = one.giver == own.instance
        if (ours and said.resource in mine) or (not ours and who.body in said.bodies):
            found.append(one)
    return found


def arrangement(who: Actor, number: str) -> partners.Arrangement:
    """Raises Http404 for whom it does not stand open."""
    one = next((one for one in seen(who) if one.number == number), None)
    if one is None:
        raise Http404
    return one
