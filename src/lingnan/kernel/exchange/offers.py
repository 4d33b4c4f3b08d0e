"""What people may allow: the agreements in force under which a body reads with consent alone.

Those of this node, and those of nodes that hold a system which this one does not carry: what such a
node told and signed stands with its route (`holders`). Its digest of the text is computed here from
what it told, so that a consent names what its giver could read.
"""

import contextlib
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lingnan.kernel.exchange import elsewhere, limited, terms, wishes
from lingnan.kernel.exchange.catalogue import Resource, resources
from lingnan.kernel.exchange.models import Agreement, Route
from lingnan.kernel.exchange.purposes import purposes
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Body, consents

MOST = 200
TEXTS = {"resource": 80, "consumer": 40, "purpose": 80, "basis": 200}
SUBJECTS = ("person", "organisation")


class NotAnOffer(ValueError):
    """What another node told is no agreement that anybody could consent to."""


@dataclass(frozen=True)
class Offer:
    """An agreement as whoever decides on it reads it.

    subject  whom the data are about: person or organisation
    title    of the resource; `titles` of its elements, `aim` of the purpose where it has a name
    system   the system that another node (`node`, its name) carries; empty where this one does
    holders  the bodies elsewhere that hold the data and hand them on
    said     where another node carries it, what its agreement says; here the agreement itself
    """

    number: str
    resource: str
    consumer: str
    purpose: str
    basis: str
    elements: tuple[str, ...]
    valid_until: date | None
    said: Agreement | Mapping[str, Any]
    subject: str
    title: Title
    titles: Mapping[str, Title]
    sensitive: Collection[str]
    aim: Title | None
    system: str = ""
    node: str = ""
    holders: tuple[Title, ...] = ()

    @property
    def limits(self) -> dict[str, Any]:
        """Kinds of use, rows, subjects, rate and passing on, as the agreement says them."""
        return limited.of(self.said)

    @cached_property
    def terms(self) -> str:
        """The digest of what it says: of whoever holds what today, for those of this node."""
        if isinstance(self.said, Agreement):
            return terms.digest(self.said)
        return hashlib.sha256(consents.signing.canonical(self.said).encode()).hexdigest()


def in_force() -> list[Offer]:
    """All that people may allow today, those of this node first; no number stands for two."""
    today = legal_time.today()
    found = {one.number: one for one in (_here(*pair) for pair in asking_here())}
    for one in told_here():
        if one.valid_until is None or one.valid_until >= today:
            found.setdefault(one.number, one)
    return list(found.values())


def told_here() -> list[Offer]:
    """All that nodes elsewhere have told, also what is over by its day."""
    return [one for route in Route.objects.order_by("system") for one in of_route(route)]


def node_of(resource: str) -> str:
    """The address of the node that holds what a resource answers from; empty where this one may."""
    route = elsewhere.of_system(resource.partition(".")[0])
    return str(route.server) if route is not None else ""


def asking_here(system: str = "") -> list[tuple[Agreement, Resource]]:
    """The agreements of this node in force that need consent, of one system or of all."""
    known, today = resources(), legal_time.today()
    rows = Agreement.objects.filter(ended=False, valid_from__lte=today).order_by("number")
    return [
        (one, known[one.resource])
        for one in rows
        if one.resource in known
        and (one.consent or known[one.resource].consent)
        and (one.valid_until is None or one.valid_until >= today)
        and (not system or known[one.resource].system == system)
    ]


def holding(resource: Resource) -> tuple[Title, ...]:
    """Who holds what a resource answers from: the province's body of each function; of what a
    body has published itself, that body."""
    if resource.body:
        bodies = Body.objects.filter(code=resource.body)
    else:
        functions = wishes.holders_of(resource)
        bodies = Body.objects.filter(tier="province", function__in=functions, ended=False)
    return tuple(one.title for one in bodies.order_by("code"))


def _here(agreement: Agreement, resource: Resource) -> Offer:
    return Offer(
        str(agreement.number), agreement.resource, agreement.consumer, agreement.purpose,
        agreement.basis, tuple(agreement.elements), agreement.valid_until, agreement,
        resource.subject, resource.title, resource.elements, resource.sensitive,
        purposes().get(agreement.purpose),
    )  # fmt: skip


# --- between nodes


def told(system: str) -> list[dict[str, Any]]:
    """The offers of one system of this node, in plain values, for another node."""
    here = [pair for pair in asking_here(system) if "/" not in pair[0].consumer]
    # What another instance's bodies read is consented to at this node alone.
    return [_plain(*pair) for pair in here[:MOST]]


def _plain(agreement: Agreement, resource: Resource) -> dict[str, Any]:
    until, aim = agreement.valid_until, purposes().get(agreement.purpose)
    return {
        "number": agreement.number,
        "said": terms.said(agreement),
        "valid_until": until.isoformat() if until else None,
        "subject": resource.subject,
        "title": _titled(resource.title),
        "titles": {
            code: _titled(resource.elements[code])
            for code in agreement.elements
            if code in resource.elements
        },
        "sensitive": [code for code in agreement.elements if code in resource.sensitive],
        "holders": [_titled(one) for one in holding(resource)],
        "aim": _titled(aim) if aim is not None else None,
    }


def _titled(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def of_route(route: Route) -> list[Offer]:
    """What the node behind a route has told last; nothing while this node carries the system."""
    if not route.shown or elsewhere.carried(route.system):
        return []
    found = []
    for one in json.loads(route.shown["document"])["offers"]:
        # One that cannot be read is not offered; the others are.
        with contextlib.suppress(NotAnOffer):
            found.append(read(one, route.system, route.server))
    # A number that is an agreement's of this node is no other node's to use.
    own = Agreement.objects.filter(number__in=[one.number for one in found])
    taken = set(own.values_list("number", flat=True))
    return [one for one in found if one.number not in taken]


def read(said: Any, system: str, node: str) -> Offer:
    """An offer of another node, of one of its systems. Raises NotAnOffer."""
    try:
        return _read(said, system, node)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise NotAnOffer(f"{type(fault).__name__}: {fault}") from fault


def _read(told: Mapping[str, Any], system: str, node: str) -> Offer:
    said, until, aim = dict(told["said"]), told["valid_until"], told["aim"]
    resource, consumer, purpose, basis = (
        _text(said[name], longest) for name, longest in TEXTS.items()
    )
    elements = tuple(_text(code, 80) for code in said["elements"])
    limited.check(resource, limited.of(said))
    titles = {code: Title.of(told["titles"][code]) for code in elements}
    sensitive = [code for code in elements if code in list(told["sensitive"])]
    if resource.partition(".")[0] != system or told["subject"] not in SUBJECTS or not elements:
        raise NotAnOffer("of another system, or of nothing")
    return Offer(
        _slug(told["number"]), resource, consumer, purpose, basis, elements,
        date.fromisoformat(until) if until is not None else None, said,
        str(told["subject"]), Title.of(told["title"]), titles, sensitive,
        Title.of(aim) if aim is not None else None, system, node,
        tuple(Title.of(one) for one in list(told["holders"])[:MOST]),
    )  # fmt: skip


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value or len(value) > longest or not value.isprintable():
        raise NotAnOffer("not a text")
    return value


def _slug(value: Any) -> str:
    number = _text(value, 40)
    if not number.replace("-", "").replace("_", "").isalnum() or not number.isascii():
        raise NotAnOffer("not a number of an agreement")
    return number
