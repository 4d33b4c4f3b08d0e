"""The seals of the demonstration's bodies, issued and entered in the register."""

from lingnan.kernel.exchange.api import conclude
from lingnan.kernel.runtime.api import World
from lingnan.kernel.trust.api import Body, key_reconciling, node_seals
from lingnan.systems.government.trust_services import actions, owned


def build(world: World) -> None:
    """Seals of the bodies at the featured counties and above them.

    Elsewhere a seal is issued when a body first seals: a thousand keys would take longer to make
    than all the residents.
    """
    divisions = {county[:length].ljust(6, "0") for county in world.counties for length in (2, 4, 6)}
    for body in Body.objects.filter(division__in=sorted(divisions)).order_by("code"):
        node_seals.key_of(body)
    actions.follow()
    key_reconciling.enter_authorities()
    _agreements()


def _agreements() -> None:
    """What the authority may ask of the registers of firms and residents."""
    asked: list[tuple[str, str, tuple[str, ...]]] = []
    asked += [(resource, owned.PURPOSE, of) for resource, of in owned.ASKED.items()]
    asked += [(resource, owned.PURPOSE_OWN, of) for resource, of in owned.ASKED_OWN.items()]
    for number, (resource, purpose, elements) in enumerate(asked, 1):
        conclude(f"GD-2026-CA{number:02}", resource, owned.asker().code, purpose,
                 owned.BASIS, elements, "demonstration")  # fmt: skip
