"""The next root: two custodians of the province and a witness, then key, links and minutes.

The former root holds until it ends; what it certified stays as it is. Each root certifies the other
(RFC 4210 §4.4), so that who trusts either reaches both. Cut off in between, a witness goes on with
it: what was made is found again.
"""

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Actor, key_authorities, key_links, key_reconciling
from lingnan.systems.government.trust_services.acts import ceremonies
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import KeyCeremony

WITNESS = "certificate_officer"


def begin(own: str, occasion: str, who: Actor) -> KeyCeremony:
    """The first custodian begins. Raises `Refused`."""
    ceremonies.custodian(who)
    if own not in key_authorities.labels() or not key_authorities.is_root(own):
        raise Refused("missing")
    family = key_authorities.family(own)
    _kind, label = ceremonies.next_label(family)
    return ceremonies.entered("root", label, "44", occasion, who)


def confirm(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """The second custodian confirms; nothing is made before the witness. Raises `Refused`."""
    ceremonies.second(made, who)
    ceremonies.told("confirmed", made.number, made.label, who)
    return ceremonies.signed(made, who, "confirmed")


def may_witness(made: KeyCeremony, who: Actor) -> bool:
    """A certificate officer of the province, who keeps no key and took no other part."""
    return (
        made.kind == "root"
        and made.state in ("confirmed", "making")
        and who.role == WITNESS
        and who.function == "data"
        and who.division[2:] == "0000"
        and who.account not in (made.begun_by, made.ended_by)
    )


def witness(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """The witness has compared who is there: the root is made, and linked with the one before.
    Raises `Refused`, `KeyStoreUnavailable`."""
    if not may_witness(made, who):
        raise Refused("done" if made.state in ("done", "cancelled") else "not_yours")
    made = _claimed(made, who)
    by = f"{made.number} {made.begun_name} {made.ended_name} {who.signature}"
    own = key_authorities.open_root_in_ceremony(made.label, by).certificate
    key_links.make(made.label, by)
    before = key_authorities.issuer(former(made.label)).certificate
    with transaction.atomic():
        key_reconciling.enter_authorities()
        with action(by=who.signature, reason="ceremony witnessed") as act:
            return act.change(
                made,
                state="done",
                fingerprint=key_authorities.fingerprint(own),
                root_fingerprint=key_authorities.fingerprint(before),
            )


def _claimed(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """The witness's word is kept before anything is made: from then on it is not stopped."""
    if made.state == "making":
        ceremonies.told("resumed", made.number, made.label, who)
        return made
    ceremonies.told("witnessed", made.number, made.label, who)
    with action(by=who.signature, reason="ceremony witnessed") as act:
        return act.change(
            made,
            state="making",
            witness_by=who.account,
            witness_name=who.name,
            witnessed_at=timezone.now(),
        )


def former(label: str) -> str:
    """The root before this one."""
    number = key_authorities.generation(label) - 1
    return f"{key_authorities.family(label)}-g{number}".removesuffix("-g1")
