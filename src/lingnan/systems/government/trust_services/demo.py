"""The seals of the demonstration's bodies, issued and entered in the register."""

from lingnan.kernel.runtime.api import World, action
from lingnan.kernel.trust.api import Body, node_seals
from lingnan.systems.government.trust_services.models import ElectronicSeal


def build(world: World) -> None:
    with action(by="demonstration", reason="seals of the demonstration") as act:
        for body in Body.objects.filter(code__in=[b.code for b in world.bodies]):
            certificate = node_seals.key_of(body).certificate
            act.create(
                ElectronicSeal,
                body=body.code,
                body_name=body.name_zh,
                serial=f"{certificate.serial_number:x}",
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
                state="valid",
            )
