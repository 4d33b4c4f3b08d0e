"""What this room does once on each legal day."""

from datetime import UTC, datetime, timedelta

from lingnan.kernel.trust.openid.models import AuthorizationCode, IssuedToken

# Used ones are kept for a while, so that a second use is noticed.
KEPT = timedelta(days=2)


def daily() -> int:
    """Sweep away codes and tokens that ended long ago; how many."""
    before = datetime.now(UTC) - KEPT
    codes, _each = AuthorizationCode.objects.filter(until__lt=before).delete()
    tokens, _each = IssuedToken.objects.filter(until__lt=before).delete()
    return codes + tokens
