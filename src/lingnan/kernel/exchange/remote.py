"""Asking a holder that another node carries, over HTTP.

Subjects travel as pseudonyms that the two members share, and with them the signed consents where
this node has any (`afar`). The questions themselves are not signed yet: nodes know each other by a
token of the route.
"""

from typing import Any

from django.apps import apps

from lingnan.kernel.exchange import wire
from lingnan.kernel.exchange.models import Route
from lingnan.kernel.exchange.use import Answer, Denied, ExchangeFailure, Stale, Unavailable, Use

FAILURES: dict[str, type[ExchangeFailure]] = {
    kind.code: kind for kind in (Denied, Unavailable, Stale)
}


def route_to(system: str) -> Route | None:
    """The route to a system, or None when this node carries it itself."""
    return None if carried(system) else Route.objects.filter(system=system).first()


def carried(system: str) -> bool:
    """Whether this node carries a system itself."""
    return any(config.label == system for config in apps.get_app_configs())


def ask(
    route: Route, use: Use, known_as: dict[str, str] | None, shown: dict[str, Any]
) -> tuple[list[Answer], list[str]]:
    """The holder's answers, and the consents under which it gave them.

    `shown` by subject: the consents of this node's people. Raises Denied, Unavailable or Stale as
    the holder does.
    """
    payload = {"use": use.plain(), "known_as": known_as} | ({"consents": shown} if shown else {})
    status, body = wire.post(route.url, route.token, "/exchange/single", payload, use.deadline)
    if status == 200:
        used = body.get("consents")
        numbers = [str(one)[:20] for one in used] if isinstance(used, list) else []
        return _answers(route, use, body), numbers
    kind = FAILURES.get(str(body.get("failure")), Unavailable)
    raise kind(str(body.get("detail", f"the holder answered {status}")))


def _answers(route: Route, use: Use, body: dict[str, Any]) -> list[Answer]:
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
        raise Unavailable(f"{route.system} does not answer as agreed") from fault
    if [answer.subject for answer in answers] != list(use.subjects):
        raise Unavailable(f"{route.system} answers for other subjects than asked")
    return answers
