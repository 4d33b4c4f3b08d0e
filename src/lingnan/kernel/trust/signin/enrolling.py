"""An account for a resident who has none, opened face to face: of whom the register knows, of age.

Minors act through their parents (`acting`); what was done for a child belongs to an account by
which nobody can sign in, and that becomes the person's own. Nobody learns a password: the person
chooses one with a code of the counter.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from lingnan.kernel.trust.acting import granting, registers
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.people.accounts import LOGIN
from lingnan.kernel.trust.signin import sessions


class NotEnrolled(Exception):
    """`code`: unknown, minor, has (an account: `login` says which), closed, login, taken."""

    def __init__(self, code: str, login: str = "") -> None:
        super().__init__(code)
        self.code, self.login = code, login


@dataclass(frozen=True)
class Shown:
    """What is on the document, and the name that the person wants to sign in with."""

    number: str
    name: str
    login: str
    document: str


def enrol(who: Actor, shown: Shown) -> Account:
    """The account, open to whoever gets its code. Raises NotEnrolled."""
    if not LOGIN.fullmatch(shown.login) or shown.login.startswith(granting.WARD):
        raise NotEnrolled("login")
    person = registers.identified(who, shown.number, shown.name)
    if person is None:
        raise NotEnrolled("unknown")
    if not person.of_age:
        raise NotEnrolled("minor")
    try:
        with transaction.atomic():
            return _opened(who, person, shown)
    except IntegrityError as problem:
        raise NotEnrolled("taken") from problem


def _opened(who: Actor, person: registers.Identified, shown: Shown) -> Account:
    place = granting.place_of(person.subject, person.name)
    rows = Account.objects.select_for_update().filter(subject=person.subject, kind="resident")
    held = list(rows.order_by("key"))
    has = next((one for one in held if one.is_active), None)
    if has is not None:
        raise NotEnrolled("has", has.login)
    own = next((one for one in held if one.key == place.key), None)
    if own is None or not own.login.startswith(granting.WARD):
        raise NotEnrolled("closed")
    if Account.objects.filter(login=shown.login).exists():
        raise NotEnrolled("taken")
    sessions.write(
        "trust.account_enrolled", own, by=who.signature, body=who.body, document=shown.document
    )
    own.login, own.name, own.is_active = shown.login, person.name, True
    own.save(update_fields=["login", "name", "is_active"])
    return own
