"""The encryption key of a pair, handed to its holder once."""

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Actor, key_authorities, key_certificates, node_evidence
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication


def hand_over(made: CertificateApplication, who: Actor, passphrase: str) -> bytes:
    """The key as encrypted PKCS#8 in DER. Raises `Refused`, `KeyStoreUnavailable`."""
    if made.applicant != who.account:
        raise Refused("not_yours")
    if made.state != "issued" or not made.encryption_serial:
        raise Refused("not_issued")
    if made.handed_at is not None:
        raise Refused("handed")
    with transaction.atomic():
        with action(by=who.signature, reason="encryption key handed over") as act:
            act.change(made, handed_at=timezone.now())
        return out(made.encryption_serial, passphrase, who, made.number)


def out(serial: str, passphrase: str, who: Actor, number: str) -> bytes:
    """An encryption certificate's key, with the handing over in the evidence. Raises as above."""
    row = key_certificates.rows().filter(serial=serial).first()
    if row is None or not row.key_label:
        raise Refused("gone")
    if row.profile != "encryption":
        raise Refused("signing")
    key = key_authorities.escrow().hand_over(row.key_label, passphrase)
    told = {"serial": serial, "number": number, "to": who.signature}
    node_evidence.write([node_evidence.entry("encryption_key.handed_over", told)])
    return key
