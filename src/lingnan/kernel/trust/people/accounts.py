"""Accounts of officials: opened without a password, locked and unlocked."""

import re
import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import is_password_usable, make_password
from django.db import IntegrityError, transaction

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.models import Account, Appointment, Body, Credential, Holding
from lingnan.kernel.trust.people import appointing, duties, ending
from lingnan.kernel.trust.people.appointing import HEAD, NotPossible, Wanted
from lingnan.kernel.trust.signin import sessions

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{2,38})[a-z0-9]")
NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·.'’-]){0,58}[^\W\d_]")


def proposed_login(body: Body) -> str:
    """A name to sign in with that says the body and no post: posts change."""
    while True:
        login = f"{body.division}-{body.function}-{secrets.randbelow(10_000):04}"
        if not Account.objects.filter(login=login).exists():
            return login


def open_account(who: Actor, login: str, name: str, wanted: Wanted) -> tuple[Account, Appointment]:
    """An account and its first post; `wanted.account` is not read. Nobody knows a password of
    it: its owner chooses one with a code that is handed over. Raises `NotPossible` (login, name,
    and as `appoint`)."""
    if not LOGIN.fullmatch(login):
        raise NotPossible("login")
    if not NAME.fullmatch(name):
        raise NotPossible("name")
    if Account.objects.filter(login=login).exists():
        raise NotPossible("taken")
    # What is refused was never opened: the evidence is written once all that can be asked is.
    appointing.demand(who, wanted)
    account = Account(key=keys.new_key(), login=login, name=name, kind="official")
    account.password = make_password(None)
    try:
        with transaction.atomic():
            sessions.write("trust.account_opened", account, by=who.signature, body=wanted.body,
                           reason=wanted.reason)  # fmt: skip
            account.save(force_insert=True)
            first = Wanted(account.key, wanted.body, wanted.role, wanted.first, wanted.last,
                           wanted.reason)  # fmt: skip
            return account, appointing.appoint(who, first)
    except IntegrityError as problem:
        raise NotPossible("taken") from problem


def sought(login: str, name: str) -> Account | None:
    """The official's account of which both names are said as they are. What was invented for a
    demonstration is not appointed to anything elsewhere."""
    found = Account.objects.filter(login=login, name=name, kind="official", is_active=True).first()
    barred = found is not None and found.demonstration and not legal_time.is_demonstration()
    return None if barred else found


def never_signed_in(account: Account) -> bool:
    """Whether nothing opens the account yet."""
    return account.key in never_signed_in_of([account])


def never_signed_in_of(accounts: Iterable[Account]) -> set[int]:
    """The keys of those accounts that nothing opens yet."""
    closed = {one.key for one in accounts if not is_password_usable(one.password)}
    known = Credential.objects.filter(account__in=list(closed))
    return closed - set(known.values_list("account", flat=True))


def may_see(who: Actor, account: Account) -> bool:
    """Heads see who holds or is to hold a post at their body; operators the heads."""
    if account.kind != "official":
        return False
    posts = duties.of(account)
    if who.role == HEAD:
        return any(body == who.body for body, _role in posts)
    return appointing.is_operator(who) and any(role == HEAD for _body, role in posts)


def may_lock(who: Actor, account: Account) -> bool:
    """Whom one answers for alone: with a post elsewhere another head does, too; never oneself."""
    if account.key in (who.account, who.lent_by) or not may_see(who, account):
        return False
    return who.role != HEAD or duties.alone_under(who.body, account)


def may_hand_over(who: Actor, account: Account) -> bool:
    """Whether the code for the first sign-in is this person's to hand over: the post is held, and
    no post is elsewhere, or the code would open that to a head who does not answer for it."""
    mine = account.key in (who.account, who.lent_by)
    if not account.is_active or mine or not never_signed_in(account):
        return False
    held = Holding.objects.filter(account=account.key, ended=False)
    if who.role == HEAD:
        return held.filter(body=who.body).exists() and duties.alone_under(who.body, account)
    return appointing.is_operator(who) and held.filter(role=HEAD).exists()


def lock(who: Actor, account: Account, locked: bool, reason: str) -> None:
    """Lock at once, sessions too, or unlock. Raises NotPossible."""
    if not may_lock(who, account):
        raise NotPossible("not_yours")
    with transaction.atomic():
        # Of two who lock at once the second finds it done, and no operator is the last twice.
        posts = ending.operators_held()
        found = Account.objects.select_for_update().get(key=account.key)
        if found.is_active != locked:
            raise NotPossible("done")
        if locked and ending.is_last(posts, account.key):
            raise NotPossible("last")
        kind = "trust.account_locked" if locked else "trust.account_unlocked"
        sessions.write(kind, account, by=who.signature, reason=reason)
        Account.objects.filter(key=account.key).update(is_active=not locked)
    account.is_active = not locked
    if locked:
        sessions.end(account, sessions.present(account), "locked")
