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
    Raises `Refused`, `KeyStoreUnavailable`. Cut off in between, it is confirmed once more."""
    second(made, who)
    told("confirmed", made.number, made.label, who)
    by = f"{made.number} {made.begun_name} {who.signature}"
    own = key_authorities.open_in_ceremony(made.label, by).certificate
    root = key_authorities.chain(made.label)[-1]
    with transaction.atomic():
        key_reconciling.enter_authorities()
        with action(by=who.signature, reason="ceremony confirmed") as act:
            return act.change(
                made,
                state="done",
                ended_by=who.account,
                ended_name=who.name,
                ended_at=timezone.now(),
                fingerprint=key_authorities.fingerprint(own),
                root_fingerprint=key_authorities.fingerprint(root),
            )


def cancel(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """Either custodian stops it before anything is made. Raises `Refused`."""
    custodian(who)
    if made.state not in made.UNDER_WAY:
        raise Refused("done")
    if (made.successor if made.kind == "revoke" else made.label) in key_authorities.labels():
        raise Refused("done")
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
