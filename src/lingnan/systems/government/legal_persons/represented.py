"""What this register says of firms that are represented; found by name (trust.acting.registers)."""

from lingnan.kernel.trust.api import acting
from lingnan.systems.government.legal_persons.models import Enterprise, IndividualBusiness

KIND = "organisation"


def stands(asked: acting.Asked) -> acting.Stands:
    """A power of a firm ends with its registration; not with a change of who represents it."""
    for model in (Enterprise, IndividualBusiness):
        ended = model.objects.filter(credit_code=asked.code).values_list("ended", flat=True).first()
        if ended is not None:
            return acting.Stands("firm_gone" if ended else "")
    return acting.Stands("unconfirmed")
