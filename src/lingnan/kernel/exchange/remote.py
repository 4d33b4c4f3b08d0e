"""Asking a holder that another node carries, over HTTP.

Subjects travel as pseudonyms that the two members share. Signing and TLS between nodes are
not part of this yet; nodes know each other by a token of the route.
"""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps

from lingnan.kernel.exchange.models import Route
from lingnan.kernel.exchange.use import Answer, Denied, ExchangeFailure, Stale, Unavailable, Use

FAILURES: dict[str, type[ExchangeFailure]] = {
    kind.code: kind for kind in (Denied, Unavailable, Stale)
}


def route_to(system: str) -> Route | None:
    """The route to a system, or None when this node carries it itself."""
    if any(config.label == system for config in apps.get_app_configs()):
        return None
    return Route.objects.filter(system=system).first()


def ask(route: Route, use: Use, known_as: dict[str, str] | None) -> list[Answer]:
    """The holder's answers. Raises Denied, Unavailable or Stale as the holder does."""
    payload = {"use": use.plain(), "known_as": known_as}
    status, body = _post(route, payload, use.deadline)
    if status == 200:
        return _answers(route, use, body)
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


def _post(route: Route, payload: dict[str, Any], deadline: float) -> tuple[int, dict[str, Any]]:
    target = urlsplit(route.url)
    connection = http.client.HTTPConnection(
        target.hostname or "", target.port or 80, timeout=deadline
    )
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {route.token}"}
    try:
        connection.request("POST", "/exchange/single", json.dumps(payload), headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        return answer.status, body if isinstance(body, dict) else {}
    except (OSError, ValueError, http.client.HTTPException) as failure:
        raise Unavailable(f"{route.system}: {failure}") from failure
    finally:
        connection.close()
