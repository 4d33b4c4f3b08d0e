"""What is known of a browser's sign-in: when, at which level, in which session."""

import hashlib
from datetime import UTC, datetime

from django.core import signing
from django.http import HttpRequest

from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.openid.grants import SignedIn

SALT, AGE = "trust.openid.since", 3600


def current(request: HttpRequest) -> SignedIn | None:
    """The sign-in of a request, None where nobody acts."""
    account = request.user
    if getattr(request, "actor", None) is None or not isinstance(account, Account):
        return None
    return SignedIn(
        account=account.key,
        holding=request.session.get("holding"),
        session=name(request.session.session_key or ""),
        level=request.session.get("level", 1),
        at=_at(request),
    )


def name(session_key: str) -> str:
    """The hash by which tokens remember the session that they came of."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def asked_now() -> str:
    """A mark for an address: a sign-in was asked for at this moment."""
    return signing.dumps(datetime.now(UTC).isoformat(), salt=SALT)


def answered(mark: str, signed: SignedIn) -> bool:
    """Whether somebody has signed in since the moment of a mark."""
    try:
        since = datetime.fromisoformat(signing.loads(mark, salt=SALT, max_age=AGE))
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return signed.at >= since


def _at(request: HttpRequest) -> datetime:
    """Unknown counts as long ago: then it is asked for anew where that matters."""
    try:
        return datetime.fromisoformat(request.session.get("signed_in_at", ""))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
