"""Asking a holder that another node carries, by a signed message.

Subjects travel as pseudonyms that the two members share, and with them the signed consents where
this node has any (`afar`).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from lingnan.kernel.exchange import elsewhere, outward, use_text
from lingnan.kernel.exchange.elsewhere import Elsewhere
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Answer, Denied, ExchangeFailure, Stale, Unavailable, Use
from lingnan.standards.xroad import Service

FAILURES: dict[str, type[ExchangeFailure]] = {
    kind.code: kind for kind in (Denied, Unavailable, Stale)
}
CLIENT = "lingnan"
"""The subsystem as which a body asks where its use names none."""


def route_to(system: str) -> Elsewhere | None:
    """The node that answers for a system which this one does not carry."""
    return elsewhere.of_system(system)


def ask(
    home: Elsewhere, use: Use, known_as: dict[str, str] | None, shown: dict[str, Any]
) -> tuple[list[Answer], list[str]]:
    """The holder's answers, and the consents under which it gave them.

    `shown` by subject: the consents of this node's people. Raises Denied, Unavailable or Stale as
    the holder does.
    """
    payload: dict[str, Any] = {"use": use.plain(), "known_as": known_as} | use_text.told_aim(use)
    payload |= {"consents": shown} if shown else {}
    body = asked(home, use.resource.partition(".")[2], payload, use, use.deadline)
    used = body.get("consents")
    numbers = [str(one)[:20] for one in used] if isinstance(used, list) else []
    return _answers(home, use, body), numbers


class Asker(Protocol):
    """For whom something is asked: a use of any kind."""

    @property
    def consumer(self) -> str: ...

    @property
    def case(self) -> str: ...

    @property
    def actor(self) -> str: ...


def asked(
    home: Elsewhere, code: str, body: Mapping[str, Any], use: Asker, deadline: float
) -> dict[str, Any]:
    """What a service of the holder says. Raises Denied, Unavailable or Stale as it does."""
    client = elsewhere.member(use.consumer, CLIENT)
    if client is None:
        raise Unavailable("this node belongs to no instance")
    question = Question(client, Service(home.provider, code), body, use.case, use.actor)
    said = outward.ask(question, deadline)
    if said.status == 200 and not said.refused:
        return said.body
    if said.refused:
        refusal = Denied if said.refused.endswith(".AccessDenied") else Unavailable
        raise refusal(str(said.body.get("message", said.refused)))
    kind = FAILURES.get(str(said.body.get("failure")), Unavailable)
    detail = str(said.body.get("detail", f"the holder answered {said.status}"))
    raise kind(detail, str(said.body.get("term", ""))[:20])


def _answers(home: Elsewhere, use: Use, body: dict[str, Any]) -> list[Answer]:
    """What the holder said, one answer for each subject in the order asked."""
    try:
        answers = [
            Answer(
                subject=row["subject"],
                rows=tuple({**row_, "values": dict(row_["values"])} for row_ in row["rows"]),
                evidence=int(row["evidence"]),
                as_of=row["as_of"],
            )
            for row in body["answers"]
        ]
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable(f"{home.system} does not answer as agreed") from fault
    if [answer.subject for answer in answers] != list(use.subjects):
        raise Unavailable(f"{home.system} answers for other subjects than asked")
    return answers
