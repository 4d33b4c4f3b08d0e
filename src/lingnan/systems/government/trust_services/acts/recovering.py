"""Recovery of an encryption key, by two custodians. No key that signs can be recovered."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.duty.api import Task, tasks
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import Actor, Body, key_certificates, node_evidence
from lingnan.systems.government.trust_services.acts import handing, states
from lingnan.systems.government.trust_services.acts.applying import OFFICER
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import KeyRecovery

CUSTODIAN, TASK = "key_custodian", "key_recovery"
TITLE = Title("审批密钥恢复", "Approve the recovery of a key")


def ask(serial: str, reason: str, legal_basis: str, who: Actor) -> KeyRecovery:
    """An officer asks for the key of an encryption certificate. Raises `Refused`."""
    if who.role != OFFICER or who.function != "data":
        raise Refused("not_yours")
    row = key_certificates.rows().filter(serial=serial).first()
    if row is None or not states.in_sight(row.authority, who):
        raise Refused("gone")
    if row.profile != "encryption":
        raise Refused("signing")
    number = f"HF{legal_time.today():%Y%m%d}{secrets.token_hex(3).upper()}"
    body = Body.objects.get(code=who.body)
    try:
        with transaction.atomic():
            _told("asked", number, serial, who)
            with action(by=who.signature, reason=reason) as act:
                made = act.create(
                    KeyRecovery,
                    number=number,
                    serial=serial,
                    name=row.name,
                    grounds=reason,
                    legal_basis=legal_basis,
                    handler=body.code,
                    division=body.division,
                    asked_by=who.account,
                    asked_name=who.name,
                    asked_on=legal_time.today(),
                    state="asked",
                )
            _open(made)
    except IntegrityError as problem:
        raise Refused("open") from problem
    return made


def approve(made: KeyRecovery, who: Actor) -> KeyRecovery:
    """A custodian approves; the second has to be another. Raises `Refused`, `TaskGone`."""
    _custodian(made, who)
    with transaction.atomic():
        _told("approved", made.number, made.serial, who)
        tasks.finish(_task(made), who, "approved")
        with action(by=who.signature, reason="recovery approved") as act:
            if made.state == "approved_once":
                return act.change(
                    made, state="approved", second_by=who.account, second_name=who.name
                )
            done = act.change(
                made, state="approved_once", first_by=who.account, first_name=who.name
            )
        _open(done)
    return done


def refuse(made: KeyRecovery, who: Actor, reason: str) -> KeyRecovery:
    """Either custodian refuses. Raises as `approve`."""
    _custodian(made, who)
    with transaction.atomic():
        _told("refused", made.number, made.serial, who)
        tasks.finish(_task(made), who, "refused")
        with action(by=who.signature, reason=reason) as act:
            return act.change(made, state="refused", refused_name=who.name, refusal=reason)


def hand_over(made: KeyRecovery, who: Actor, passphrase: str) -> bytes:
    """The key, once, to who asked. Raises `Refused`, `KeyStoreUnavailable`."""
    if made.asked_by != who.account:
        raise Refused("not_yours")
    if made.state != "approved":
        raise Refused("handed" if made.state == "handed" else "not_issued")
    with transaction.atomic():
        with action(by=who.signature, reason="recovered key handed over") as act:
            act.change(made, state="handed", handed_at=timezone.now())
        return handing.out(made.serial, passphrase, who, made.number)


def address(number: str) -> str:
    return f"/desk/certification/recoveries/{number}/"


def may_judge(made: KeyRecovery, who: Actor) -> bool:
    return (
        who.holds(CUSTODIAN, made.handler)
        and made.state in ("asked", "approved_once")
        and who.account not in (made.asked_by, made.first_by)
    )


def _custodian(made: KeyRecovery, who: Actor) -> None:
    if not who.holds(CUSTODIAN, made.handler):
        raise Refused("not_yours")
    if made.state not in ("asked", "approved_once"):
        raise Refused("done")
    if who.account in (made.asked_by, made.first_by):
        raise Refused("same")


def _open(made: KeyRecovery) -> None:
    code = f"{TASK}_{made.state}"
    tasks.open_task(made.number, code, TITLE, made.name, made.handler, CUSTODIAN,
                    address(made.number))  # fmt: skip


def _task(made: KeyRecovery) -> Task:
    found = Task.objects.filter(reference=made.number, code=f"{TASK}_{made.state}").first()
    if found is None:
        raise Refused("done")
    return found


def _told(what: str, number: str, serial: str, who: Actor) -> None:
    told = {"number": number, "serial": serial, "by": who.signature}
    node_evidence.write([node_evidence.entry(f"key_recovery.{what}", told)])
