"""What people let systems know of them, kept until they take it back."""

from django.db.models import Q

from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.openid import grants
from lingnan.kernel.trust.openid.models import SignInConsent


def of(account: int) -> list[SignInConsent]:
    return list(SignInConsent.objects.filter(account=account, ended=False).order_by("-key"))


def covers(account: int, client_id: str, scopes: str) -> bool:
    """Whether somebody has agreed that the system may know all of this."""
    rows = SignInConsent.objects.filter(account=account, client_id=client_id, ended=False)
    agreed = {one for row in rows for one in row.scopes.split()}
    return agreed >= set(scopes.split())


def give(who: Actor, client_id: str, scopes: str) -> None:
    """Written down before anything is told."""
    payload = {"client": client_id, "account": who.signature, "scopes": scopes}
    node_evidence.write([node_evidence.entry("trust.signin_consent_given", payload)])
    row = _row(who, client_id)
    with action(by=who.signature, reason="agreed to sign in at a system") as act:
        if row is None:
            act.create(SignInConsent, account=who.account, client_id=client_id, scopes=scopes)
        else:
            every = " ".join(sorted({*row.scopes.split(), *scopes.split()}))
            act.change(row, scopes=every)


def take_back(who: Actor, client_id: str) -> bool:
    """The system is asked anew next time; what it holds for this person is void at once."""
    row = _row(who, client_id)
    if row is None:
        return False
    payload = {"client": client_id, "account": who.signature}
    node_evidence.write([node_evidence.entry("trust.signin_consent_ended", payload)])
    with action(by=who.signature, reason="agreement taken back") as act:
        act.end(row)
    grants.revoke(Q(account=who.account, client_id=client_id), "agreement taken back")
    return True


def _row(who: Actor, client_id: str) -> SignInConsent | None:
    rows = SignInConsent.objects.filter(account=who.account, client_id=client_id, ended=False)
    return rows.first()
