"""Who asks over GovStack's interface: a client that the operator has enrolled, by its key.

The header `Information-Mediator-Client` (INSTANCE/CLASS/MEMBER/SUBSYSTEM) names the client, the
header `Authorization` shows its key. The operator's file (`LINGNAN_GOVSTACK_CLIENTS`) says for
which account and post it acts, so that it may do what that post may and no more, and its acts
stand in the evidence under the account's name and its own:

    {"LINGNAN/GOV/gd-440103-police/registry":
        {"key_sha256": "<64 hex digits>", "account": "<login>", "role": "<role of the post>",
         "usage": false}}

MEMBER is the body of that post. `usage`: whether it may read who has used a person's data.
Without the file nobody is let in.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, Actor, Holding, actor_of

logger = logging.getLogger(__name__)
NAMED_BY, KEY_IN = "Information-Mediator-Client", "Authorization"
LONGEST = 120


@dataclass(frozen=True)
class Client:
    """An enrolled client, and as whom it acts."""

    name: str
    actor: Actor
    usage: bool = False


def client_of(request: HttpRequest) -> Client:
    """The client of a request that has been let in."""
    found = cast(Client | None, getattr(request, "govstack_client", None))
    if found is None:
        raise PermissionDenied
    return found


def let_in(request: HttpRequest) -> Client | None:
    """The client by its headers; None (401) unless name and key are an enrolled client's.

    Where its post is held no more it is refused, too. A session of a browser counts nothing.
    """
    name, key = request.headers.get(NAMED_BY, ""), request.headers.get(KEY_IN, "")
    entry = _enrolled().get(name)
    shown = sha256(key.removeprefix("Bearer ").encode("utf-8", "replace")).hexdigest()
    expected = str(entry.get("key_sha256", "")) if entry else ""
    if entry is None or not hmac.compare_digest(shown, expected.lower()):
        return None
    who = _acting(name, entry)
    if who is None:
        return None
    known: Any = request
    known.actor = who
    known.govstack_client = Client(name, who, entry.get("usage") is True)
    return cast(Client, known.govstack_client)


def _enrolled() -> Mapping[str, Mapping[str, Any]]:
    """The operator's file, read anew: who is struck off is refused from then on."""
    if not settings.GOVSTACK_CLIENTS:
        return {}
    try:
        said = json.loads(Path(settings.GOVSTACK_CLIENTS).read_text(encoding="utf-8"))
        return {str(name): dict(entry) for name, entry in dict(said).items()}
    except (OSError, ValueError, TypeError) as error:
        logger.error("the file of GovStack clients cannot be read: %s", error)
        return {}


def _acting(name: str, entry: Mapping[str, Any]) -> Actor | None:
    """The post for which a client acts; None where the account does not hold it."""
    account = Account.objects.filter(login=str(entry.get("account", "")), is_active=True).first()
    if account is None or (account.demonstration and not legal_time.is_demonstration()):
        return None
    parts = name.split("/")
    if len(parts) != 4 or len(name) > LONGEST or not all(parts):
        return None
    post = Holding.objects.filter(
        account=account.key, body=parts[2], role=str(entry.get("role", "")), ended=False
    ).first()
    who = actor_of(account, post.key) if post is not None else None
    if who is None or who.kind != "official":
        return None
    return replace(who, name=f"{who.name} · {name}")
