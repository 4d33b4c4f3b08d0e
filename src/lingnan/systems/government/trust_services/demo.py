"""The seals of the demonstration's bodies, issued and entered in the register."""

from lingnan.kernel.runtime.api import World, action
from lingnan.kernel.trust.api import Body, node_seals
from lingnan.systems.government.trust_services.models import ElectronicSeal


def build(world: World) -> None:
    """Seals of the bodies at the featured counties and above them.

    Elsewhere a seal is issued when a body first seals: a thousand keys would take longer to make
    than all the residents.
    """
    divisions = {county[:length].ljust(6, "0") for county in world.counties for length in (2, 4, 6)}
    with action(by="demonstration", reason="seals of the demonstration") as act:
        for body in Body.objects.filter(division__in=sorted(divisions)).order_by("code"):
            seal = node_seals.key_of(body)
            act.create(
                ElectronicSeal,
                body=body.code,
                body_name=body.name_zh,
                serial=seal.serial,
                not_before=seal.certificate.not_valid_before,
                not_after=seal.certificate.not_valid_after,
                state="valid",
            )
