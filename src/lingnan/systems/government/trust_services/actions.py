"""The register of seals follows the register of key certificates."""

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Body, IssuedCertificate, key_certificates
from lingnan.systems.government.trust_services.models import ElectronicSeal

STATES = {"good": "valid", "suspended": "suspended", "revoked": "revoked"}


def _state(row: IssuedCertificate) -> str:
    void = key_certificates.why_not(row) == "authority"
    return "revoked" if void else STATES[row.state]


def follow() -> int:
    """Enter the seals that are not yet in the register, and what became of the others."""
    known = {seal.serial: seal for seal in ElectronicSeal.objects.all()}
    names = dict(Body.objects.values_list("code", "name_zh"))
    count = 0
    with action(by="trust_services", reason="as certified") as act:
        for row in key_certificates.of_profile("seal"):
            seal, state = known.get(row.serial), _state(row)
            if seal is None:
                act.create(
                    ElectronicSeal,
                    body=row.holder,
                    body_name=names.get(row.holder, row.name),
                    serial=row.serial,
                    not_before=row.not_before,
                    not_after=row.not_after,
                    state=state,
                )
            elif seal.state != state:
                act.change(seal, state=state)
            else:
                continue
            count += 1
    return count
