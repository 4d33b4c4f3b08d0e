"""What one side tells the other of an arrangement: messages between the two gates, kept until they
are acknowledged, taken once."""

import logging
from typing import Any

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.partners import concluding, directories
from lingnan.kernel.exchange.federation.partners.models import Arrangement
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards.xroad import Identifier, Service

logger = logging.getLogger(__name__)
SERVICE, PATIENCE = "arrangements", 10.0
WORDS = frozenset({"proposed", "accepted", "declined", "held", "resumed", "over"})


def tell(one: Arrangement) -> bool:
    """Say what the other side has not heard yet; whether it has heard all."""
    heard = 0
    try:
        for word in one.unsaid:
            _said(one, str(word))
            heard += 1
    except Unavailable as down:
        logger.warning("%s was not told of %s: %s", one.partner, one.number, down.detail)
    if heard:
        concluding.said(one, heard)
    return heard == len(one.unsaid)


def tell_due() -> None:
    """The worker's round."""
    reached = {partner.instance for partner in directories.partners()}
    for one in Arrangement.objects.exclude(unsaid=[]).filter(partner__in=reached).order_by("key"):
        tell(one)


def _said(one: Arrangement, word: str) -> None:
    """Raises Unavailable where it was not acknowledged."""
    partner, here = directories.in_force(one.partner), own.membership()
    known = directories.known(partner) if partner is not None else None
    if partner is None or known is None:
        raise Unavailable(f"nothing is known of {one.partner}")
    told = {"word": word, "number": one.number, "why": one.why}
    if word in ("proposed", "accepted"):
        told |= {"document": one.document, "signature": one.ours}
    services = own.member(here.instance, here.owner, own.OWN_SYSTEM)
    there = Service(directories.services_of(partner, known), SERVICE)
    said = outward.ask(Question(services, there, told, one.number), PATIENCE)
    if said.status != 200 or said.body.get("taken") != one.number:
        raise Unavailable(str(said.body.get("message", said.refused or said.status)))


def take(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """What the other side's gate tells this one. Raises PermissionError, ValueError,
    EvidenceUnavailable."""
    partner = directories.in_force(asks.instance)
    known = directories.known(partner) if partner is not None else None
    if partner is None or known is None or asks != directories.services_of(partner, known):
        raise PermissionError(f"{asks} does not speak for {asks.instance}")
    word = str(question.get("word", ""))
    if word not in WORDS:
        raise ValueError("no word about an arrangement")
    return {"taken": concluding.came(partner, word, question).number}
