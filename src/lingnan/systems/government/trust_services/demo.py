"""The seals of the demonstration's bodies, issued and entered in the register."""

from lingnan.kernel.runtime.api import World
from lingnan.kernel.trust.api import Body, node_seals
from lingnan.systems.government.trust_services import actions


def build(world: World) -> None:
    """Seals of the bodies at the featured counties and above them.

    Elsewhere a seal is issued when a body first seals: a thousand keys would take longer to make
    than all the residents.
    """
    divisions = {county[:length].ljust(6, "0") for county in world.counties for length in (2, 4, 6)}
    for body in Body.objects.filter(division__in=sorted(divisions)).order_by("code"):
        node_seals.key_of(body)
    actions.follow()
