"""Nodes that hold systems which this one does not carry: registered, asked, stopped.

The directory says which node answers for a system, and under which root. Of one that an operator
registers, people here read what its agreements ask of them (`offers`), signed under that root; it
is asked when it is registered, every few minutes, and before anybody consents.
"""

import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange import elsewhere, offers, outward, telling
from lingnan.kernel.exchange.models import Route
from lingnan.kernel.exchange.offers import Offer
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, consents, node_evidence
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
SERVICE, PATIENCE = "agreements", 4.0
LONGEST = 1_000_000
foreign = consents.foreign


class NotPossible(ValueError):
    """A holder that cannot be registered; `why` is system, registered, unreachable or untrusted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def register(system: str, by: str) -> Route:
    """Let people here decide on what the node of a system asks; the evidence first, after it has
    answered. Raises NotPossible, EvidenceUnavailable."""
    home = elsewhere.of_system(system)
    if home is None:
        raise NotPossible("system")
    if Route.objects.filter(system=system).exists():
        raise NotPossible("registered")
    made = Route(system=system, server=home.server, root=home.root)
    _asked(made)
    _witness("exchange.holder_registered", made, by)
    made.save(force_insert=True)
    return made


def stop(system: str, by: str) -> None:
    """Ask that node no more; the evidence first. What was read stays."""
    found = Route.objects.filter(system=system).first()
    if found is not None:
        _witness("exchange.holder_stopped", found, by)
        found.delete()


def routes() -> list[Route]:
    return list(Route.objects.order_by("system"))


def refresh(route: Route) -> list[Offer]:
    """What that node tells now, kept here; who consented to a text that has changed hears of it.
    Raises NotPossible where it does not answer as it must."""
    before, since = {one.number: one for one in offers.of_route(route)}, route.told_at
    _asked(route)
    found = offers.of_route(route)
    kept = Route.objects.filter(system=route.system, told_at=since)
    # Who asks at the same moment has told of what is new already.
    if kept.update(shown=route.shown, told_at=route.told_at):
        _tell(before, {one.number: one for one in found})
    return found


def _tell(before: Mapping[str, Offer], now: Mapping[str, Offer]) -> None:
    for number, one in before.items():
        if number not in now:
            telling.ended(one)
        elif now[number].terms != one.terms:
            telling.changed(now[number], must=True)


def now_offered(system: str, number: str) -> Offer | None:
    """An offer of a system elsewhere as its holder tells it at this moment. Raises NotPossible."""
    route = Route.objects.filter(system=system).first()
    found = refresh(route) if route is not None else []
    return next((one for one in found if one.number == number), None)


def _asked(route: Route) -> None:
    """Put into the route what its node tells, judged by its root. Raises NotPossible."""
    nonce = secrets.token_hex(16)
    question = {"nonce": nonce, "system": route.system}
    body = _said(route.server, question)
    try:
        shown = foreign.Shown.read(body.get("answer"), LONGEST)
        said, _root = foreign.said(shown, [route.root])
    except foreign.NotGenuine:
        raise NotPossible("untrusted") from None
    same = said.get("nonce") == nonce and said.get("system") == route.system
    if not same or not isinstance(said.get("offers"), list):
        raise NotPossible("untrusted")
    route.shown, route.told_at = shown.plain(), legal_time.now()


def _said(server: str, question: dict[str, Any]) -> dict[str, Any]:
    """Raises NotPossible."""
    there, own = elsewhere.node(server), elsewhere.own_services()
    if there is None or own is None:
        raise NotPossible("unreachable")
    asked = Question(own, Service(there.services, SERVICE), question)
    try:
        said = outward.ask(asked, PATIENCE)
    except Unavailable:
        raise NotPossible("unreachable") from None
    if said.status != 200 or said.refused:
        raise NotPossible("unreachable")
    return said.body


def answered(question: dict[str, Any]) -> dict[str, str]:
    """To another node: what this one's agreements about a system ask of people, signed."""
    system, nonce = str(question.get("system", ""))[:40], str(question.get("nonce", ""))[:64]
    now = legal_time.now().isoformat()
    said = {"nonce": nonce, "system": system, "offers": offers.told(system), "at": now}
    return foreign.signed(said).plain()


def _witness(kind: str, route: Route, by: str) -> None:
    payload = {"system": route.system, "root": route.root, "node": route.server, "actor": by}
    payload["legal_time"] = legal_time.now().isoformat()
    node_evidence.write([node_evidence.entry(kind, payload, [])])


class Rounds:
    """What the node's worker does: asks each holder again every few minutes."""

    EVERY = 300.0

    def __init__(self) -> None:
        self._last = time.monotonic()

    def run(self) -> None:
        """What fails is tried again by the next round; what was told before stands."""
        if time.monotonic() - self._last < self.EVERY:
            return
        self._last = time.monotonic()
        for route in Route.objects.all():
            try:
                refresh(route)
            except (NotPossible, EvidenceUnavailable):
                logger.warning("the holder of %s did not tell", route.system, exc_info=True)
