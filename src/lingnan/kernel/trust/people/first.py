"""The first operator and the first head of a node: opened by its command line, since there is
nobody yet who may do it on a page. Who has the machine has the node; the evidence says that it was
done so."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust.models import Account, Body, Holding
from lingnan.kernel.trust.people import accounts, appointing
from lingnan.kernel.trust.people.appointing import HEAD, OPERATOR, NotPossible, Wanted
from lingnan.kernel.trust.signin import counter, sessions

BY = "./lingnan operator"
REASON = "the first of this node"
ANOTHER = "another, by the machine's key"


def open_first(body: Body, role: str, login: str, name: str, another: bool) -> tuple[Account, str]:
    """(the account, the code by which its owner chooses a password). Again for who has not signed
    in yet. Raises NotPossible: exists, login, name, taken, role."""
    if not accounts.LOGIN.fullmatch(login):
        raise NotPossible("login")
    if not accounts.NAME.fullmatch(name):
        raise NotPossible("name")
    title = appointing.roles(body).get(role)
    if role not in (HEAD, OPERATOR) or title is None:
        raise NotPossible("role")
    with transaction.atomic():
        # Of two commands at once the second finds what the first has made.
        Body.objects.select_for_update().get(key=body.key)
        account = _waiting(body, role, login, name)
        if account is None:
            if not another and held(role):
                raise NotPossible("exists")
            account = _made(body, role, login, name, ANOTHER if another else REASON)
    return account, counter.open_from_machine(account, body.code, BY)


def held(role: str) -> bool:
    """Whether somebody who can sign in here holds the post at any body."""
    holders = Holding.objects.filter(role=role, ended=False).values("account")
    rows = Account.objects.filter(key__in=holders, is_active=True)
    invented = not legal_time.is_demonstration()
    return (rows.filter(demonstration=False) if invented else rows).exists()


def _waiting(body: Body, role: str, login: str, name: str) -> Account | None:
    """The same account from before, where its code was not used in time."""
    found = Account.objects.filter(login=login, name=name, kind="official", is_active=True).first()
    if found is None or not accounts.never_signed_in(found):
        return None
    posts = Holding.objects.filter(account=found.key, body=body.code, role=role, ended=False)
    return found if posts.exists() else None


def _made(body: Body, role: str, login: str, name: str, reason: str) -> Account:
    if Account.objects.filter(login=login).exists():
        raise NotPossible("taken")
    title = appointing.roles(body)[role]
    account = Account(key=keys.new_key(), login=login, name=name, kind="official")
    account.password = make_password(None)
    wanted = Wanted(account.key, body.code, role, legal_time.today(), None, reason)
    sessions.write("trust.account_opened", account, by=BY, body=body.code, reason=reason)
    account.save(force_insert=True)
    appointing.told("begun", "", wanted, BY)
    with action(by=BY, reason=reason) as act:
        act.create(
            Holding,
            account=account.key,
            body=body.code,
            role=role,
            title_zh=title.zh,
            title_en=title.en,
        )
    return account
