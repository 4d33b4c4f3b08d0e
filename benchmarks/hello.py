"""The least a WSGI application can do, as a baseline."""

from collections.abc import Callable, Iterable
from typing import Any

CONTENT = b"<!doctype html><title>hello</title>" + b"<p>hello</p>" * 500


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One page of about 6 KB."""
    headers = [("Content-Type", "text/html"), ("Content-Length", str(len(CONTENT)))]
    start_response("200 OK", headers)
    return [CONTENT]
