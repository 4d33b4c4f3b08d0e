"""Systems are told when a sign-in ends (OpenID Connect Back-Channel Logout 1.0).

Word is left in the act that ends the session and goes out by the worker, again and again for a day;
what a system does not take then stands before the operator. Nothing waits for a system.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.openid import claims, parties, signing
from lingnan.kernel.trust.openid.models import IssuedToken, LogoutNotice, RelyingParty
from lingnan.kernel.trust.witnesses import fetching

logger = logging.getLogger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
VALID = timedelta(minutes=2)
"""How long a logout token holds (§2.4 recommends two minutes at most)."""
WAITS = [timedelta(seconds=one) for one in (10, 60, 300, 1_800, 7_200, 21_600, 43_200)]
"""How long after each refusal it is tried again; after the last it is a dead letter."""
AT_ONCE, LONGEST = 50, 300
Post = Callable[[str, bytes], None]


def sid(party: RelyingParty, session: int) -> str:
    """The name of a session at one system, and at no other (§2.1)."""
    return keys.veil(session, f"openid.sid.{party.client_id}")


def session_ended(sessions: Iterable[int]) -> None:
    """Leave word for each system that got tokens in these sessions and wants to be told. In the
    transaction of the act that ends them."""
    names = [str(one) for one in sessions]
    told = IssuedToken.objects.filter(session__in=names, kind="refresh")
    for client_id, session, account in set(told.values_list("client_id", "session", "account")):
        party = parties.party(client_id)
        if party is None or not party.row.backchannel:
            continue
        LogoutNotice.objects.get_or_create(
            client_id=client_id,
            session=int(session),
            defaults={"account": account, "made_at": _now(), "due_at": _now()},
        )


def dead() -> QuerySet[LogoutNotice]:
    """Those that were given up, newest first."""
    return LogoutNotice.objects.filter(state="dead").order_by("-key")


def again(key: int) -> bool:
    """Try a dead one once more, from the beginning."""
    rows = LogoutNotice.objects.filter(key=key, state="dead")
    return bool(rows.update(state="waiting", tries=0, due_at=_now()))


def deliver_due(post: Post | None = None, budget: float = 5.0) -> int:
    """Tell those that are due, for so many seconds; how many were told."""
    until, done = monotonic() + budget, 0
    rows = LogoutNotice.objects.filter(state="waiting", due_at__lte=_now()).order_by("due_at")
    for one in rows[:AT_ONCE]:
        if monotonic() > until:
            break
        done += _deliver(one, post or _post)
    return done


def _deliver(one: LogoutNotice, post: Post) -> int:
    party = parties.party(one.client_id)
    if party is None or not party.row.backchannel:
        LogoutNotice.objects.filter(pk=one.pk).update(state="dropped", done_at=_now())
        return 0
    try:
        body = urlencode({"logout_token": token(party.row, one)}).encode()
        post(party.row.backchannel, body)
    except (fetching.Unreachable, fetching.Answered, KeyStoreUnavailable) as problem:
        logger.warning("the system %s was not told of a sign-out: %s", one.client_id, problem)
        _later(one, str(problem))
        return 0
    LogoutNotice.objects.filter(pk=one.pk).update(state="told", done_at=_now(), problem="")
    return 1


def _later(one: LogoutNotice, problem: str) -> None:
    last = one.tries >= len(WAITS)
    LogoutNotice.objects.filter(pk=one.pk).update(
        state="dead" if last else "waiting",
        tries=one.tries + 1,
        due_at=_now() if last else _now() + WAITS[one.tries],
        problem=problem[:LONGEST],
    )


def token(party: RelyingParty, one: LogoutNotice) -> str:
    """A logout token (§2.4): about one session of one person, as this system knows them."""
    now = _now()
    told: dict[str, Any] = {
        "iss": settings.PUBLIC_ADDRESS,
        "aud": party.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + VALID).timestamp()),
        "jti": keys.veil(one.key, f"openid.logout.{one.tries}"),
        "events": {EVENT: {}},
        "sub": claims.subject(party, one.account),
        "sid": sid(party, one.session),
    }
    return signing.signed(told, party.algorithm, kind="logout+jwt")


def _post(address: str, body: bytes) -> None:
    fetching.send(address, body, "application/x-www-form-urlencoded")


def _now() -> datetime:
    return datetime.now(UTC)


class Rounds:
    """What the worker does of it, every few seconds."""

    def run(self) -> None:
        """What fails is tried again by the next round."""
        deliver_due()
