"""At a counter: an official compares a face with a document, and opens a way for that person.

The official sees a code that serves once and never a password. Whoever opens it does so on
another device than the official's; what it changes waits a day where the account had a strong
credential, and can be stopped by its owner meanwhile.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lingnan.kernel.runtime import keys
from lingnan.kernel.trust import attempts
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.models import Account, CounterTicket, Credential
from lingnan.kernel.trust.people import duties
from lingnan.kernel.trust.signin import factors, sessions, standing

VALID = timedelta(minutes=30)
WAIT = timedelta(hours=24)
IN_SESSION = "ticket"


class NotThisTicket(Exception):
    """`why` is unknown, own (the official's session), elsewhere (not the counter) or signed-in."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def sought(login: str, name: str, who: Actor) -> Account | None:
    """The account that a document was brought for: both names must be said as they are.

    Police counters serve residents; heads their own body's officials and the heads below, where
    all posts of theirs are so: a code opens all of them. Nobody serves themselves, nor whose post
    they act under.
    """
    account = Account.objects.filter(login=login, name=name, is_active=True).first()
    if account is None or account.key in (who.account, who.lent_by):
        return None
    if account.kind == "resident":
        return account if who.function == "police" and who.role != "head" else None
    return account if who.role == "head" and duties.recovers(who.body, account) else None


def open_for(
    request: HttpRequest, who: Actor, account: Account, purpose: str, document: str
) -> str:
    """Open a way for somebody who stands here: the code, which is told once."""
    return _opened(
        account,
        who.signature,
        purpose=purpose,
        document=document,
        body=who.body,
        opened_by=who.account,
        opened_in=_hidden("session", request.session.session_key or ""),
        opened_from=attempts.address_of(request),
        opened_with=_browser(request),
    )


def open_from_machine(account: Account, body: str, by: str) -> str:
    """The same from the node's own command line: there is no session that it must not open in."""
    key = keys.new_key()
    return _opened(
        account, by, purpose="recover", document="machine", body=body, opened_by=0,
        opened_in=_hidden("machine", str(key)), opened_from="", opened_with="",
    )  # fmt: skip


def _opened(account: Account, by: str, **how: Any) -> str:
    """Evidence first; a way that was opened before and not gone ends."""
    code, purpose = factors.drawn(), how["purpose"]
    told = {"by": by, "body": how["body"], "document": how["document"], "purpose": purpose}
    sessions.write("trust.counter_opened", account, **told)
    with transaction.atomic():
        unused = CounterTicket.objects.filter(account=account.key, state__in=("open", "redeemed"))
        unused.filter(purpose=purpose).update(state="stopped")
        CounterTicket.objects.create(
            key=keys.new_key(),
            account=account.key,
            code=_hidden("code", factors.plain(code)),
            clerk=by,
            opened_at=timezone.now(),
            **how,
        )
    return code


def redeem(request: HttpRequest, said: str) -> tuple[CounterTicket, Account]:
    """Open a code on the device of whom it is for. Raises `NotThisTicket`.

    A code to come back leads on in this session alone; one for help must be opened at the counter.
    """
    since = timezone.now() - VALID
    rows = CounterTicket.objects.filter(state="open", opened_at__gt=since)
    ticket = rows.filter(code=_hidden("code", factors.plain(said))).first()
    account = Account.objects.filter(key=ticket.account, is_active=True).first() if ticket else None
    if ticket is None or account is None:
        raise NotThisTicket("unknown")
    why = _unfit(request, ticket)
    if why:
        sessions.write("trust.counter_refused", account, why=why, purpose=ticket.purpose)
        raise NotThisTicket(why)
    same = attempts.address_of(request) == ticket.opened_from
    sessions.write(
        "trust.counter_redeemed", account,
        purpose=ticket.purpose, same_address=same, by=ticket.clerk,
    )  # fmt: skip
    if not request.session.session_key:
        request.session.create()
    state = "redeemed" if ticket.purpose == "recover" else "done"
    here = _hidden("session", request.session.session_key or "")
    changed = rows.filter(key=ticket.key).update(state=state, redeemed_in=here, same_address=same)
    if not changed:
        raise NotThisTicket("unknown")
    request.session[IN_SESSION] = ticket.key
    ticket.refresh_from_db()
    return ticket, account


def _unfit(request: HttpRequest, ticket: CounterTicket) -> str:
    here = _hidden("session", request.session.session_key or "")
    if here == ticket.opened_in:
        return "own"
    if isinstance(request.user, Account):
        return "own" if request.user.key == ticket.opened_by else "signed-in"
    same = attempts.address_of(request) == ticket.opened_from
    if ticket.purpose == "assist":
        return "" if same else "elsewhere"
    # The official's machine, signed out: whoever stands at the counter has another device.
    return "own" if same and _browser(request) == ticket.opened_with else ""


def _browser(request: HttpRequest) -> str:
    return _hidden("browser", request.headers.get("User-Agent", ""))


def redeemed(request: HttpRequest) -> tuple[CounterTicket, Account] | None:
    """The code that was opened in this session and still awaits its new password."""
    ticket = CounterTicket.objects.filter(
        key=request.session.get(IN_SESSION, 0),
        state="redeemed",
        redeemed_in=_hidden("session", request.session.session_key or ""),
        opened_at__gt=timezone.now() - VALID,
    ).first()
    account = Account.objects.filter(key=ticket.account, is_active=True).first() if ticket else None
    return (ticket, account) if ticket is not None and account is not None else None


def choose(ticket: CounterTicket, account: Account, password: str) -> bool:
    """The person's new password. False where it waits: the account had a strong credential."""
    waits = standing.reachable(account) == standing.STRONGEST
    due = timezone.now() + WAIT if waits else timezone.now()
    told = {"by": ticket.clerk, "waits_until": due.isoformat(timespec="seconds")}
    sessions.write("trust.recovery_chosen", account, **told)
    rows = CounterTicket.objects.filter(key=ticket.key, state="redeemed")
    with transaction.atomic():
        # Who was compared with a document last has the account: what waits from before is over.
        former = CounterTicket.objects.filter(account=account.key, state="waiting")
        former.update(state="stopped", password="")
        rows.update(state="waiting", due_at=due, password=make_password(password))
    return bring_into_effect(account) if not waits else False


def waiting(account: Account) -> CounterTicket | None:
    """The recovery of an account that has not taken effect yet."""
    return CounterTicket.objects.filter(account=account.key, state="waiting").first()


def stop(account: Account, ticket: CounterTicket) -> None:
    """Its owner stops it, with a credential that still holds."""
    sessions.write("trust.recovery_stopped", account, by=ticket.clerk)
    rows = CounterTicket.objects.filter(key=ticket.key, state="waiting")
    rows.update(state="stopped", password="")


def bring_into_effect(account: Account) -> bool:
    """The new password holds, and what was there before does not: credentials and sessions."""
    due = CounterTicket.objects.filter(
        account=account.key, state="waiting", due_at__lte=timezone.now()
    )
    ticket = due.first()
    if ticket is None:
        return False
    sessions.write("trust.recovered", account, by=ticket.clerk)
    with transaction.atomic():
        if not due.filter(key=ticket.key).update(state="done", password=""):
            return False
        Credential.objects.filter(account=account.key).delete()
        account.password = ticket.password
        account.save(update_fields=["password"])
    sessions.end(account, sessions.present(account), "recovered")
    return True


def _hidden(kind: str, text: str) -> str:
    return salted_hmac(f"trust.counter.{kind}", text, algorithm="sha256").hexdigest()
