"""A resident's own record: whoever signs in is known to this register by a pseudonym alone."""

from lingnan.kernel.exchange.api import (
    ExchangeFailure,
    UnknownSubject,
    Use,
    introduce,
    purpose,
    single,
)
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.models import Resident

RESOURCE, CONSUMER = "population.identity", "gd-440000-police"
PURPOSE = purpose("own_record", Title("查看本人登记", "One's own record"))
BASIS = "《居民身份证法》（2011-10-29）第三条第二款；本人查询（依据未经核实）"
ELEMENTS = ("person.identity_number",)


def resident_of(who: Actor) -> Resident | None:
    """The record of the resident who is signed in. The reading is evidence; outside an action."""
    try:
        use = Use(
            resource=RESOURCE,
            consumer=CONSUMER,
            purpose=PURPOSE,
            basis=BASIS,
            case="",
            actor=who.signature,
            subjects=(introduce(who.subject, to=CONSUMER),),
            elements=ELEMENTS,
        )
        rows = single(use)[0].rows
    except (ExchangeFailure, UnknownSubject):
        return None
    number = str(rows[0]["values"]["person.identity_number"]) if rows else ""
    return Resident.objects.filter(resident_number=number).first()
