"""Second factors: an authenticator program, and codes on paper for when everything else is lost."""

import os
import secrets
import time

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.models import Account, Credential
from lingnan.kernel.trust.signin import sealing, sessions
from lingnan.standards import one_time_password as otp

ISSUER = "Lingnan 岭南"
CODES = 10
# No signs that are taken for one another, on paper or by ear.
SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 3, 4


def of_kind(account: Account, kind: str) -> QuerySet[Credential]:
    return Credential.objects.filter(account=account.key, kind=kind).order_by("key")


def new_seed() -> bytes:
    return os.urandom(otp.SEED_BYTES)


def add_authenticator(account: Account, name: str, seed: bytes, said: str) -> bool:
    """Keep an authenticator whose password was said rightly; it takes the place of another."""
    step = otp.accepted(seed, said, time.time(), 0)
    if step is None:
        return False
    key = keys.new_key()
    sealed = sealing.seal(seed, account.key, key)
    sessions.write("trust.credential_added", account, method="totp", name=name)
    with transaction.atomic():
        of_kind(account, "totp").delete()
        Credential.objects.create(
            key=key, account=account.key, kind="totp", name=name, secret=sealed,
            counter=step, added_at=timezone.now(),
        )  # fmt: skip
    return True


def check_authenticator(account: Account, said: str) -> bool:
    """Whether the account's authenticator shows this now; what was said once never holds again."""
    row = of_kind(account, "totp").first()
    if row is None:
        return False
    seed = sealing.unseal(bytes(row.secret), account.key, row.key)
    step = otp.accepted(seed, said.replace(" ", ""), time.time(), row.counter)
    if step is None:
        return False
    # Of two requests with one password one finds the counter as it was.
    rows = Credential.objects.filter(key=row.key, counter=row.counter)
    return rows.update(counter=step, used_at=timezone.now()) == 1


def drawn(groups: int = GROUPS) -> str:
    """A code of five bits a sign, in groups."""
    parts = ["".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(groups)]
    return "-".join(parts)


def plain(said: str) -> str:
    """A code as it was typed, without what people put between its signs."""
    return "".join(sign for sign in said.upper()[:60] if sign.isascii() and sign.isalnum())


def new_recovery_codes(account: Account) -> list[str]:
    """Ten codes, shown once; those before hold no more. Each begins with its own number."""
    codes = [f"{number}-{drawn()}" for number in range(CODES)]
    made = [
        Credential(
            key=keys.new_key(), account=account.key, kind="recovery_code",
            handle=str(number), secret=make_password(plain(code)).encode(),
            added_at=timezone.now(),
        )
        for number, code in enumerate(codes)
    ]  # fmt: skip
    sessions.write("trust.credential_added", account, method="recovery_code", count=CODES)
    with transaction.atomic():
        of_kind(account, "recovery_code").delete()
        Credential.objects.bulk_create(made)
    return codes


def spend_recovery_code(account: Account | None, said: str) -> bool:
    """Whether this is a code of the account that was not used yet; it is used up by this.

    Also for nobody a hash is worked out, so that the answer takes as long.
    """
    code = plain(said)
    known = of_kind(account, "recovery_code") if account is not None else None
    row = known.filter(handle=code[:1]).first() if known is not None else None
    if row is None:
        make_password(code)
        return False
    good = check_password(code, bytes(row.secret).decode())
    return good and Credential.objects.filter(key=row.key).delete()[0] == 1


def remove(account: Account, row: Credential) -> None:
    sessions.write("trust.credential_removed", account, method=row.kind, name=row.name)
    row.delete()
