"""A question to another node, and its answer: JSON over HTTP, known by a token."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from lingnan.kernel.exchange.use import Unavailable

LONGEST = 16 * 1024 * 1024


def post(
    url: str, token: str, path: str, payload: dict[str, Any], deadline: float
) -> tuple[int, dict[str, Any]]:
    """(status, what was answered; empty where it is no object). Raises Unavailable."""
    target = urlsplit(url)
    safe = target.scheme == "https"
    kind = http.client.HTTPSConnection if safe else http.client.HTTPConnection
    connection = kind(target.hostname or "", target.port, timeout=deadline)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        connection.request("POST", path, json.dumps(payload), headers)
        answer = connection.getresponse()
        content = answer.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise ValueError("the answer is too long")
        body = json.loads(content)
        return answer.status, body if isinstance(body, dict) else {}
    except (OSError, ValueError, http.client.HTTPException) as failure:
        raise Unavailable(f"{target.hostname}: {failure}") from failure
    finally:
        connection.close()
