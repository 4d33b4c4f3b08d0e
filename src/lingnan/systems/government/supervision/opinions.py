"""监察建议书: written by a supervisor about a card, answered once by the head of the body."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.systems.government.supervision import scope, telling
from lingnan.systems.government.supervision.models import Answer, Card, Opinion

LONGEST = 1000
CONTEXT = "supervision.opinion"
PARAMETERS = Path(__file__).parent / "rules" / "parameters" / "opinion.toml"


class NotAllowed(Exception):
    """Not this post's to do, said already, or nothing was said."""


@cache
def parameters() -> dict[str, Any]:
    return tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))


def address(opinion: Opinion) -> str:
    """Where the head of the body reads and answers it."""
    return f"/desk/opinions/{keys.veil(opinion.pk, CONTEXT)}/"


def write(card: Card, actor: Actor, words: str) -> Opinion:
    """Raises NotAllowed for whom the body is not to supervise, and for empty words."""
    words = words.strip()
    if actor.role != "supervisor" or not scope.covers(actor, card.body) or not words:
        raise NotAllowed
    today = legal_time.today()
    due = calendars.calendar().add_working_days(today, int(parameters()["answer_within"]))
    with transaction.atomic():
        opinion = Opinion.objects.create(
            card=card,
            body=card.body,
            words=words[:LONGEST],
            by=actor.signature,
            by_name=actor.name,
            by_body=actor.body,
            by_account=actor.account,
            written_on=today,
            answer_by=due,
        )
        _witness("supervision.opinion", opinion, actor)
        telling.advised(opinion, address(opinion))
    return opinion


def answer(opinion: Opinion, actor: Actor, words: str) -> Answer:
    """Raises NotAllowed for any but the head of the body, a second time, and for empty words."""
    words = words.strip()
    if not actor.holds("head", opinion.body) or not words:
        raise NotAllowed
    try:
        with transaction.atomic():
            given = Answer.objects.create(
                opinion=opinion,
                words=words[:LONGEST],
                by=actor.signature,
                by_name=actor.name,
                answered_on=legal_time.today(),
            )
            _witness("supervision.answer", opinion, actor)
            telling.answered(given)
    except IntegrityError:
        raise NotAllowed from None
    return given


def _witness(kind: str, opinion: Opinion, actor: Actor) -> None:
    payload = {
        "case": opinion.card.reference,
        "colour": opinion.card.colour,
        "body": opinion.body,
        "actor": actor.signature,
        "legal_time": legal_time.now().isoformat(),
    }
    node_evidence.write([node_evidence.entry(kind, payload, reference=opinion.card.reference)])
