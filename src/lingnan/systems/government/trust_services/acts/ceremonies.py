"""The key ceremony: two custodians of the province open or renew an issuing authority.

What they do with the root and with an authority's end is in `roots` and `revoking`.
"""

import re
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import (
    Actor,
    key_authorities,
    key_reconciling,
    node_evidence,
)
from lingnan.systems.government.trust_services.acts.recovering import CUSTODIAN
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import KeyCeremony

FAMILY = re.compile(r"(?:sm2-)?issuing-44(?:\d\d)?")


def next_label(own: str) -> tuple[str, str]:
    """What a ceremony for an authority makes: (kind, label)."""
    there = [one for one in key_authorities.labels() if key_authorities.family(one) == own]
    if not there:
        return "open", own
    number = max(key_authorities.generation(one) for one in there) + 1
    return "renew", f"{own}-g{number}"


def begin(own: str, reason: str, who: Actor) -> KeyCeremony:
    """The first custodian begins; nothing is made yet. Raises `Refused`."""
    custodian(who)
    if not FAMILY.fullmatch(own):
        raise Refused("missing")
    kind, label = next_label(own)
    return entered(kind, label, own.rpartition("-")[2], reason, who)


def entered(
    kind: str, label: str, place: str, reason: str, who: Actor, why: str = ""
) -> KeyCeremony:
    """A ceremony that is begun. Raises `Refused` where there is one under way."""
    number = f"YS{legal_time.today():%Y%m%d}{secrets.token_hex(3).upper()}"
    try:
        with transaction.atomic():
            told("begun", number, label, who)
            with action(by=who.signature, reason=reason) as act:
                return act.create(
                    KeyCeremony,
                    number=number,
                    kind=kind,
                    label=label,
                    occasion=reason,
                    division=place.ljust(6, "0"),
                    begun_by=who.account,
                    begun_name=who.name,
                    begun_at=timezone.now(),
                    state="begun",
                    why=why,
                )
    except IntegrityError as problem:
        raise Refused("open") from problem


def confirm(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """The second custodian confirms, in a session of their own; then the authority is made.
    Raises `Refused`, `KeyStoreUnavailable`. Cut off in between, it is gone on with."""
    made = claimed(made, who)
    by = f"{made.number} {made.begun_name} {who.signature}"
    own = key_authorities.open_in_ceremony(made.label, by).certificate
    root = key_authorities.chain(made.label)[-1]
    with transaction.atomic():
        key_reconciling.enter_authorities()
        with action(by=who.signature, reason="ceremony confirmed") as act:
            return act.change(
                made,
                state="done",
                fingerprint=key_authorities.fingerprint(own),
                root_fingerprint=key_authorities.fingerprint(root),
            )


def claimed(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """That the second custodian confirmed is kept before anything is made: from then on it is not
    stopped but gone on with, by any custodian but the first. Raises `Refused`."""
    if made.state != "making":
        second(made, who)
        told("confirmed", made.number, made.label, who)
        return signed(made, who, "making")
    custodian(who)
    if who.account == made.begun_by:
        raise Refused("same")
    told("resumed", made.number, made.label, who)
    return made


def signed(made: KeyCeremony, who: Actor, state: str) -> KeyCeremony:
    """The second custodian's word, and what the ceremony waits for then."""
    with action(by=who.signature, reason="ceremony confirmed") as act:
        return act.change(
            made, state=state, ended_by=who.account, ended_name=who.name, ended_at=timezone.now()
        )


def cancel(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """Either custodian stops it before anything is made. Raises `Refused`."""
    custodian(who)
    if made.state not in ("begun", "confirmed"):
        raise Refused("going_on" if made.state == "making" else "done")
    if made.kind != "revoke" and made.label in key_authorities.labels():
        # Cut off by a release that made first and wrote down afterwards.
        raise Refused("going_on")
    told("cancelled", made.number, made.label, who)
    with action(by=who.signature, reason="ceremony cancelled") as act:
        return act.change(
            made,
            state="cancelled",
            ended_by=who.account,
            ended_name=who.name,
            ended_at=timezone.now(),
        )


def second(made: KeyCeremony, who: Actor) -> None:
    """Raises `Refused` unless this is the second custodian of what was begun."""
    custodian(who)
    if made.state != "begun":
        raise Refused("done")
    if who.account == made.begun_by:
        raise Refused("same")


def custodian(who: Actor) -> None:
    """Those of the province: they keep the root."""
    own = who.role == CUSTODIAN and who.function == "data" and who.division[2:] == "0000"
    if not own:
        raise Refused("not_yours")


def told(what: str, number: str, label: str, who: Actor) -> None:
    told = {"number": number, "label": label, "by": who.signature}
    node_evidence.write([node_evidence.entry(f"key_ceremony.{what}", told)])
