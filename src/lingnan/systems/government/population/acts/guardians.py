"""Guardianship of parents, withdrawn and restored by a court.

未成年人保护法 (2024-04-26) Art. 108; 民法典 Art. 36, 38, unverified 未经核实. The register only
enters what a court has decided.
"""

from datetime import date

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population import kin
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.acts.households import checked
from lingnan.systems.government.population.acts.refusals import Refused, steadily
from lingnan.systems.government.population.models import Resident


def ordered(
    child: Resident, parent: Resident | None, restored: bool, on: date, paper: str, by: Actor
) -> None:
    """Enter a court's order. Raises Refused where it would say nothing new."""
    checked(on)

    def act_() -> None:
        if parent is None or parent.key not in kin.parents_named(child):
            raise Refused("no_parent")
        if kin.is_guardian(parent, child) == restored:
            raise Refused("no_change")
        with action(by=by.signature, reason="监护资格") as act:
            kind = "guardian_on" if restored else "guardian_off"
            events.enter(act, [child], kind, on, by, paper=paper, parent=parent)

    steadily(act_)
