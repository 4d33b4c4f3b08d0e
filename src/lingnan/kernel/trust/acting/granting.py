"""Giving a power, taking it up and ending it: in the evidence first, signed, at once in force.

民法典 (2020-05-28) Art. 161–165, 173, unverified 未经核实. The signature is like that of a consent
(`consents.giving`): it proves the text, and the wish as far as the sign-in does.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.acting import checking, rules
from lingnan.kernel.trust.acting.models import Power
from lingnan.kernel.trust.acting.registers import Ward
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.consents import signing
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name

LONGEST = {"login": 64, "name": 60}
HOLDER, WARD = "powers", "ward-"


class PowerRefused(ValueError):
    """A power that cannot be given so; `field` says what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Wish:
    """What somebody is about to give, for themselves or for a firm (`code`) that they represent.

    login, agent_name  as typed: whether there is somebody of that name is never told
    """

    principal: str
    kind: str
    name: str
    code: str
    login: str
    agent_name: str
    scope: Sequence[str]
    last: date


def offer(wish: Wish, who: Actor, signin: int = 0) -> Power:
    """Give a power; it holds once the agent accepts. Raises PowerRefused."""
    _possible(wish, who)
    rows = Account.objects.filter(login=wish.login, name=wish.agent_name, kind="resident")
    agent = rows.filter(is_active=True).first()
    if agent is not None and agent.key == who.account:
        raise PowerRefused("oneself")
    firm = wish.kind != "person"
    key = keys.new_key()
    values: dict[str, Any] = {
        "key": key,
        "number": _number(key),
        "basis": rules.REPRESENTATION if firm else rules.POWER,
        "principal": wish.principal,
        "principal_kind": wish.kind,
        "account": 0 if firm else who.account,
        "name": wish.name,
        "code": wish.code,
        "giver": who.account,
        "agent": agent.key if agent else 0,
        "agent_name": wish.agent_name,
        "scope": sorted(set(wish.scope)),
        "last": wish.last,
        "signin": signin,
        "offered_at": legal_time.now(),
    }
    values |= _signed(values, wish.login)
    told = {"text": json.loads(values["document"])}
    witness("power.offered", values["number"], wish.principal, values["agent"], who, told)
    with action(by=who.signature, reason=f"power {values['number']}") as act:
        return act.create(Power, **values)


def _possible(wish: Wish, who: Actor) -> None:
    if who.acting is not None or who.assisted_by:
        raise PowerRefused("oneself")
    # Whom no register knows would be one with all others of whom that is so.
    if not wish.principal:
        raise PowerRefused("unknown")
    fault = rules.refused(wish.scope, legal_time.today(), wish.last)
    if fault:
        raise PowerRefused(fault)
    standing = Power.objects.filter(principal=wish.principal, closed_at=None, ended=False)
    if standing.filter(last__gte=legal_time.today()).count() >= rules.MOST_OPEN:
        raise PowerRefused("many")


def _number(key: int) -> str:
    return f"WT-{keys.veil(key, 'trust.power')[:12].upper()}"


def _signed(values: dict[str, Any], login: str) -> dict[str, str]:
    """The text of a power as canonical JSON, and this node's signature of it."""
    names = ("number", "basis", "principal_kind", "name", "code", "agent_name", "scope", "signin")
    said = {name: values[name] for name in names} | {
        # The file is shown to others: what trust calls somebody is not for them.
        "principal": checking.mark(values["number"], values["principal"]),
        "agent_login": login,
        "last": values["last"].isoformat(),
        "given_at": values["offered_at"].isoformat(),
    }
    name = Name("Lingnan 委托签名 powers", "Lingnan 岭南")
    signer = register.kept_for(HOLDER, name, profiles.POWER, authorities.province())
    return asdict(signing.sign(said, signer))


def accept(power: Power, who: Actor) -> Power:
    """The agent takes the power on; a second time does nothing. Raises PowerRefused."""
    if who.account != power.agent or who.acting is not None:
        raise PowerRefused("agent")
    if power.accepted_at is not None:
        return power
    if power.closed_at is not None or power.last < legal_time.today():
        raise PowerRefused("over")
    witness("power.accepted", power.number, power.principal, power.agent, who, {})
    with action(by=who.signature, reason=f"power {power.number} accepted") as act:
        return act.change(power, accepted_at=legal_time.now())


def close(power: Power, who: Actor, giving: bool) -> Power:
    """End it at once: who gave it (`giving`), or its agent. A second time does nothing.

    That whoever gives is the person, or answers for the firm, the caller has seen.
    """
    if power.closed_at is not None:
        return power
    if not giving and who.account != power.agent:
        raise PowerRefused("agent")
    agents = "resigned" if power.accepted_at is not None else "declined"
    why = "revoked" if giving else agents
    witness("power.closed", power.number, power.principal, power.agent, who, {"why": why})
    with action(by=who.signature, reason=f"power {power.number} {why}") as act:
        return act.change(
            power, closed_at=legal_time.now(), closed_why=why, closed_by=who.signature
        )


def guard(ward: Ward, who: Actor) -> Power:
    """The power of a parent on record over a child, made where there is none yet; a corrected
    birthday moves its last day."""
    own, now = place_of(ward.subject, ward.name), legal_time.now()
    with transaction.atomic():
        # Of two requests of one parent the second finds what the first has made.
        Account.objects.select_for_update().get(key=own.key)
        known = Power.objects.filter(
            principal=ward.subject, agent=who.account, basis=rules.GUARDIANSHIP, ended=False
        ).first()
        if known is not None and known.last == ward.last:
            return known
        with action(by=who.signature, reason="guardianship") as act:
            if known is not None:
                return act.change(known, last=ward.last)
            key = keys.new_key()
            return act.create(
                Power,
                key=key,
                number=_number(key),
                basis=rules.GUARDIANSHIP,
                principal=ward.subject,
                principal_kind="person",
                account=own.key,
                name=ward.name,
                agent=who.account,
                agent_name=who.name,
                scope=[*rules.GIVEN, rules.MESSAGES, rules.CONSENT],
                last=ward.last,
                offered_at=now,
                accepted_at=now,
            )


def place_of(subject: str, name: str) -> Account:
    """What the cases of somebody belong to: their account, or one by which nobody can sign in."""
    rows = Account.objects.filter(subject=subject, kind="resident").order_by("key")
    known = rows.first()
    if known is not None:
        return known
    # The name follows from whose it is, so that two who make it at once make one.
    mark = salted_hmac("trust.ward", subject, algorithm="sha256").hexdigest()[:16]
    made = Account(key=keys.new_key(), kind="resident", name=name, subject=subject, is_active=False)
    made.login, made.password = f"{WARD}{mark}", make_password(None)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return rows.get()
    return made


def taken_up(power: Power, who: Actor) -> None:
    """Write down that somebody begins to act for another; the other sees it."""
    witness("power.taken_up", power.number, power.principal, power.agent, who, {})


def witness(
    kind: str, number: str, principal: str, agent: int, who: Actor, more: dict[str, Any]
) -> None:
    """Write down what was done with a power, for both whom it names."""
    payload: dict[str, Any] = {"power": number, "actor": who.signature, "name": who.name} | more
    payload["legal_time"] = legal_time.now().isoformat()
    subjects = [("pseudonym", keys.shortened(principal))]
    subjects += [("trust", agent)] if agent else []
    node_evidence.write([node_evidence.entry(kind, payload, subjects, number)])
