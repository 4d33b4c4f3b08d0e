"""The holder's side of choosing: under which agreements a body at another node may ask for figures,
and by what each may be counted."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation

from lingnan.kernel.exchange import agreements, elsewhere, offers, use_text
from lingnan.kernel.exchange.aggregates.asking import open_to, summed
from lingnan.kernel.exchange.catalogue import Resource, resources
from lingnan.kernel.exchange.covering import AGGREGATE
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.purposes import purposes
from lingnan.kernel.registry.places import places_below
from lingnan.kernel.registry.statistics.axes import Axis
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.standards.xroad import Identifier

SERVICE, MOST, LONGEST = "figures", 200, 40


def answered(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """To a node, of a body for which it speaks. Raises PermissionError."""
    node, body = elsewhere.server_of(asks), question.get("body")
    if node is None or not isinstance(body, str) or not elsewhere.speaks_for(node, body[:LONGEST]):
        raise PermissionError(f"{asks} does not speak for that body")
    with legal_time.hold():
        return {"figures": [_plain(*pair) for pair in allowing(body)[:MOST]]}


def allowing(body: str) -> list[tuple[Agreement, Resource]]:
    """The agreements of this node under which a body may have something counted today."""
    known = resources()
    found = [(one, known.get(one.resource)) for one in agreements.allowing(body, AGGREGATE)]
    return [
        (one, resource)
        for one, resource in found
        if resource is not None
        and resource.counted is not None
        and resource.sharing != "refused"
        and open_to(resource, one)
    ]


def _plain(agreement: Agreement, resource: Resource) -> dict[str, Any]:
    until = agreement.valid_until
    return {
        "number": agreement.number, "resource": resource.code, "consumer": agreement.consumer,
        "purpose": agreement.purpose, "basis": agreement.basis,
        "until": until.isoformat() if until else None,
        "title": use_text.plain(resource.title),
        "holders": [use_text.plain(one) for one in offers.holding(resource)],
        "by": [_axis(axis) for axis in open_to(resource, agreement).values()],
        "sums": _named(lambda: summed(resource)),
        **use_text.beside(purposes().get(agreement.purpose)),
    }  # fmt: skip


def _axis(axis: Axis) -> dict[str, Any]:
    today, kind = legal_time.today(), axis.dimension.kind
    title = _named(lambda: {axis.code: axis.title})[axis.code]
    # Not every node has the register of places.
    names = _named(lambda: places_below("") if kind == "division" else axis.choices(today))
    return {"code": axis.code, "kind": kind, "title": title, "names": names}


def _named(say: Callable[[], Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What each code is called: said in the reader's language, told in both."""
    with translation.override("zh-hans"):
        chinese = say()
    with translation.override("en"):
        english = say()
    return {code: use_text.plain(Title(words, english[code])) for code, words in chinese.items()}
