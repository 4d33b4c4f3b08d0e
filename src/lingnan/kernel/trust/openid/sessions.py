"""What is known of a browser's sign-in: when, at which level, in which session."""

from datetime import UTC, datetime

from django.core import signing
from django.http import HttpRequest

from lingnan.kernel.trust.models import Account, SignedInSession
from lingnan.kernel.trust.openid.grants import SignedIn
from lingnan.kernel.trust.signin import standing

SALT, AGE = "trust.openid.since", 3600


def current(request: HttpRequest) -> SignedIn | None:
    """The sign-in of a request, None where nobody acts."""
    account = request.user
    who = getattr(request, "actor", None)
    # Whoever acts for another signs in at a system as themselves, anew.
    if who is None or who.acting is not None or not isinstance(account, Account):
        return None
    return SignedIn(
        account=account.key,
        holding=request.session.get("holding"),
        session=name(request),
        level=standing.level_of(request, account),
        at=datetime.fromtimestamp(standing.of(request).at, UTC),
    )


def name(request: HttpRequest) -> str:
    """What tokens remember of the session that they came of; "" where none was begun."""
    key = request.session.session_key or ""
    row = SignedInSession.objects.filter(session=key, ended_at=None).first() if key else None
    return str(row.key) if row else ""


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
