"""A question to another node, and its answer: JSON over HTTP, known by a token."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from lingnan.kernel.exchange.use import Unavailable


def post(
    url: str, token: str, path: str, payload: dict[str, Any], deadline: float
) -> tuple[int, dict[str, Any]]:
    """(status, what was answered; empty where it is no object). Raises Unavailable."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(
        target.hostname or "", target.port or 80, timeout=deadline
    )
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        connection.request("POST", path, json.dumps(payload), headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        return answer.status, body if isinstance(body, dict) else {}
    except (OSError, ValueError, http.client.HTTPException) as failure:
        raise Unavailable(f"{target.hostname}: {failure}") from failure
    finally:
        connection.close()
