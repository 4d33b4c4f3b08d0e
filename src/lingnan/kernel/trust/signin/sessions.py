"""Sessions: begun, listed and ended; each with what tells its owner which one it is."""

import ipaddress
import re
from datetime import timedelta

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from lingnan.kernel.runtime import keys
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.acting.standing import IN_SESSION
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.models import Account, SignedInSession
from lingnan.kernel.trust.openid import leaving
from lingnan.kernel.trust.signin import standing
from lingnan.kernel.trust.signin.standing import Standing

KEPT = timedelta(days=90)
BACKEND = "django.contrib.auth.backends.ModelBackend"
# The first that is found counts: many browsers also say that they are another.
BROWSERS = [
    ("MicroMessenger", "微信 WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
]  # fmt: skip
SYSTEMS = [
    ("HarmonyOS|OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
]  # fmt: skip


def write(entry: str, about: Account, **told: str | int | bool) -> int:
    """One entry of the evidence about an account, which its owner can read: its number."""
    subjects = [("trust", about.key)]
    return node_evidence.write([node_evidence.entry(entry, dict(told), subjects)])[0].seq


def begin(request: HttpRequest, account: Account, who: Actor, how: Standing) -> None:
    """Sign in. Written down first: without evidence nobody is signed in."""
    more = {"assisted_by": how.clerk} if how.clerk else {}
    number = write(
        "trust.signin",
        account,
        account=who.signature,
        kind=account.kind,
        method=how.method,
        level=standing.STRONGEST if standing.is_invented(account) else how.level,
        browser=browser(request),
        network=network(request),
        **more,
    )
    ended_here(request)
    before = request.session.session_key
    old = timezone.now() - KEPT
    SignedInSession.objects.filter(account=account.key, began_at__lt=old).delete()
    login(request, account, backend=BACKEND)
    if request.session.session_key == before:
        # Signing in again as oneself keeps the name, for Django; not for us.
        request.session.cycle_key()
    standing.keep(request, how)
    request.session["signin"] = number
    request.session.pop(IN_SESSION, None)
    request.session.set_expiry(int(standing.ASSISTED) if how.clerk else None)
    request.session.save()
    _record(request, account, how)


def raise_to(request: HttpRequest, account: Account, how: Standing) -> None:
    """The person who is signed in has proved it again. The session gets another name."""
    number = write("trust.step_up", account, method=how.method, level=how.level)
    before = request.session.session_key
    request.session.cycle_key()
    rotate_token(request)
    standing.keep(request, how)
    request.session["signin"] = number
    request.session.save()
    if not renamed(request, account, before):
        _record(request, account, how)
    rows = SignedInSession.objects.filter(session=request.session.session_key or "")
    rows.update(method=how.method, level=how.level)


def _record(request: HttpRequest, account: Account, how: Standing) -> None:
    SignedInSession.objects.create(
        key=keys.new_key(),
        account=account.key,
        session=request.session.session_key or "",
        method=how.method,
        level=how.level,
        began_at=timezone.now(),
        network=network(request),
        browser=browser(request),
        assisted_by=how.clerk,
    )


def present(account: Account) -> list[SignedInSession]:
    """The account's sessions that still work, newest first."""
    rows = SignedInSession.objects.filter(account=account.key, ended_at=None).order_by("-key")
    found = list(rows[:100])
    alive = Session.objects.filter(
        session_key__in=[row.session for row in found], expire_date__gt=timezone.now()
    )
    names = set(alive.values_list("session_key", flat=True))
    return [row for row in found if row.session in names]


def end(account: Account, rows: list[SignedInSession], why: str) -> int:
    """End sessions at once: their next request is nobody's."""
    for row in rows:
        write("trust.session_ended", account, why=why, method=row.method, browser=row.browser)
        Session.objects.filter(session_key=row.session).delete()
    return _ended(SignedInSession.objects.filter(key__in=[row.key for row in rows]))


def _ended(rows: QuerySet[SignedInSession]) -> int:
    """They have ended, and word is left for the systems that let their owner in by them."""
    with transaction.atomic():
        leaving.session_ended(rows.values_list("key", flat=True))
        return rows.update(ended_at=timezone.now())


def end_others(request: HttpRequest, account: Account, why: str) -> int:
    here = request.session.session_key
    return end(account, [row for row in present(account) if row.session != here], why)


def ended_here(request: HttpRequest) -> None:
    """Note that this session ends by its owner's own act."""
    here = request.session.session_key or ""
    _ended(SignedInSession.objects.filter(session=here, ended_at=None))


def network(request: HttpRequest) -> str:
    """From where, roughly: of an address of four parts the first three."""
    told = address_of(request)
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return told
    return f"{told.rpartition('.')[0]}.*" if found.version == 4 else told


def browser(request: HttpRequest) -> str:
    """What the browser says that it is, as people call it."""
    said = request.headers.get("User-Agent", "")[:400]
    names = [
        next((name for pattern, name in known if re.search(pattern, said)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in names if name)


def renamed(request: HttpRequest, account: Account, before: str | None) -> bool:
    """The session has another name than before: its record follows. Whether there was one."""
    rows = SignedInSession.objects.filter(account=account.key, session=before or "")
    return bool(rows.update(session=request.session.session_key or ""))
