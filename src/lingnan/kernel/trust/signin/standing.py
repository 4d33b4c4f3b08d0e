"""How surely the person of a session is known: by which way, at which level, since when."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.certification import register
from lingnan.kernel.trust.clocks import TOLERANCE
from lingnan.kernel.trust.models import Account, Credential, IssuedCertificate

IN_SESSION = "signed"
FRESH = 600.0
ASSISTED = 1200.0
"""Seconds: how long a proof is fresh, and how long somebody is helped at a counter."""
LEVELS = {
    "password": 1, "demonstration": 1, "totp": 2, "recovery_code": 2, "counter": 2, "assisted": 2,
    "passkey": 3, "certificate": 3,
}  # fmt: skip
STRONGEST = 3
# Ways by which one comes back after a loss: what was lost cannot be asked for.
RECOVERING = frozenset({"recovery_code", "counter"})


class StepUpNeeded(PermissionDenied):
    """Signed in, but not surely or not recently enough. `need` is the level that is asked for."""

    def __init__(self, need: int) -> None:
        super().__init__(f"level {need}")
        self.need = need


class OnlyInPerson(PermissionDenied):
    """Not while an official helps: what opens the account is its owner's alone."""


@dataclass(frozen=True)
class Standing:
    """`at`: seconds since 1970. `clerk`: the official who helps, at what address."""

    method: str
    at: float
    clerk: str = ""
    counter: str = ""

    @property
    def level(self) -> int:
        return LEVELS.get(self.method, 1)

    def over(self, request: HttpRequest) -> bool:
        """Whether help at a counter has ended, or is asked for from elsewhere."""
        ended = time.time() - self.at > ASSISTED
        return bool(self.clerk) and (ended or self.counter != address_of(request))


def proved(method: str, clerk: str = "", counter: str = "") -> Standing:
    """Somebody proved just now who they are."""
    return Standing(method, time.time(), clerk, counter)


def keep(request: HttpRequest, standing: Standing) -> None:
    request.session[IN_SESSION] = asdict(standing)


def of(request: HttpRequest) -> Standing:
    """The standing of a session; one that says nothing was opened by a password at some time."""
    said: Any = request.session.get(IN_SESSION)
    return Standing(**said) if isinstance(said, dict) else Standing("password", 0.0)


def is_invented(account: Account) -> bool:
    """One of a demonstration's people, in a demonstration: known as surely as one can be, since
    there is nobody; a real account beside them is not."""
    return account.demonstration and legal_time.is_demonstration()


def level_of(request: HttpRequest, account: Account) -> int:
    return STRONGEST if is_invented(account) else of(request).level


def reachable(account: Account) -> int:
    """The highest level at which the account can sign in."""
    kinds = set(Credential.objects.filter(account=account.key).values_list("kind", flat=True))
    if "passkey" in kinds or in_force(account):
        return 3
    return 2 if "totp" in kinds else 1


def in_force(account: Account) -> list[IssuedCertificate]:
    """The account's certificates by which it can sign in now."""
    rows = IssuedCertificate.objects.filter(
        holder__in=register.holders(account.key), profile="signing", state="good"
    )
    rows = rows.exclude(authority__in=list(register.revoked_authorities()))
    now = timezone.now()
    return list(rows.filter(not_before__lte=now, not_after__gte=now).order_by("key"))


def demand(request: HttpRequest, level: int, guarded: bool) -> None:
    """Raises `StepUpNeeded` or `OnlyInPerson` where a rule asks for more than the session has."""
    account = request.user
    if not isinstance(account, Account) or (level <= 1 and not guarded) or is_invented(account):
        return
    standing = of(request)
    if not guarded:
        if standing.level < level:
            raise StepUpNeeded(level)
        return
    if standing.clerk:
        raise OnlyInPerson
    need = max(level, reachable(account))
    # A proof of a time that has not come was given before the clock was set back: how old it is,
    # nobody knows.
    recent = -TOLERANCE.total_seconds() <= time.time() - standing.at <= FRESH
    if not recent or (standing.level < need and standing.method not in RECOVERING):
        raise StepUpNeeded(need)
