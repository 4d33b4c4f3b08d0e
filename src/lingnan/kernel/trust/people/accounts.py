"""Accounts of officials: opened without a password, locked and unlocked."""

import re
import secrets

from django.contrib.auth.hashers import is_password_usable, make_password
from django.db import IntegrityError, transaction

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.models import Account, Appointment, Body, Credential, Holding
from lingnan.kernel.trust.people import appointing
from lingnan.kernel.trust.people.appointing import HEAD, OPERATOR, NotPossible, Wanted
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
    has = Credential.objects.filter(account=account.key).exists()
    return not has and not is_password_usable(account.password)


def may_see(who: Actor, account: Account) -> bool:
    """Heads see who holds or is to hold a post at their body; operators the heads."""
    if account.kind != "official":
        return False
    posts = _posts(account)
    if who.role == HEAD:
        return any(body == who.body for body, _role in posts)
    return who.role == OPERATOR and any(role == HEAD for _body, role in posts)


def may_lock(who: Actor, account: Account) -> bool:
    """Whom one answers for alone: with a post elsewhere another head does, too; never oneself."""
    if account.key in (who.account, who.lent_by) or not may_see(who, account):
        return False
    posts = _posts(account)
    if who.role == HEAD:
        return all(body == who.body and role != HEAD for body, role in posts)
    return True


def may_hand_over(who: Actor, account: Account) -> bool:
    """Whether the code for the first sign-in is this person's to hand over: the post is held."""
    if not account.is_active or account.key == who.account or not never_signed_in(account):
        return False
    held = Holding.objects.filter(account=account.key, ended=False)
    if who.role == HEAD:
        return held.filter(body=who.body).exists()
    return who.role == OPERATOR and held.filter(role=HEAD).exists()


def lock(who: Actor, account: Account, locked: bool, reason: str) -> None:
    """Lock at once, sessions too, or unlock. Raises NotPossible."""
    if not may_lock(who, account):
        raise NotPossible("not_yours")
    if account.is_active != locked:
        raise NotPossible("done")
    kind = "trust.account_locked" if locked else "trust.account_unlocked"
    sessions.write(kind, account, by=who.signature, reason=reason)
    Account.objects.filter(key=account.key).update(is_active=not locked)
    account.is_active = not locked
    if locked:
        sessions.end(account, sessions.present(account), "locked")


def _posts(account: Account) -> set[tuple[str, str]]:
    """(body, role) of the posts that an account holds or is to hold."""
    held = Holding.objects.filter(account=account.key, ended=False).values_list("body", "role")
    coming = Appointment.objects.filter(account=account.key, state__in=Appointment.OPEN)
    return {*held, *coming.values_list("body", "role")}
