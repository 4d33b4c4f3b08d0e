"""What an official searches for, kept in the session: a number or name never stands in an address.

An address carries a token that means something in this session only.
"""

import secrets

from django.http import HttpRequest

KEPT = 20
LONGEST = 60
IN_SESSION = "register_searches"


def keep(request: HttpRequest, text: str) -> str:
    """A token for a search text; the session keeps the latest twenty."""
    token = secrets.token_hex(8)
    kept = dict(request.session.get(IN_SESSION, {}))
    kept[token] = text
    request.session[IN_SESSION] = dict(list(kept.items())[-KEPT:])
    return token


def text_of(request: HttpRequest, token: str) -> str | None:
    """The text of a token; None when this session does not know it."""
    found = request.session.get(IN_SESSION, {}).get(token)
    return None if found is None else str(found)
