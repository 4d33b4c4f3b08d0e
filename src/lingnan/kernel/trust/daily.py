"""What this room does once on each legal day."""

from datetime import UTC, datetime, timedelta

from lingnan.kernel.trust.openid.models import AuthorizationCode, IssuedToken, LogoutNotice
from lingnan.kernel.trust.people import appointing

# Used ones are kept for a while, so that a second use is noticed.
KEPT = timedelta(days=2)


def daily() -> int:
    """Begin the posts whose day has come; sweep away codes, tokens and words of sign-outs that
    ended long ago."""
    before = datetime.now(UTC) - KEPT
    codes, _each = AuthorizationCode.objects.filter(until__lt=before).delete()
    tokens, _each = IssuedToken.objects.filter(until__lt=before).delete()
    told, _each = LogoutNotice.objects.filter(
        state__in=("told", "dropped"), done_at__lt=before
    ).delete()
    return appointing.begin_due() + codes + tokens + told
