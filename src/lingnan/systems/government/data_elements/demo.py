"""The register of the demonstration: what is declared, and what its standards office has judged."""

from lingnan.kernel.runtime.api import World, action
from lingnan.systems.government.data_elements import intake
from lingnan.systems.government.data_elements.models import DataElement

STANDARD = ("person.name", "person.identity_number", "person.birth_date", "division.code")
QUALIFIED = ("enterprise.credit_code", "business.credit_code", "person.residence_address")


def build(world: World) -> None:
    intake.keep()
    with action(by="demonstration", reason="评审通过（演示）") as act:
        for status, codes in (("standard", STANDARD), ("qualified", QUALIFIED)):
            for row in DataElement.objects.filter(code__in=codes, status="recorded"):
                act.change(row, status=status)
